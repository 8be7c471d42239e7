import type { Plate } from '../../../hub/contract/sighting.ts';
import { useWords } from '../i18n/language.tsx';
import { plateCharacters, plateLook } from './plate-look.ts';
import './plate-chip.css';

/** Millimetres of GA 36-2018: characters are 45 × 90 and 12 apart; the space after the second holds the dot. */
const plateHeight = 140;
const edge = 15.5;
const character = { width: 45, height: 90, apart: 12, dotSpace: 34 };
const narrow = { ...character, width: 43, apart: 9, dotSpace: 30 };

/** A plate as it hangs on the car, in the colours of its class; what was not read surely is marked. */
export function PlateChip(props: { plate: Plate; provinceUncertain?: boolean; height?: number }) {
  const words = useWords();
  const { plate, provinceUncertain = false, height = 40 } = props;
  const characters = plateCharacters(plate, provinceUncertain);
  const size = characters.length > 7 ? narrow : character;
  const lefts = characters.map((_, index) => leftOf(index, size));
  const width = Math.max(440, (lefts.at(-1) ?? 0) + size.width + edge);
  const look = plateLook(plate.class);
  const doubts = characters
    .filter(({ uncertain }) => uncertain)
    .map(({ text }) => words.plateUncertain(text));
  const label = [words.plateLabel(plate.text), words.plateClass[plate.class], ...doubts].join(
    words.listComma,
  );

  return (
    <svg
      className="plate-chip"
      data-look={look}
      role="img"
      aria-label={label}
      height={height}
      width={(width / plateHeight) * height}
      viewBox={`0 0 ${width} ${plateHeight}`}
    >
      <title>{label}</title>
      <rect className="plate-field" width={width} height={plateHeight} rx="16" />
      {look === 'yellow-green' && <path className="plate-head" d={headOf(lefts[2] ?? 150)} />}
      <rect className="plate-rim" x="5" y="5" width={width - 10} height={plateHeight - 10} rx="12" />
      <circle className="plate-dot" cx={(lefts[1] + size.width + lefts[2]) / 2} cy={plateHeight / 2} r="6" />
      {characters.map(({ text, red, uncertain }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: characters have no other name than their place
        <g key={index} transform={`translate(${lefts[index]} 0)`}>
          {uncertain && (
            <rect className="plate-doubt" x="-5" y="13" width={size.width + 10} height="114" rx="9" />
          )}
          <text
            className={`plate-text${red ? ' plate-red' : ''}${uncertain ? ' plate-unsure' : ''}`}
            x={size.width / 2}
            y="104"
            textAnchor="middle"
            fontSize={isHan(text) ? 58 : 94}
            transform={isHan(text) ? `matrix(.86 0 0 1.5 ${size.width * 0.07} -47)` : undefined}
            textLength={isHan(text) ? undefined : text === '1' ? 26 : size.width - 1}
            lengthAdjust="spacingAndGlyphs"
          >
            {text}
          </text>
        </g>
      ))}
    </svg>
  );
}

function leftOf(index: number, size: typeof character): number {
  const dot = index > 1 ? size.dotSpace - size.apart : 0;
  return edge + index * (size.width + size.apart) + dot;
}

/** The yellow third of a large new-energy plate. */
function headOf(right: number): string {
  const x = right - 12;
  return `M16 0H${x}V${plateHeight}H16A16 16 0 0 1 0 ${plateHeight - 16}V16A16 16 0 0 1 16 0Z`;
}

function isHan(text: string): boolean {
  return /\p{Script=Han}/u.test(text);
}

import { useState } from 'react';
import { useSpeech } from '../i18n/language.tsx';
import { provinceCharacters, provinceName } from '../policy/provinces.ts';
import { Icon } from '../ui/icons.tsx';
import { mayStandAt } from './plate-rules.ts';

type Side = 'province' | 'serial';

/** As on the phones with which people pay for parking: digits, then the rows of a keyboard without I and O. */
const rows = ['1234567890', 'QWERTYUP港澳', 'ASDFGHJKL学', 'ZXCVBNM警挂领', '使民航应急'];
const provinceRow = [...provinceCharacters, '使', '民'];

/** The keys of a plate: provinces for the place of the province, else letters and digits; what never stands there is dim. */
export function PlatePad(props: {
  /** The place that the next key fills, from 0. */
  at: number;
  text: string;
  onPress: (character: string) => void;
  onErase: () => void;
}) {
  const { language, words } = useSpeech();
  const said = words.corrections.plate;
  const { at, text, onPress, onErase } = props;
  const isProvincePlace = at === 0 || (at === 2 && text.startsWith('WJ'));
  const [turned, setTurned] = useState<{ at: number; side: Side }>();
  const side = turned?.at === at ? turned.side : isProvincePlace ? 'province' : 'serial';

  const other = side === 'province' ? 'serial' : 'province';

  const key = (character: string) => (
    <button
      key={character}
      type="button"
      className="plate-key"
      data-testid={`plate-key-${character}`}
      data-dim={!mayStandAt(at, character)}
      aria-label={provinceCharacters.includes(character) ? provinceName(character, language) : undefined}
      title={provinceCharacters.includes(character) ? provinceName(character, language) : undefined}
      onClick={() => onPress(character)}
    >
      {character}
    </button>
  );

  return (
    <div className="plate-keys" data-side={side}>
      {side === 'province' ? provinceRow.map(key) : rows.flatMap((row) => [...row].map(key))}
      <button
        type="button"
        className="plate-key plate-key-deed"
        data-testid="plate-turn"
        onClick={() => setTurned({ at, side: other })}
      >
        {said.keys[other]}
      </button>
      <button
        type="button"
        className="plate-key plate-key-deed"
        data-testid="plate-erase"
        aria-label={said.erase}
        onClick={onErase}
      >
        <Icon name="backspace" size={26} />
      </button>
    </div>
  );
}

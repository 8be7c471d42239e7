import type { Sighting } from '../../../hub/contract/sighting.ts';
import { isPersonsWord } from '../corrections/persons-word.ts';
import { useWords } from '../i18n/language.tsx';

interface Said {
  key: 'mask' | 'familiarity' | 'province';
  word: string;
  severity: 'high' | 'normal' | 'low' | undefined;
  confidence: number;
  votes: number;
}

/** What the box decided about someone, with how sure it is as the title. */
export function VerdictChips(props: { verdicts: Sighting['verdicts']; coloured?: boolean }) {
  const { verdicts, coloured = true } = props;
  const words = useWords();
  const said: Said[] = [];
  const { mask, familiarity, province } = verdicts;
  if (mask) {
    const severity = ({ not_worn: 'high', worn_improperly: 'normal' } as const)[mask.verdict as 'not_worn'];
    said.push({ key: 'mask', word: words.mask[mask.verdict], severity, ...mask });
  }
  if (familiarity) {
    const severity = familiarity.verdict === 'first_time' ? 'normal' : undefined;
    said.push({ key: 'familiarity', word: words.familiarity[familiarity.verdict], severity, ...familiarity });
  }
  if (province) {
    const severity = ({ watched: 'high', out_of_province: 'normal', uncertain: 'low' } as const)[
      province.verdict as 'watched'
    ];
    const word = [words.province[province.verdict], province.code].filter(Boolean).join(' ');
    said.push({ key: 'province', word, severity, ...province });
  }

  return said.map(({ key, word, severity, confidence, votes }) => (
    <span
      key={key}
      className="chip"
      data-severity={coloured ? severity : undefined}
      title={
        isPersonsWord({ confidence, votes })
          ? words.corrections.byPerson
          : words.confidence(Math.round(confidence * 100), votes)
      }
    >
      {words.verdictNames[key] && <span className="chip-name">{words.verdictNames[key]}</span>}
      {word}
    </span>
  ));
}

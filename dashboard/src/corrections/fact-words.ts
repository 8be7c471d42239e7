import type { CorrectedFact } from '../../../hub/contract/correction.ts';
import type { Words } from '../i18n/zh.ts';
import { personCode } from '../office/person-code.ts';

/** What a fact says, without its name: `皖A12345`, `没戴`, `进入`; what nobody knew has words of its own. */
export function sayFact(fact: CorrectedFact | undefined, words: Words): string {
  const said = words.corrections;
  if (!fact) return said.nothingKnown;
  switch (fact.of) {
    case 'plate':
      return fact.text;
    case 'mask':
      return said.mask[fact.verdict];
    case 'familiarity':
      return said.familiarity[fact.verdict];
    case 'direction':
      return words.direction[fact.direction];
    case 'subject':
      return said.person(personCode(fact.subject));
  }
}

/** From what to what; two plates of one text are told apart by their classes. */
export function sayChange(from: CorrectedFact | undefined, to: CorrectedFact, words: Words): string {
  const { changed } = words.corrections;
  if (from?.of === 'plate' && to.of === 'plate' && from.text === to.text) {
    return changed(
      `${from.text} ${words.plateClass[from.class]}`,
      `${to.text} ${words.plateClass[to.class]}`,
    );
  }
  return changed(sayFact(from, words), sayFact(to, words));
}

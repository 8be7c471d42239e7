import { describe, expect, test } from 'vitest';
import { correctionSteps, isSameFact } from '../../../../dashboard/src/corrections/correction-steps.ts';
import { sayChange, sayFact } from '../../../../dashboard/src/corrections/fact-words.ts';
import { zh } from '../../../../dashboard/src/i18n/zh.ts';
import type { CorrectedFact, Correction } from '../../../../hub/contract/correction.ts';
import { buildSighting } from '../../../builders/sighting.ts';
import { at } from '../builders.ts';

const someone = { id: 'me', displayName: '张伟' };
const plate = (text: string): CorrectedFact => ({ of: 'plate', text, class: 'small_car' });
const mask = (verdict: 'worn' | 'not_worn'): CorrectedFact => ({ of: 'mask', verdict });
const said = (seconds: number, fact: CorrectedFact, undoneAt?: number): Correction => ({
  id: `c${seconds}`,
  sighting: 's',
  fact,
  reason: '看照片核对',
  by: { ...someone, at: at(seconds) },
  ...(undoneAt === undefined ? {} : { undone: { ...someone, at: at(undoneAt) } }),
});
const car = buildSighting({
  kind: 'vehicle',
  verdicts: {},
  plate: { text: '苏A12345', class: 'small_car', confidence: 0.9, characters: [], votes: 3 },
});

describe('each correction stands beside what held before it', () => {
  const froms = (corrections: Correction[], original = car) =>
    correctionSteps(original, corrections).map(({ from, isOriginal, holds }) => [
      sayFact(from, zh),
      isOriginal,
      holds,
    ]);

  test('the first beside what the box told, the next beside the first', () =>
    expect(froms([said(1, plate('皖A12345')), said(2, plate('皖A12346'))])).toEqual([
      ['苏A12345', true, false],
      ['皖A12345', false, true],
    ]));

  test('one that had been taken back by then does not count, one that was taken back later does', () => {
    expect(froms([said(1, plate('皖A12345'), 2), said(3, plate('浙A12345'))])).toEqual([
      ['苏A12345', true, false],
      ['苏A12345', true, true],
    ]);
    expect(froms([said(1, plate('皖A12345'), 5), said(3, plate('浙A12345'))])[1]).toEqual([
      '皖A12345',
      false,
      true,
    ]);
  });

  test('the one before holds again when the last is taken back, which holds no more', () => {
    const steps = froms([said(1, plate('皖A12345')), said(2, plate('浙A12345'), 3)]);
    expect(steps.map(([, , holds]) => holds)).toEqual([true, false]);
  });

  test('facts do not mix, and what the box did not tell is said to be nothing', () => {
    const person = buildSighting({ verdicts: {} });
    expect(froms([said(1, mask('worn')), said(2, { of: 'direction', direction: 'exit' })], person)).toEqual([
      [zh.corrections.nothingKnown, true, true],
      [zh.direction.unknown, true, true],
    ]);
  });
});

test('plates of one text are told apart by their classes', () => {
  expect(sayChange(plate('苏A12345'), { of: 'plate', text: '苏A12345', class: 'large_vehicle' }, zh)).toBe(
    '苏A12345 小型汽车 → 苏A12345 大型汽车',
  );
  expect(sayChange(plate('苏A12345'), plate('皖A12345'), zh)).toBe('苏A12345 → 皖A12345');
});

test('facts are the same when all that they say is', () => {
  expect(isSameFact({ class: 'small_car', text: '苏A12345', of: 'plate' }, plate('苏A12345'))).toBe(true);
  expect(isSameFact(plate('苏A12345'), { of: 'plate', text: '苏A12345', class: 'police' })).toBe(false);
  expect(isSameFact(undefined, plate('苏A12345'))).toBe(false);
});

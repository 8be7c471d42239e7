import { expect, test } from 'vitest';
import type { PlateReading } from '../../../../edge/perceive/perception.ts';
import { withoutRepeats } from '../../../../edge/perceive/plates/plate-reader.ts';

function reading(text: string, score: number, left = 100): PlateReading {
  return {
    corners: [
      [left, 50],
      [left + 80, 50],
      [left + 80, 76],
      [left, 76],
    ],
    score,
    text,
    confidence: text ? 0.9 : 0,
    characters: [...text].map((character) => ({ text: character, confidence: 0.9, alternatives: [] })),
    class: text ? 'small_car' : 'unknown',
    colour: 'blue',
    rows: 1,
  };
}

test('of two readings of one plate the better one stays', () => {
  expect(withoutRepeats([reading('苏A12345', 0.5), reading('苏A12346', 0.7)])).toMatchObject([
    { text: '苏A12346' },
  ]);
});

test('a plate that was read is not displaced by a look that could not read it, however sure that was of a plate', () => {
  expect(withoutRepeats([reading('', 0.95), reading('苏A12345', 0.4)])).toMatchObject([{ text: '苏A12345' }]);
});

test('plates beside each other both stay, the better one first', () => {
  const plates = [reading('苏A12345', 0.5), reading('苏B12345', 0.8, 300), reading('', 0.9, 600)];
  expect(withoutRepeats(plates).map(({ text }) => text)).toEqual(['苏B12345', '苏A12345', '']);
});

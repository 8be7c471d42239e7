import { expect, test } from 'vitest';
import { plateCharacters, plateLook } from '../../../../dashboard/src/plates/plate-look.ts';
import { type Plate, plateClass } from '../../../../hub/contract/sighting.ts';

const plate = (text: string, sure: number[] = [], kind: Plate['class'] = 'small_car'): Plate => ({
  text,
  class: kind,
  confidence: 0.9,
  votes: 5,
  characters: [...text].map((each, index) => ({ text: each, confidence: sure[index] ?? 0.98 })),
});

test('every class of the contract has a look', () => {
  expect(plateClass.options.map(plateLook).every(Boolean)).toBe(true);
  expect(plateLook('small_new_energy')).toBe('green');
});

test('only the characters that were not read surely are marked', () => {
  const marked = plateCharacters(plate('豫A12345', [0.98, 0.98, 0.6]), false).map(
    ({ uncertain }) => uncertain,
  );
  expect(marked).toEqual([false, false, true, false, false, false, false]);
});

test('an uncertain province marks the first character however sure its reading was', () => {
  expect(plateCharacters(plate('豫A12345'), true)[0].uncertain).toBe(true);
});

test('the sign of a police plate is red', () => {
  const red = plateCharacters(plate('豫A1234警', [], 'police'), false).filter((each) => each.red);
  expect(red.map(({ text }) => text)).toEqual(['警']);
});

import { expect, test } from 'vitest';
import {
  erase,
  moveTo,
  put,
  replaceAll,
  spell,
  startDraft,
  textOf,
  usualPlaces,
} from '../../../../dashboard/src/corrections/plate-draft.ts';

const type = (keys: string, draft = startDraft('', [])) =>
  [...keys].reduce((next, key) => put(next, key, usualPlaces), draft);

test('it begins at the first place that the box was not sure of', () => {
  expect(startDraft('苏A12345', [4, 6]).at).toBe(4);
  expect(startDraft('苏A12345', []).at).toBe(0);
});

test('a key replaces the character at its place and goes on', () => {
  const draft = put(startDraft('苏A12345', [4]), '8', usualPlaces);
  expect([textOf(draft), draft.at]).toEqual(['苏A12845', 5]);
});

test('keys fill one place after the other, and nothing beyond the last', () => {
  expect(textOf(type('皖AD123456789'))).toBe('皖AD12345');
});

test('a place may be filled while one before it is empty', () => {
  expect(put(moveTo(startDraft('', []), 1, usualPlaces), 'A', usualPlaces).characters).toEqual(['', 'A']);
});

test('erasing takes the character here, then those before, and leaves the others in their places', () => {
  const once = erase(moveTo(startDraft('苏A12345', []), 2, usualPlaces));
  expect([once.characters[2], once.characters[3], once.at]).toEqual(['', '2', 2]);
  const twice = erase(once);
  expect([twice.characters[1], twice.at]).toEqual(['', 1]);
  expect(erase(type('皖A1')).characters).toEqual(['皖', 'A']);
  expect(erase(startDraft('', []))).toEqual({ characters: [], at: 0 });
});

test('what is pasted is spelled as on the car', () => {
  expect(textOf(replaceAll(' 皖a·1２3-oi ', usualPlaces))).toBe('皖A12301');
  expect(spell('é é')).toEqual([]);
});

test('the cursor stays among the places', () => {
  expect(moveTo(startDraft('苏', []), -1, usualPlaces).at).toBe(0);
  expect(moveTo(startDraft('苏', []), 99, usualPlaces).at).toBe(7);
});

import { expect, test } from 'vitest';
import { personHues } from '../../../../dashboard/src/roster/person-hue.ts';

const ids = Array.from({ length: 11 }, (_, index) => `0195500c-${String(index).padStart(4, '0')}`);

test('as many people as there are colours all differ', () => {
  expect(new Set(personHues(ids).values()).size).toBe(11);
});

test('who comes later changes nobody’s colour, and neither does the order of the list', () => {
  const before = personHues(ids.slice(0, 5));
  const after = personHues([...ids].reverse());
  for (const [id, hue] of before) expect(after.get(id)).toBe(hue);
});

test('more people than colours still have one each, and none is the red of gaps', () => {
  const many = Array.from({ length: 40 }, (_, index) => `person-${index}`);
  const hues = [...personHues(many).values()];
  expect(hues).toHaveLength(40);
  expect(hues.every((hue) => hue > 45 && hue < 350)).toBe(true);
});

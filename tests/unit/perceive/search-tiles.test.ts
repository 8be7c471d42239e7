import fc from 'fast-check';
import { expect, test } from 'vitest';
import { searchTiles } from '../../../edge/perceive/search-tiles.ts';

const side = fc.integer({ min: 1, max: 8000 });

test('the first tile is the whole picture, and there are never more than a few hundred', () => {
  fc.assert(
    fc.property(side, side, (width, height) => {
      const tiles = searchTiles(width, height);
      expect(tiles[0]).toEqual([0, 0, width, height]);
      expect(tiles.length).toBeLessThan(200);
    }),
  );
});

test('a face of a 40th of the long side lies whole in a tile where it is at least a 20th', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1000, max: 6000 }),
      fc.integer({ min: 1000, max: 6000 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (width, height, across, down) => {
        const face = Math.max(width, height) / 40;
        const x = across * (width - face);
        const y = down * (height - face);
        const holds = searchTiles(width, height).some(
          ([left, top, w, h]) =>
            left <= x && top <= y && left + w >= x + face && top + h >= y + face && face / w >= 1 / 20,
        );
        expect(holds).toBe(true);
      },
    ),
  );
});

test('a small picture is searched once, as it is', () => {
  expect(searchTiles(320, 240)).toEqual([[0, 0, 320, 240]]);
});

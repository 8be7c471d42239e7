import { describe, expect, test } from 'vitest';
import { estimateColour, likelyColour } from '../../../../edge/perceive/plates/plate-colour.ts';

/** A plate of one ground with bars of ink on a quarter of it. */
function plate(ground: [number, number, number], ink: [number, number, number], width = 88, height = 28) {
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) data.set((i % width) % 8 < 2 ? ink : ground, i * 3);
  return { width, height, data };
}
const any = { blue: 1, yellow: 1, green: 1, white: 1, black: 1 };

describe('the background of a plate', () => {
  test.each([
    ['blue', [20, 60, 170], [240, 240, 240]],
    ['yellow', [235, 175, 30], [20, 20, 20]],
    ['green', [110, 205, 120], [20, 20, 20]],
    ['green', [200, 240, 205], [20, 20, 20]],
    ['white', [225, 225, 222], [20, 20, 20]],
    ['blue', [25, 40, 70], [120, 125, 130]],
  ] as const)('%s: ground %j with ink %j', (colour, ground, ink) => {
    const seen = estimateColour(plate([...ground], [...ink]));
    const best = Object.entries(seen).reduce((a, b) => (b[1] > a[1] ? b : a));
    if (colour === 'green' && ground[0] === 200) expect(best[0]).toMatch(/green|white/);
    else expect(best[0]).toBe(colour);
    expect(Object.values(seen).reduce((a, b) => a + b, 0)).toBeCloseTo(1);
  });

  test('dark without colour may be black or a blue plate at night: the pattern decides', () => {
    const seen = estimateColour(plate([30, 30, 32], [200, 200, 200]));
    expect(likelyColour(seen, { black: 1 })).toBe('black');
    expect(likelyColour(seen, { blue: 1, yellow: 1, white: 0.05, black: 0.1 })).toBe('blue');
    expect(likelyColour(seen, any)).toBe('unknown');
  });

  test('a picture of no pixels has a colour too', () => {
    const seen = estimateColour({ width: 0, height: 0, data: new Uint8Array(0) });
    expect(Object.values(seen).reduce((a, b) => a + b, 0)).toBeCloseTo(1);
  });
});

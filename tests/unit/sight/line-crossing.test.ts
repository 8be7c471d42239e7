import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Point } from '../../../edge/perceive/perception.ts';
import { footOf, LineCrossing } from '../../../edge/sight/line-crossing.ts';
import type { SightSetting } from '../../../edge/sight/sight.ts';

type Line = NonNullable<SightSetting['line']>;

const frame = { width: 1920, height: 1080 };
/** Across the middle of the picture; inside is below. */
const across: Line = { from: [0.2, 0.5], to: [0.8, 0.5], inside: [0.5, 0.9] };

/** `path` in fractions of the frame. */
function directionOf(path: Point[], line: Line | undefined = across) {
  const crossing = new LineCrossing(line);
  for (const [x, y] of path) crossing.follow([x * frame.width, y * frame.height], frame);
  return crossing.direction();
}

test('the foot is the middle of the lower edge', () => {
  expect(footOf([100, 200, 50, 300])).toEqual([125, 500]);
});

describe('a path', () => {
  test('towards the inside is an entry, away from it an exit', () => {
    expect(
      directionOf([
        [0.5, 0.3],
        [0.5, 0.7],
      ]),
    ).toBe('entry');
    expect(
      directionOf([
        [0.5, 0.7],
        [0.5, 0.3],
      ]),
    ).toBe('exit');
  });

  test('that does not cross, or where there is no line, is unknown', () => {
    expect(
      directionOf([
        [0.5, 0.1],
        [0.5, 0.3],
      ]),
    ).toBe('unknown');
    expect(directionOf([])).toBe('unknown');
    expect(new LineCrossing(undefined).direction()).toBe('unknown');
    const crossing = new LineCrossing(undefined);
    crossing.follow([1, 1], frame);
    expect(crossing.direction()).toBe('unknown');
  });

  test('that passes beside the line is unknown, and so is coming back through it an exit', () => {
    expect(
      directionOf([
        [0.05, 0.3],
        [0.05, 0.7],
      ]),
    ).toBe('unknown');
    expect(
      directionOf([
        [0.05, 0.3],
        [0.05, 0.7],
        [0.5, 0.7],
        [0.5, 0.3],
      ]),
    ).toBe('exit');
  });

  test('that goes in and comes back out has passed neither way', () => {
    expect(
      directionOf([
        [0.5, 0.3],
        [0.5, 0.7],
        [0.6, 0.3],
      ]),
    ).toBe('unknown');
    expect(
      directionOf([
        [0.5, 0.3],
        [0.5, 0.7],
        [0.6, 0.3],
        [0.6, 0.7],
      ]),
    ).toBe('entry');
  });

  test('that begins on the line counts from where it first stands clear', () => {
    expect(
      directionOf([
        [0.5, 0.5],
        [0.5, 0.7],
      ]),
    ).toBe('unknown');
    expect(
      directionOf([
        [0.5, 0.5],
        [0.5, 0.4],
        [0.5, 0.7],
      ]),
    ).toBe('entry');
  });

  test('that trembles on the line crosses nothing', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -0.019, max: 0.019, noNaN: true }), { minLength: 1 }),
        (jitter) => {
          expect(directionOf([[0.5, 0.3], ...jitter.map((by): Point => [0.5, 0.5 + by])])).toBe('unknown');
        },
      ),
    );
  });
});

const fraction = fc.double({ min: 0.05, max: 0.95, noNaN: true });
const anyPoint = fc.tuple(fraction, fraction) as fc.Arbitrary<Point>;
const anyLine = fc
  .record({ from: anyPoint, to: anyPoint, inside: anyPoint })
  .filter(({ from, to }) => Math.hypot(from[0] - to[0], from[1] - to[1]) > 0.2);

describe('for any line', () => {
  test('walked backwards, an entry is an exit', () => {
    const opposite = { entry: 'exit', exit: 'entry', unknown: 'unknown' } as const;
    fc.assert(
      fc.property(anyLine, fc.array(anyPoint, { minLength: 2, maxLength: 8 }), (line, path) => {
        const clear = path.filter((point) => distanceInHeights(point, line) > 0.03);
        expect(directionOf([...clear].reverse(), line)).toBe(opposite[directionOf(clear, line)]);
      }),
    );
  });

  test('which end is named first does not matter', () => {
    fc.assert(
      fc.property(anyLine, fc.array(anyPoint, { maxLength: 8 }), ({ from, to, inside }, path) => {
        expect(directionOf(path, { from: to, to: from, inside })).toBe(
          directionOf(path, { from, to, inside }),
        );
      }),
    );
  });

  test('straight over its middle, far enough on both sides, is always noticed', () => {
    fc.assert(
      fc.property(anyLine, fc.integer({ min: 1, max: 20 }), (line, steps) => {
        fc.pre(distanceInHeights(line.inside, line) > 0.1);
        const middle: Point = [(line.from[0] + line.to[0]) / 2, (line.from[1] + line.to[1]) / 2];
        const path = Array.from({ length: steps + 1 }, (_, index): Point => {
          const share = 1 - (2 * index) / steps;
          return [
            middle[0] + share * (middle[0] - line.inside[0]),
            middle[1] + share * (middle[1] - line.inside[1]),
          ];
        });
        expect(directionOf(path, line)).toBe('entry');
      }),
    );
  });

  test('a line without length, or with the inside on it, finds no direction and breaks nothing', () => {
    const path: Point[] = [
      [0.5, 0.1],
      [0.5, 0.9],
      [Number.NaN, 0.5],
    ];
    expect(directionOf(path, { from: [0.5, 0.5], to: [0.5, 0.5], inside: [0.5, 0.9] })).toBe('unknown');
    expect(directionOf(path, { from: [0.2, 0.5], to: [0.8, 0.5], inside: [0.4, 0.5] })).toBe('unknown');
    expect(directionOf(path)).toBe('entry');
  });
});

/** Distance of a point from the endless line, in heights of the frame. */
function distanceInHeights([x, y]: Point, { from, to }: Line): number {
  const [alongX, alongY] = [(to[0] - from[0]) * frame.width, (to[1] - from[1]) * frame.height];
  const [awayX, awayY] = [(x - from[0]) * frame.width, (y - from[1]) * frame.height];
  return Math.abs(awayX * alongY - awayY * alongX) / Math.hypot(alongX, alongY) / frame.height;
}

import type { Sighting } from '../../hub/contract/sighting.ts';
import type { Box, Point } from '../perceive/perception.ts';
import type { SightSetting } from './sight.ts';

type Line = NonNullable<SightSetting['line']>;

/** The foot must be this far beyond the line before it has crossed, in heights of the frame: feet jitter. */
const bandHeights = 0.02;
/** The passage may be missed by this share of the line at either end. */
const endMargin = 0.1;

/** Where somebody stands: the middle of the lower edge, pixels. */
export function footOf([x, y, width, height]: Box): Point {
  return [x + width / 2, y + height];
}

/** Of a person who was once seen with `height/width` at its greatest, this share at least is the whole body again. */
const wholeBodyShare = 0.75;

/**
 * Whether a box shows where somebody stands. Close to the camera a detector often finds the upper body alone, and a foot
 * taken from that would jump back across the line.
 */
export class WholeBody {
  #slimmest = 0;

  isSeen([, , width, height]: Box): boolean {
    this.#slimmest = Math.max(this.#slimmest, height / width);
    return height / width >= wholeBodyShare * this.#slimmest;
  }
}

/** Which way a track passed the line. Somebody who enters and comes back out has passed neither way. */
export class LineCrossing {
  readonly #line: Line | undefined;
  #side: 'inside' | 'outside' | undefined;
  #last: { point: Point; distance: number } | undefined;
  /** Where along the line the path last changed sides: 0 at `from`, 1 at `to`. */
  #crossedAt: number | undefined;
  /** Entries less exits. */
  #balance = 0;

  constructor(line: Line | undefined) {
    this.#line = line;
  }

  /** `foot` in pixels of the frame. */
  follow(foot: Point, frame: { width: number; height: number }): void {
    if (!this.#line || !foot.every(Number.isFinite)) return;
    const geometry = inPixels(this.#line, frame);
    if (!geometry) return;
    const distance = geometry.distance(foot);
    if (this.#last && Math.sign(this.#last.distance) !== Math.sign(distance))
      this.#crossedAt = geometry.along(meeting(this.#last, { point: foot, distance }));
    this.#last = { point: foot, distance };

    if (Math.abs(distance) <= bandHeights * frame.height) return;
    const side = distance > 0 ? 'inside' : 'outside';
    if (this.#side !== undefined && this.#side !== side && isOnLine(this.#crossedAt))
      this.#balance += side === 'inside' ? 1 : -1;
    this.#side = side;
  }

  /** `unknown` while the line has not been crossed, and where there is none. */
  direction(): Sighting['direction'] {
    if (this.#balance > 0) return 'entry';
    return this.#balance < 0 ? 'exit' : 'unknown';
  }
}

function isOnLine(along: number | undefined): boolean {
  return along !== undefined && along >= -endMargin && along <= 1 + endMargin;
}

/** The line in pixels: signed distance (positive inside), and place along it. Undefined when it has no length or no inside. */
function inPixels({ from, to, inside }: Line, { width, height }: { width: number; height: number }) {
  const start: Point = [from[0] * width, from[1] * height];
  const [alongX, alongY] = [to[0] * width - start[0], to[1] * height - start[1]];
  const length = Math.hypot(alongX, alongY);
  if (!(length > 0)) return undefined;
  const raw = ([x, y]: Point) => ((x - start[0]) * alongY - (y - start[1]) * alongX) / length;
  const sense = Math.sign(raw([inside[0] * width, inside[1] * height]));
  if (sense === 0) return undefined;
  return {
    distance: (point: Point) => sense * raw(point),
    along: ([x, y]: Point) => ((x - start[0]) * alongX + (y - start[1]) * alongY) / length ** 2,
  };
}

interface Step {
  point: Point;
  distance: number;
}

/** Where the way from `a` to `b`, which lie on different sides, meets the line. */
function meeting(a: Step, b: Step): Point {
  const share = a.distance / (a.distance - b.distance);
  return [a.point[0] + share * (b.point[0] - a.point[0]), a.point[1] + share * (b.point[1] - a.point[1])];
}

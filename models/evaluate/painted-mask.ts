import type { Picture } from '../../edge/capture/frame.ts';
import { alignedSide } from '../../edge/perceive/align.ts';
import type { Point } from '../../edge/perceive/perception.ts';

/** The outline of a mask on an aligned 112×112 face: bridge of the nose, cheeks, jaw, chin. */
const outline: readonly Point[] = [
  [56, 57],
  [72, 63],
  [97, 66],
  [93, 90],
  [80, 106],
  [66, 112],
  [46, 112],
  [32, 106],
  [19, 90],
  [15, 66],
  [40, 63],
];
/** Cloths, RGB. */
const cloths = [
  [150, 190, 220],
  [236, 238, 240],
  [38, 38, 42],
  [120, 124, 130],
  [205, 160, 170],
] as const;

/** Paints a mask on an aligned face; `number` chooses the cloth. Gives a new picture. */
export function paintMask(face: Picture, number: number): Picture {
  const cloth = cloths[number % cloths.length]!;
  const data = Uint8Array.from(face.data);
  for (let y = 0; y < alignedSide; y++)
    for (let x = 0; x < alignedSide; x++) {
      if (!isInside([x + 0.5, y + 0.5])) continue;
      // Folds across, and darker towards the ears.
      const shade = 1 - 0.1 * Math.abs(Math.sin(y / 4)) - 0.25 * (Math.abs(x - alignedSide / 2) / 56) ** 2;
      const at = (y * alignedSide + x) * 3;
      for (let c = 0; c < 3; c++) data[at + c] = cloth[c]! * shade;
    }
  return { width: face.width, height: face.height, data };
}

/** Even-odd rule. */
function isInside([x, y]: Point): boolean {
  let inside = false;
  outline.forEach(([x1, y1], i) => {
    const [x2, y2] = outline[(i + 1) % outline.length]!;
    if (y1 > y !== y2 > y && x < x1 + ((y - y1) / (y2 - y1)) * (x2 - x1)) inside = !inside;
  });
  return inside;
}

import type { Picture } from '../../capture/frame.ts';
import type { PlateColour } from './plate-grammar.ts';

/** Probability of each background colour; they sum to 1. */
export type ColourProbabilities = Record<PlateColour, number>;

/** Saturation, 0 to 1, from which a pixel has a hue. Dusk and haze wash plates out, so it is low. */
const leastSaturation = 0.22;
/** Brightness, 0 to 255, below which hue is noise. */
const leastBrightness = 36;

/** Hues in degrees, [from, to), of the coloured backgrounds as cameras show them. */
const hues = { yellow: [22, 68], green: [75, 182], blue: [182, 262] } as const;

/**
 * What a background without colour may be: night and overexposure grey out coloured plates too, and those are far
 * more common than white and black ones.
 */
const greyBright: ColourProbabilities = { white: 0.5, green: 0.25, yellow: 0.15, blue: 0.08, black: 0.02 };
const greyDark: ColourProbabilities = { black: 0.4, blue: 0.5, green: 0.04, yellow: 0.04, white: 0.02 };

/** A hue on this part of the plate or more is its background; characters, bolts and glare take the rest. */
const backgroundShare = 0.4;

/**
 * The background colour of a rectified plate. What has no hue is judged by its brightness: characters cover less than
 * half of a plate, so the larger of its two tones is the background.
 */
export function estimateColour(plate: Picture): ColourProbabilities {
  const inner = innerPixels(plate);
  const counts = { blue: 0, yellow: 0, green: 0 };
  for (const i of inner) {
    const colour = hueOf(plate.data[i * 3]!, plate.data[i * 3 + 1]!, plate.data[i * 3 + 2]!);
    if (colour) counts[colour]++;
  }
  const coloured = counts.blue + counts.yellow + counts.green;
  const certainty = inner.length > 0 ? Math.min(1, coloured / inner.length / backgroundShare) : 0;
  const grey = backgroundIsBright(plate, inner) ? greyBright : greyDark;
  const mixed = { ...grey };
  for (const colour of Object.keys(mixed) as PlateColour[]) {
    const share = colour in counts ? counts[colour as keyof typeof counts] / Math.max(1, coloured) : 0;
    mixed[colour] = certainty * share + (1 - certainty) * grey[colour];
  }
  return mixed;
}

function backgroundIsBright(plate: Picture, pixels: readonly number[]): boolean {
  const brightness = pixels.map((i) =>
    Math.floor(0.299 * plate.data[i * 3]! + 0.587 * plate.data[i * 3 + 1]! + 0.114 * plate.data[i * 3 + 2]!),
  );
  const threshold = otsuThreshold(brightness);
  return brightness.filter((value) => value >= threshold).length * 2 >= brightness.length;
}

/** The likeliest colour of a plate whose pattern comes on `usual` backgrounds; `unknown` when none has half of the probability. */
export function likelyColour(
  seen: ColourProbabilities,
  usual: Partial<ColourProbabilities>,
): PlateColour | 'unknown' {
  const weighed = (Object.keys(seen) as PlateColour[]).map(
    (colour) => [colour, seen[colour] * (0.02 + (usual[colour] ?? 0))] as const,
  );
  const total = weighed.reduce((sum, [, probability]) => sum + probability, 0);
  const [colour, probability] = weighed.reduce((a, b) => (b[1] > a[1] ? b : a));
  return probability > total / 2 ? colour : 'unknown';
}

function hueOf(red: number, green: number, blue: number): 'yellow' | 'green' | 'blue' | undefined {
  const most = Math.max(red, green, blue);
  const range = most - Math.min(red, green, blue);
  if (most < leastBrightness || range < most * leastSaturation) return undefined;
  let hue = 0;
  if (most === red) hue = ((green - blue) / range) * 60;
  else if (most === green) hue = 120 + ((blue - red) / range) * 60;
  else hue = 240 + ((red - green) / range) * 60;
  for (const colour of ['yellow', 'green', 'blue'] as const)
    if (hue >= hues[colour][0] && hue < hues[colour][1]) return colour;
  return undefined;
}

/** Pixels away from the rim, where bumper and frame show. */
function innerPixels({ width, height }: Picture): number[] {
  const inner: number[] = [];
  for (let y = Math.floor(height * 0.2); y < height * 0.8; y++)
    for (let x = Math.floor(width * 0.06); x < width * 0.94; x++) inner.push(y * width + x);
  return inner;
}

/** The brightness that parts the values into two classes of largest variance between them [Otsu 1979]. */
function otsuThreshold(values: readonly number[]): number {
  const histogram = new Float64Array(256);
  let sum = 0;
  for (const value of values) {
    histogram[value]!++;
    sum += value;
  }
  let below = 0;
  let sumBelow = 0;
  let best = 0;
  let threshold = 0;
  for (let t = 0; t < 256; t++) {
    below += histogram[t]!;
    sumBelow += t * histogram[t]!;
    const above = values.length - below;
    if (below === 0 || above === 0) continue;
    const variance = below * above * (sumBelow / below - (sum - sumBelow) / above) ** 2;
    if (variance > best) {
      best = variance;
      threshold = t + 1;
    }
  }
  return threshold;
}

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

/** The background colour of a rectified plate. Characters cover less than half of it, so the larger of its two tones is the background. */
export function estimateColour(plate: Picture): ColourProbabilities {
  const brightness = brightnessOf(plate);
  const inner = innerPixels(plate);
  const threshold = otsuThreshold(inner.map((i) => brightness[i]!));
  const bright = inner.filter((i) => brightness[i]! >= threshold);
  const backgroundIsBright = bright.length * 2 >= inner.length;
  const background = backgroundIsBright ? bright : inner.filter((i) => brightness[i]! < threshold);

  const counts: ColourProbabilities = { blue: 0, yellow: 0, green: 0, white: 0, black: 0 };
  let grey = 0;
  for (const i of background) {
    const colour = hueOf(plate.data[i * 3]!, plate.data[i * 3 + 1]!, plate.data[i * 3 + 2]!);
    if (colour) counts[colour]++;
    else grey++;
  }
  const prior = backgroundIsBright ? greyBright : greyDark;
  const total = Math.max(1, background.length);
  for (const colour of Object.keys(counts) as PlateColour[])
    counts[colour] = (counts[colour] + grey * prior[colour]) / total;
  return background.length > 0 ? counts : greyDark;
}

/** The likeliest colour, or `unknown` when none has half of the probability. */
export function likelyColour(probabilities: ColourProbabilities): PlateColour | 'unknown' {
  const [colour, probability] = (Object.entries(probabilities) as [PlateColour, number][]).reduce((a, b) =>
    b[1] > a[1] ? b : a,
  );
  return probability > 0.5 ? colour : 'unknown';
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

function brightnessOf({ data, width, height }: Picture): Uint8Array {
  const out = new Uint8Array(width * height);
  for (let i = 0; i < out.length; i++)
    out[i] = 0.299 * data[i * 3]! + 0.587 * data[i * 3 + 1]! + 0.114 * data[i * 3 + 2]!;
  return out;
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

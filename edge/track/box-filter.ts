import type { Box } from '../perceive/perception.ts';
import { centreOf, sizeOf } from './box-geometry.ts';

/** One coordinate and its rate per second, with their covariance. */
interface Axis {
  value: number;
  rate: number;
  valueVariance: number;
  covariance: number;
  rateVariance: number;
}

/**
 * A constant-velocity Kalman filter over centre, aspect (width / height) and height, as in SORT [Bewley 2016] and ByteTrack
 * [Zhang 2022]. The four coordinates do not interact in that model, so each is a filter of two states. Time is in seconds,
 * not in frames, because frames are dropped.
 */
export interface BoxFilter {
  centreX: Axis;
  centreY: Axis;
  aspect: Axis;
  height: Axis;
}

/** Standard deviations. Lengths are in units of the box's size (√area), aspects are absolute; rates per second. */
const noise = {
  /** Detector jitter: ByteTrack's 1/20 of the height. */
  measured: { length: 0.05, aspect: 0.1 },
  /** What a first sight leaves open: a walker makes about 1.5 sizes per second, a car at a gate up to 3. */
  firstRate: { length: 3, height: 1, aspect: 0.1 },
  /** Change of rate within a second: someone starts, stops or turns. */
  drift: { length: 1.5, height: 0.5, aspect: 0.05 },
} as const;

const leastHeight = 1;
const leastAspect = 0.02;
const greatestAspect = 50;

/** A filter that has seen one box and knows nothing of its speed. */
export function startFilter(box: Box): BoxFilter {
  const size = sizeOf(box);
  const [x, y] = centreOf(box);
  const axis = (value: number, deviation: number, rateDeviation: number): Axis => ({
    value,
    rate: 0,
    valueVariance: deviation ** 2,
    covariance: 0,
    rateVariance: rateDeviation ** 2,
  });
  return {
    centreX: axis(x, noise.measured.length * size, noise.firstRate.length * size),
    centreY: axis(y, noise.measured.length * size, noise.firstRate.length * size),
    aspect: axis(box[2] / box[3], noise.measured.aspect, noise.firstRate.aspect),
    height: axis(box[3], noise.measured.length * box[3], noise.firstRate.height * box[3]),
  };
}

/** The filter `seconds` later. An unseen box keeps its course but not its growth, so that it cannot swell out of hand. */
export function predict(filter: BoxFilter, seconds: number, seen: boolean): BoxFilter {
  const size = sizeOf(boxOf(filter));
  const shape = (axis: Axis): Axis => (seen ? axis : { ...axis, rate: 0, covariance: 0 });
  return {
    centreX: predictAxis(filter.centreX, seconds, noise.drift.length * size),
    centreY: predictAxis(filter.centreY, seconds, noise.drift.length * size),
    aspect: predictAxis(shape(filter.aspect), seconds, noise.drift.aspect),
    height: predictAxis(shape(filter.height), seconds, noise.drift.height * filter.height.value),
  };
}

/** The filter after it was found at `box`. */
export function correct(filter: BoxFilter, box: Box): BoxFilter {
  const size = sizeOf(box);
  const [x, y] = centreOf(box);
  return {
    centreX: correctAxis(filter.centreX, x, noise.measured.length * size),
    centreY: correctAxis(filter.centreY, y, noise.measured.length * size),
    aspect: correctAxis(filter.aspect, box[2] / box[3], noise.measured.aspect),
    height: correctAxis(filter.height, box[3], noise.measured.length * box[3]),
  };
}

/** Where the filter believes the box is, pixels. */
export function boxOf(filter: BoxFilter): Box {
  const height = Math.max(leastHeight, filter.height.value);
  const width = height * Math.min(greatestAspect, Math.max(leastAspect, filter.aspect.value));
  return [filter.centreX.value - width / 2, filter.centreY.value - height / 2, width, height];
}

/** How fast the middle moves, sizes per second. */
export function speedOf(filter: BoxFilter): number {
  return Math.hypot(filter.centreX.rate, filter.centreY.rate) / sizeOf(boxOf(filter));
}

/** White-noise acceleration: `drift` is the deviation that a second adds to the rate. */
function predictAxis(axis: Axis, seconds: number, drift: number): Axis {
  const density = drift ** 2;
  return {
    value: axis.value + axis.rate * seconds,
    rate: axis.rate,
    valueVariance:
      axis.valueVariance +
      2 * seconds * axis.covariance +
      seconds ** 2 * axis.rateVariance +
      (density * seconds ** 3) / 3,
    covariance: axis.covariance + seconds * axis.rateVariance + (density * seconds ** 2) / 2,
    rateVariance: axis.rateVariance + density * seconds,
  };
}

function correctAxis(axis: Axis, measured: number, deviation: number): Axis {
  const total = axis.valueVariance + deviation ** 2;
  const valueGain = axis.valueVariance / total;
  const rateGain = axis.covariance / total;
  const surprise = measured - axis.value;
  return {
    value: axis.value + valueGain * surprise,
    rate: axis.rate + rateGain * surprise,
    valueVariance: (1 - valueGain) * axis.valueVariance,
    covariance: (1 - valueGain) * axis.covariance,
    rateVariance: axis.rateVariance - rateGain * axis.covariance,
  };
}

/** When somebody holds a hand before the mouth: seconds after setting out. */
export interface HandGesture {
  from: number;
  to: number;
  /** Then the hand pulls the mask off the nose for a moment; only somebody who stands. */
  pullsMaskAt?: number;
}

/** How long a hand is on its way to the mouth, seconds. */
const raisingSeconds = 0.7;
/** How long a pulled mask is off the nose, seconds. */
const pullSeconds = 0.4;
/** The hand before the mouth rubs a little: how far, and how often per second. */
const rub = { share: 0.015, hertz: 1.25 } as const;

/** How far the hand is raised at `seconds` after setting out: 0 hanging, 1 before the mouth. */
export function raisedHand(gesture: HandGesture, seconds: number): number {
  if (pullsMask(gesture, seconds)) return 1 - rub.share;
  const { from, to } = gesture;
  const away = Math.max(from - seconds, seconds - to);
  if (away <= 0) return 1 - (rub.share * (1 - Math.cos(2 * Math.PI * rub.hertz * (seconds - from)))) / 2;
  const share = Math.max(0, 1 - away / raisingSeconds);
  return (1 - rub.share) * share * share * (3 - 2 * share);
}

/** Whether the mask is off the nose at `seconds` after setting out. */
export function pullsMask({ pullsMaskAt }: HandGesture, seconds: number): boolean {
  return pullsMaskAt !== undefined && seconds >= pullsMaskAt && seconds < pullsMaskAt + pullSeconds;
}

/**
 * What the demo's camera configuration needs to know of the sample scene. The line is in fractions of the frame; it lies
 * on the ground about 6.5 m from the lens, where the feet of people and the wheels of cars are still in the picture.
 */
export const sampleCamera = {
  line: { from: [0.02, 0.735], to: [0.98, 0.735], inside: [0.5, 0.98] },
  framesPerSecond: 5,
} as const;

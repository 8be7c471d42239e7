import { z } from 'zod';
import { instant, name } from './ids.ts';

/** Retained presence of a box; the last will publishes `online: false` with the same boot id. */
export const boxStatus = z.strictObject({
  schema: z.literal(1),
  online: z.boolean(),
  version: z.string().max(40),
  bootId: z.uuid(),
  since: instant.describe('when this boot connected'),
});
export type BoxStatus = z.infer<typeof boxStatus>;

const summary = z.strictObject({
  p50: z.number().nonnegative(),
  p95: z.number().nonnegative(),
  count: z.number().int().nonnegative(),
});

/** What a box says about itself every few seconds. Counters rise from boot. */
export const telemetry = z.strictObject({
  schema: z.literal(1),
  at: instant.describe('the box’s clock; the hub compares it with its own'),
  bootId: z.uuid(),
  uptimeSeconds: z.number().nonnegative(),
  cameras: z.array(
    z.strictObject({
      camera: name,
      gate: name,
      state: z.enum(['starting', 'running', 'ended', 'failed']),
      framesPerSecond: z.number().nonnegative(),
      width: z.number().int().nonnegative(),
      height: z.number().int().nonnegative(),
      lastFrameAt: instant.optional(),
      perceiveMs: summary.describe('milliseconds from frame to detections over the last window'),
      error: z.string().max(500).optional().describe('CODE: text with a remedy'),
    }),
  ),
  outbox: z.strictObject({
    sightings: z.number().int().nonnegative(),
    evidence: z.number().int().nonnegative(),
    bytes: z.number().int().nonnegative(),
    oldestAt: instant.optional(),
    refused: z.number().int().nonnegative(),
  }),
  drops: z.record(z.string(), z.number().int().nonnegative()).describe('what was dropped, by reason'),
  processor: z.strictObject({ percent: z.number().nonnegative(), cores: z.number().int().positive() }),
  memoryBytes: z.number().int().nonnegative(),
  diskFreeBytes: z.number().int().nonnegative(),
  temperatureCelsius: z.number().optional(),
});
export type Telemetry = z.infer<typeof telemetry>;

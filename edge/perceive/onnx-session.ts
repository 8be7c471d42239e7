import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as ort from 'onnxruntime-node';
import { z } from 'zod';
import { EdgeError } from '../errors.ts';

const tensor = z.strictObject({
  name: z.string(),
  type: z.enum(['float32', 'float16', 'uint8', 'int32', 'int64']),
  shape: z
    .array(z.union([z.number().int().positive(), z.string()]))
    .describe('a string names a free dimension'),
  meaning: z.string().describe('channel order, scaling, units'),
});

/** `models/<name>/manifest.json`: what a model file is, where it came from and how it must be fed. */
export const modelManifest = z.strictObject({
  name: z.string(),
  job: z.string(),
  file: z.string().regex(/^[a-z0-9.-]+\.onnx$/),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.number().int().positive(),
  licence: z.string(),
  provenance: z.string().describe('package and file it was converted from, or the training script'),
  input: z.array(tensor).min(1),
  output: z.array(tensor).min(1),
  labels: z.array(z.string()).optional(),
  parameters: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('thresholds and constants the code reads'),
  measured: z.array(z.strictObject({ what: z.string(), value: z.string(), on: z.string() })),
});
export type ModelManifest = z.infer<typeof modelManifest>;

const pixelScaling = z.object({
  order: z.enum(['rgb', 'bgr']),
  mean: z.tuple([z.number(), z.number(), z.number()]).readonly(),
  deviation: z.tuple([z.number(), z.number(), z.number()]).readonly(),
});

/** How a network wants its pixels: `(value − mean) / deviation`, values 0 to 255, channels in this order. */
export type PixelScaling = z.infer<typeof pixelScaling>;

/** The pixel scaling that a manifest's parameters state. Throws MODEL_MANIFEST_INVALID. */
export function pixelScalingOf({ name, parameters }: ModelManifest): PixelScaling {
  const parsed = pixelScaling.safeParse(parameters);
  if (!parsed.success) throw new EdgeError('MODEL_MANIFEST_INVALID', name, { cause: parsed.error });
  return parsed.data;
}

/** A loaded model. `run` is not re-entrant per session; tensors in and out are by name. */
export interface Model {
  manifest: ModelManifest;
  run(feeds: Record<string, ort.Tensor>): Promise<Record<string, ort.Tensor>>;
  release(): Promise<void>;
}

/** Makes a tensor; `data.length` must be the product of `shape`. */
export function tensorOf(data: Float32Array, shape: number[]): ort.Tensor {
  return new ort.Tensor('float32', data, shape);
}

export type { Tensor } from 'onnxruntime-node';

/**
 * Loads `models/<name>` and checks its bytes against the manifest before the runtime sees them.
 * Throws MODEL_MISSING, MODEL_MANIFEST_INVALID, MODEL_HASH_MISMATCH or MODEL_UNREADABLE.
 */
export async function loadModel(modelsFolder: string, name: string, threads = 1): Promise<Model> {
  const folder = join(modelsFolder, name);
  const manifest = await readManifest(modelsFolder, name);
  const bytes = await readFile(join(folder, manifest.file)).catch((cause) => {
    throw new EdgeError('MODEL_MISSING', `${name}/${manifest.file}`, { cause });
  });
  if (createHash('sha256').update(bytes).digest('hex') !== manifest.sha256)
    throw new EdgeError('MODEL_HASH_MISMATCH', `${name}/${manifest.file}`);

  const session = await ort.InferenceSession.create(bytes, {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    // Each session's arena keeps the most that it ever held: 90 MB of a box's 520, and without it no run takes longer.
    enableCpuMemArena: false,
    logSeverityLevel: 3,
    // Spinning threads would keep a core busy between frames.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  }).catch((cause) => {
    throw new EdgeError('MODEL_UNREADABLE', name, { cause });
  });
  return {
    manifest,
    run: async (feeds) => (await session.run(feeds)) as Record<string, ort.Tensor>,
    release: () => session.release(),
  };
}

/** `models/<name>/manifest.json`. Throws MODEL_MISSING or MODEL_MANIFEST_INVALID. */
export async function readManifest(modelsFolder: string, name: string): Promise<ModelManifest> {
  const text = await readFile(join(modelsFolder, name, 'manifest.json'), 'utf8').catch((cause) => {
    throw new EdgeError('MODEL_MISSING', `${name}/manifest.json`, { cause });
  });
  try {
    return modelManifest.parse(JSON.parse(text));
  } catch (cause) {
    throw new EdgeError('MODEL_MANIFEST_INVALID', `${name}/manifest.json`, { cause });
  }
}

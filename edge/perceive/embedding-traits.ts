import { z } from 'zod';
import { EdgeError } from '../errors.ts';
import { type ModelManifest, readManifest } from './onnx-session.ts';

const cosine = z.number().min(-1).max(1);

/** Cosine similarities that mean something for one network, measured. */
const similarity = z.object({
  /** Up to here two faces are different people's; from here to `sameFrom` nobody can tell. */
  differentUpTo: cosine,
  /** From here two faces are one person's, if other faces of the same passing say so too. */
  sameFrom: cosine,
  /** From here one face is enough. */
  plainFrom: cosine,
});

const bounds = z.object({ whole: similarity, upper: similarity });

/** What the gallery and the decisions must know of the networks whose embeddings they compare. */
export interface EmbeddingTraits {
  /** Tells these networks' embeddings from others'. */
  model: string;
  /** Numbers per embedding of whole faces, and of what a mask leaves of them. */
  dimensions: { whole: number; upper: number };
  bounds: z.infer<typeof bounds>;
}

/** Read from the manifests, so that other networks need no other code. Throws MODEL_MISSING or MODEL_MANIFEST_INVALID. */
export async function readEmbeddingTraits(modelsFolder: string): Promise<EmbeddingTraits> {
  const whole = await readManifest(modelsFolder, 'face-embedding');
  const upper = await readManifest(modelsFolder, 'upper-face-embedding');
  const parsed = bounds.safeParse({
    whole: whole.parameters?.similarity,
    upper: upper.parameters?.similarity,
  });
  if (!parsed.success)
    throw new EdgeError('MODEL_MANIFEST_INVALID', `${whole.name}, ${upper.name}`, { cause: parsed.error });
  const model = [whole, upper].map(({ sha256 }) => sha256.slice(0, 16)).join('+');
  const dimensions = { whole: lastDimension(whole), upper: lastDimension(upper) };
  return { model, dimensions, bounds: parsed.data };
}

function lastDimension({ name, output }: ModelManifest): number {
  const last = output[0]?.shape.at(-1);
  if (typeof last !== 'number') throw new EdgeError('MODEL_MANIFEST_INVALID', name);
  return last;
}

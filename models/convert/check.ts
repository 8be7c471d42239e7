import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { loadModel, type ModelManifest, pixelScalingOf, tensorOf } from '../../edge/perceive/onnx-session.ts';
import { type FaceApiTensorFlow, runFaceApi } from './face-api-reference.ts';
import { type FaceApiReference, type Reference, recipes } from './recipes.ts';

const checked = Object.keys(recipes).filter((name) => recipes[name]!.reference);
const usage = `Usage: node models/convert/check.ts NAME --package FOLDER --tfjs FOLDER [--models models]

Runs a converted model and another's form of the same network, in TensorFlow.js, on the same noise.

NAME       ${checked.join(' | ')}
--package  where the package of the recipe's reference was unpacked
--tfjs     where @tensorflow/tfjs@4.22.0 was unpacked`;

/** What is used of TensorFlow.js. */
interface TensorFlow extends FaceApiTensorFlow {
  setBackend(name: string): Promise<boolean>;
  loadGraphModel(handler: { load(): Promise<unknown> }): Promise<{
    execute(input: unknown, outputs: string[]): { dataSync(): Float32Array }[];
  }>;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    package: { type: 'string' },
    tfjs: { type: 'string' },
    models: { type: 'string', default: 'models' },
  },
});
const [name = ''] = positionals;
const reference = recipes[name]?.reference;
if (!reference || !values.package || !values.tfjs) {
  console.error(usage);
  process.exit(2);
}

/** What is fed to the converted model, and what it must give. */
interface Comparison {
  fed: Float32Array;
  outputs: { output: string; wanted: Float32Array; columns?: [from: number, to: number] }[];
  /** Largest difference allowed, as part of the largest value, or of 1 where all are smaller. */
  tolerance: number;
}

const noise = Float32Array.from({ length: reference.input.reduce((a, b) => a * b, 1) }, pseudoRandom(7));
const tf = createRequire(import.meta.url)(resolve(values.tfjs, 'dist/tf.js')) as TensorFlow;
await tf.setBackend('cpu');
const model = await loadModel(values.models, name);
const { fed, outputs, tolerance } =
  'faceApi' in reference
    ? await withFaceApi(values.package, reference, model.manifest)
    : await withGraphModel(join(values.package, reference.source), reference);

const given = await model.run({ input: tensorOf(fed, reference.input) });
for (const { output, wanted: whole, columns } of outputs) {
  const actual = given[output]!.data as Float32Array;
  const wanted = columns ? takeColumns(whole, columns, actual.length) : whole;
  const largest = wanted.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  const difference = wanted.reduce((max, value, k) => Math.max(max, Math.abs(value - actual[k]!)), 0);
  const fits = wanted.length === actual.length && difference <= tolerance * Math.max(1, largest);
  console.log(
    `${output}: ${actual.length} values up to ${largest.toPrecision(4)}, largest difference ${difference.toExponential(1)} ${fits ? 'ok' : 'DIFFERS'}`,
  );
  if (!fits) process.exitCode = 1;
}
await model.release();

async function withGraphModel(path: string, { outputs, input }: Reference): Promise<Comparison> {
  const graph = await tf.loadGraphModel({ load: () => readGraphModel(path) });
  const results = graph.execute(
    tf.tensor(noise, input),
    outputs.map(({ tensor }) => tensor),
  );
  const expected = outputs.map(({ output, columns }, i) => ({
    output,
    wanted: results[i]!.dataSync(),
    ...(columns && { columns }),
  }));
  return { fed: noise, outputs: expected, tolerance: 1e-4 };
}

/** It takes plain pixels, and its weights are rounded to 8 bits. */
async function withFaceApi(
  folder: string,
  { faceApi, output, input }: FaceApiReference,
  manifest: ModelManifest,
): Promise<Comparison> {
  const pixels = noise.map((value) => 127.5 + 127.5 * value);
  const { mean, deviation } = pixelScalingOf(manifest);
  const fed = pixels.map((value, i) => (value - mean[i % 3]!) / deviation[i % 3]!);
  const wanted = await runFaceApi(folder, faceApi, tf, pixels, input[1]!);
  return { fed, outputs: [{ output, wanted }], tolerance: 0.02 };
}

/** The artifacts of a graph model as TensorFlow.js wants them handed over. */
async function readGraphModel(path: string): Promise<unknown> {
  const { weightsManifest, ...rest } = JSON.parse(await readFile(path, 'utf8')) as {
    weightsManifest: { paths: string[]; weights: unknown[] }[];
  };
  const files = weightsManifest.flatMap(({ paths }) => paths);
  const shards = await Promise.all(files.map((file) => readFile(join(dirname(path), file))));
  return {
    ...rest,
    weightSpecs: weightsManifest.flatMap(({ weights }) => weights),
    weightData: Uint8Array.from(Buffer.concat(shards)).buffer,
  };
}

function takeColumns(rows: Float32Array, [from, to]: [number, number], length: number): Float32Array {
  const count = length / (to - from);
  const width = rows.length / count;
  return Float32Array.from({ length }, (_, i) => {
    const row = Math.floor(i / (to - from));
    return rows[row * width + from + (i % (to - from))]!;
  });
}

/** Even noise between −1 and 1, the same in every run (mulberry32). */
function pseudoRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 31 - 1;
  };
}

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compileFunction } from 'node:vm';

/** What is used of TensorFlow.js. */
export interface FaceApiTensorFlow {
  tensor(data: Float32Array, shape: number[]): unknown;
  io: { decodeWeights(bytes: ArrayBufferLike, specs: unknown[]): unknown };
}

/** What is used of face-api.js. */
interface FaceApi {
  FaceRecognitionNet: new () => {
    loadFromWeightMap(weights: unknown): void;
    computeFaceDescriptor(pixels: unknown): Promise<Float32Array>;
  };
}

/** The descriptor that face-api.js gives for `pixels` (RGB, 0 to 255) of a square picture. */
export async function runFaceApi(
  folder: string,
  weightsManifest: string,
  tf: FaceApiTensorFlow,
  pixels: Float32Array,
  side: number,
): Promise<Float32Array> {
  const { FaceRecognitionNet } = await loadFaceApi(folder, tf);
  const network = new FaceRecognitionNet();
  network.loadFromWeightMap(await readWeights(join(folder, weightsManifest), tf));
  return network.computeFaceDescriptor(tf.tensor(pixels, [side, side, 3]));
}

/** Its build for Node asks for TensorFlow.js and for a WebAssembly backend, which is not needed here. */
async function loadFaceApi(folder: string, tf: FaceApiTensorFlow): Promise<FaceApi> {
  const source = await readFile(join(folder, 'dist/face-api.node-wasm.js'), 'utf8');
  const module = { exports: {} };
  const provided = (name: string) => (name.startsWith('@tensorflow/') ? tf : process.getBuiltinModule(name));
  compileFunction(source, ['module', 'exports', 'require'])(module, module.exports, provided);
  return module.exports as FaceApi;
}

async function readWeights(path: string, tf: FaceApiTensorFlow): Promise<unknown> {
  const manifest = JSON.parse(await readFile(path, 'utf8')) as { weights: unknown[] }[];
  const bytes = await readFile(path.replace('-weights_manifest.json', '.bin'));
  return tf.io.decodeWeights(
    Uint8Array.from(bytes).buffer,
    manifest.flatMap(({ weights }) => weights),
  );
}

import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { canEncodeH264, type Encoder, encodeWithFfmpeg, encodeWithNodeAv } from './encoder.ts';
import { type Appearance, prepareFootage } from './footage.ts';
import { gateRecipe, type Passage, type Recipe } from './recipe.ts';
import { type SampleTruth, sampleTruth, type TruePassage } from './truth.ts';
import { frameSize } from './view.ts';

/** What to render, and with what. */
export interface SampleOptions {
  /** Created when missing. Afterwards it holds `gate.mp4` and `gate-truth.json`. */
  outFolder: string;
  seed?: number;
  /** Called with 0 to 1; only when footage is really rendered. */
  onProgress?: (share: number) => void;
  /** Stops the rendering; the promise is rejected with the signal's reason and no half file stays. */
  signal?: AbortSignal;
  /** An ffmpeg program, `ffmpeg` on the path by default; without one that can make H.264, the optional package node-av encodes. */
  tools?: { ffmpegPath?: string | undefined };
  /** For tests: something shorter than the footage a new user sees. */
  recipe?: Recipe;
}

/**
 * Renders the sample footage, or finds it from an earlier start. Gives the paths of the video and of the truth file.
 * Files appear whole or not at all. Throws SAMPLE_NOT_ENCODED, or the reason of `signal`.
 */
export async function renderSampleFootage(options: SampleOptions): Promise<{ video: string; truth: string }> {
  const { outFolder, seed = 1, recipe = gateRecipe } = options;
  const files = { video: join(outFolder, 'gate.mp4'), truth: join(outFolder, 'gate-truth.json') };
  const hash = await hashMakings(recipe, seed);
  await mkdir(outFolder, { recursive: true });
  if (await isRendered(files, hash)) return files;

  options.signal?.throwIfAborted();
  const half = join(outFolder, `.gate-${process.pid}.half.mp4`);
  const truth = await renderTo(half, recipe, seed, hash, options);
  await writeFile(`${half}.json`, JSON.stringify(truth));
  // The truth goes first: a truth without its video is rendered again, a video without its truth would be believed.
  await rm(files.video, { force: true });
  await rename(`${half}.json`, files.truth);
  await rename(half, files.video);
  return files;
}

async function renderTo(
  file: string,
  recipe: Recipe,
  seed: number,
  hash: string,
  { tools, signal, onProgress }: SampleOptions,
): Promise<SampleTruth> {
  const setting = { file, ...frameSize, framesPerSecond: recipe.framesPerSecond };
  const ffmpegPath = tools?.ffmpegPath ?? 'ffmpeg';
  const encoder = (await canEncodeH264(ffmpegPath))
    ? encodeWithFfmpeg(ffmpegPath, setting)
    : encodeWithNodeAv(setting);
  try {
    const seen = await encodeFootage(encoder, recipe, seed, signal, onProgress);
    return describeTruth(recipe, seed, hash, seen);
  } catch (cause) {
    await encoder.abort();
    await rm(file, { force: true });
    throw cause;
  }
}

async function encodeFootage(
  encoder: Encoder,
  recipe: Recipe,
  seed: number,
  signal: AbortSignal | undefined,
  onProgress: SampleOptions['onProgress'],
): Promise<Appearance[]> {
  onProgress?.(0);
  const footage = await prepareFootage(recipe, seed);
  const seen: Appearance[] = [];
  let written = Promise.resolve();
  for (let index = 0; index < footage.frames; index++) {
    const { frame, seen: now } = footage.compose(index);
    seen.push(...now);
    await written;
    signal?.throwIfAborted();
    // The encoder works on a copy while the next frame is composed.
    written = encoder.write(Uint8Array.from(frame.bytes));
    written.catch(() => undefined);
    onProgress?.((index + 1) / footage.frames);
  }
  await written;
  await encoder.finish();
  return seen;
}

function describeTruth(recipe: Recipe, seed: number, hash: string, seen: Appearance[]): SampleTruth {
  return sampleTruth.parse({
    schema: 1,
    recipe: hash,
    seed,
    ...frameSize,
    framesPerSecond: recipe.framesPerSecond,
    seconds: recipe.seconds,
    passages: recipe.passages.flatMap((passage, index) => {
      const moments = seen.filter((appearance) => appearance.passage === index).map(({ moment }) => moment);
      return moments.length === 0 ? [] : [describePassage(passage, index, moments, recipe)];
    }),
  });
}

function describePassage(
  passage: Passage,
  index: number,
  moments: Appearance['moment'][],
  { duskFrom, duskTo }: Recipe,
): TruePassage {
  const from = moments[0].at;
  const to = moments.at(-1)!.at;
  const common = {
    id: `passage-${String(index + 1).padStart(2, '0')}`,
    from,
    to,
    light: (from + to) / 2 < (duskFrom + duskTo) / 2 ? ('day' as const) : ('dusk' as const),
    moments: moments.filter(
      ({ at }, order) => order === 0 || halfSecond(at) !== halfSecond(moments[order - 1].at),
    ),
  };
  if (passage.kind === 'person')
    return {
      ...common,
      kind: 'person',
      direction: 'entry',
      person: passage.person,
      masked: passage.mask !== undefined,
    };
  const { text, class: plateClass, province, rows = 1 } = passage.plate;
  return {
    ...common,
    kind: 'vehicle',
    direction: passage.direction,
    vehicleType: passage.vehicleType,
    plate: { text, class: plateClass, province, rows },
  };
}

/** Number of the half second that a frame falls in; frame times are not exact in binary. */
const halfSecond = (at: number) => Math.floor(at * 2 + 1e-6);

/** One hash of the recipe, the seed and this folder's code and pictures: a new release renders its own footage. */
async function hashMakings(recipe: Recipe, seed: number): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify({ seed, recipe }));
  const folder = fileURLToPath(new URL('.', import.meta.url));
  const names = (await readdir(folder, { recursive: true })).filter((name) =>
    /\.(ts|json|webp|png)$/.test(name),
  );
  for (const name of names.toSorted()) hash.update(name).update(await readFile(join(folder, name)));
  return hash.digest('hex');
}

/** Whether both files lie there and the truth was written for this recipe. Also clears what a killed run left. */
async function isRendered(files: { video: string; truth: string }, hash: string): Promise<boolean> {
  const folder = dirname(files.video);
  const present = await readdir(folder);
  const left = present.filter((name) => {
    const run = /^\.gate-(\d+)\.half\.mp4/.exec(name);
    return run && !isRunning(Number(run[1]));
  });
  await Promise.all(left.map((name) => rm(join(folder, name), { force: true })));
  if (!present.includes('gate.mp4')) return false;
  try {
    return sampleTruth.parse(JSON.parse(await readFile(files.truth, 'utf8'))).recipe === hash;
  } catch {
    return false;
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

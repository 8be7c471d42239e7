import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EdgeError } from '../errors.ts';
import { canEncodeH264, type Encoder, encodeWithFfmpeg, encodeWithNodeAv } from './encoder.ts';
import { type Appearance, prepareFootage } from './footage.ts';
import type { HandGesture } from './hand-gesture.ts';
import { gateRecipe, type Passage, type PersonPassage, type Recipe } from './recipe.ts';
import { type SampleTruth, sampleTruth, type TruePassage } from './truth.ts';
import { frameSize } from './view.ts';

/** What to render, and with what. */
export interface SampleOptions {
  /** Created when missing. Afterwards it holds `gate.m3u8` with its segments, and `gate-truth.json`. */
  outFolder: string;
  seed?: number;
  /** Called once, as soon as a box may begin to look at `video`: when the first second is there, or all of it from before. */
  onPlayable?: (video: string) => void;
  /** Called with 0 to 1; only when footage is really rendered. */
  onProgress?: (share: number) => void;
  /** Stops the rendering; the promise is rejected with the signal's reason and no part stays. */
  signal?: AbortSignal;
  /** An ffmpeg program, `ffmpeg` on the path by default; without one that can make H.264, the optional package node-av encodes. */
  tools?: { ffmpegPath?: string | undefined };
  /** For tests: something shorter than the footage a new user sees. */
  recipe?: Recipe;
}

interface SampleFiles {
  video: string;
  truth: string;
}

/**
 * Renders the sample footage, or finds it from an earlier start. Gives the paths of the video and of the truth file once
 * both are whole; the video may be read earlier, as it grows. Throws SAMPLE_NOT_ENCODED, or the reason of `signal`.
 */
export async function renderSampleFootage(options: SampleOptions): Promise<SampleFiles> {
  const { outFolder, seed = 1, recipe = gateRecipe, onPlayable } = options;
  const files = { video: join(outFolder, 'gate.m3u8'), truth: join(outFolder, 'gate-truth.json') };
  const hash = await hashMakings(recipe, seed);
  await mkdir(outFolder, { recursive: true });
  if (await isRendered(files, hash)) {
    onPlayable?.(files.video);
    return files;
  }
  options.signal?.throwIfAborted();
  await clear(files);
  try {
    const truth = await render(files.video, recipe, seed, hash, options);
    // The truth comes last and whole: without it, what lies there is the rest of a run that was killed.
    await writeFile(`${files.truth}.tmp`, JSON.stringify(truth));
    await rename(`${files.truth}.tmp`, files.truth);
    return files;
  } catch (cause) {
    await clear(files);
    throw cause;
  }
}

async function render(
  video: string,
  recipe: Recipe,
  seed: number,
  hash: string,
  { tools, ...listening }: SampleOptions,
): Promise<SampleTruth> {
  const setting = { playlist: video, ...frameSize, framesPerSecond: recipe.framesPerSecond };
  const ffmpegPath = tools?.ffmpegPath ?? 'ffmpeg';
  const encoder = (await canEncodeH264(ffmpegPath))
    ? encodeWithFfmpeg(ffmpegPath, setting)
    : encodeWithNodeAv(setting);
  try {
    const seen = await encodeFootage(encoder, video, recipe, seed, listening);
    // ffmpeg ends with 0 even when it could not write the last segment.
    if (!(await isWhole(video))) throw new EdgeError('SAMPLE_NOT_ENCODED', video);
    return describeTruth(recipe, seed, hash, seen);
  } catch (cause) {
    await encoder.abort();
    throw cause;
  }
}

async function encodeFootage(
  encoder: Encoder,
  video: string,
  recipe: Recipe,
  seed: number,
  { signal, onProgress, onPlayable }: Pick<SampleOptions, 'signal' | 'onProgress' | 'onPlayable'>,
): Promise<Appearance[]> {
  onProgress?.(0);
  const footage = await prepareFootage(recipe, seed);
  const seen: Appearance[] = [];
  let written = Promise.resolve();
  let isPlayable = false;
  const announce = () => {
    if (isPlayable || !existsSync(video)) return;
    isPlayable = true;
    onPlayable?.(video);
  };
  for (let index = 0; index < footage.frames; index++) {
    const { frame, seen: now } = await footage.compose(index);
    seen.push(...now);
    await written;
    signal?.throwIfAborted();
    // The encoder works on a copy while the next frame is composed.
    written = encoder.write(Uint8Array.from(frame.bytes));
    written.catch(() => undefined);
    announce();
    onProgress?.((index + 1) / footage.frames);
  }
  await written;
  await encoder.finish();
  announce();
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
      ...(passage.hand && { hand: inVideo(passage.hand, passage) }),
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

/** A gesture of somebody on the way, in seconds of the video. */
function inVideo({ from, to, pullsMaskAt }: HandGesture, { at, ahead = 0 }: PersonPassage): HandGesture {
  const start = at - ahead;
  return {
    from: start + from,
    to: start + to,
    ...(pullsMaskAt !== undefined && { pullsMaskAt: start + pullsMaskAt }),
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

/** Whether all of it lies there and was made for this recipe. */
async function isRendered({ video, truth }: SampleFiles, hash: string): Promise<boolean> {
  try {
    return sampleTruth.parse(JSON.parse(await readFile(truth, 'utf8'))).recipe === hash && isWhole(video);
  } catch {
    return false;
  }
}

/** Whether a playlist has its end mark and all its segments lie there. */
async function isWhole(playlist: string): Promise<boolean> {
  const lines = (await readFile(playlist, 'utf8').catch(() => '')).split('\n');
  const present = new Set(await readdir(dirname(playlist)).catch(() => []));
  return lines.includes('#EXT-X-ENDLIST') && lines.filter(isSegment).every((name) => present.has(name));
}

/** Removes what an earlier run left, whole or not: the truth first, as it vouches for the rest. */
async function clear({ video, truth }: SampleFiles): Promise<void> {
  const folder = dirname(video);
  await rm(truth, { force: true });
  const left = (await readdir(folder).catch(() => [])).filter(
    (name) => isSegment(name) || isMaking.test(name),
  );
  await Promise.all(left.map((name) => rm(join(folder, name), { force: true })));
}

const isSegment = (name: string) => /^gate\d+\.ts$/.test(name);
const isMaking = /^gate(\.m3u8|(\d+\.ts|\.m3u8|-truth\.json)\.tmp)$/;

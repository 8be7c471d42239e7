import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import type { Picture } from '../../edge/capture/frame.ts';
import { decodePicture } from '../../edge/capture/picture-codec.ts';
import { alignFace, arcFaceTemplate } from '../../edge/perceive/align.ts';
import { FaceEmbedder } from '../../edge/perceive/face-embedder.ts';
import { FaceFinder } from '../../edge/perceive/face-finder.ts';
import { paintMask } from './painted-mask.ts';
import { picturesBelow } from './pictures-below.ts';
import { drawHistogram } from './similarity-picture.ts';
import { type ScoredPair, verify } from './verification.ts';

const usage = `Usage: npm run evaluate -- faces --root DIR [--pairs FILE] [--aligned] [--masked] [--histogram FILE.svg] [--json]

How well the box's embeddings tell one person from another.
  --root DIR        pictures at DIR/NAME/NAME_0001.jpg, or any, one folder per person
  --pairs FILE      in the form of LFW's pairs.txt; without it every two pictures below DIR are compared, in ten folds
  --aligned         the pictures are faces already aligned to 112×112
  --masked          paints a mask on the second face of each pair
  --histogram FILE  an SVG picture of the similarities
  --json            last line: the figures as JSON`;

const { values } = parseArgs({
  options: {
    root: { type: 'string' },
    pairs: { type: 'string' },
    aligned: { type: 'boolean', default: false },
    masked: { type: 'boolean', default: false },
    histogram: { type: 'string', default: join(tmpdir(), 'gatehouse-face-similarities.svg') },
    json: { type: 'boolean', default: false },
  },
});
if (!values.root) {
  console.error(usage);
  process.exit(2);
}
const root = values.root;

interface Pair {
  fold: number;
  isSame: boolean;
  files: [string, string];
}

const models = join(import.meta.dirname, '..');
const finder = await FaceFinder.load(models);
const embedder = await FaceEmbedder.load(models);
const faces = new Map<string, Picture | undefined>();
const embeddings = new Map<string, Float32Array>();

const pairs = values.pairs ? await listedPairs(values.pairs) : await everyPair();
const scored: ScoredPair[] = [];
for (const [number, { fold, isSame, files }] of pairs.entries()) {
  const one = await embeddingOf(files[0]);
  const other = await embeddingOf(files[1], number);
  // Where no face is found nothing can be compared: as different as can be.
  const similarity = one && other ? one.reduce((sum, value, k) => sum + value * other[k]!, 0) : -1;
  scored.push({ fold, isSame, similarity });
}
await finder.release();
await embedder.release();
await report();

/**
 * As the box compares them: whole faces; or, as soon as one of the two is masked, what a mask leaves of both. `cloth`: which
 * mask is painted on it, if any are.
 */
async function embeddingOf(file: string, cloth?: number): Promise<Float32Array | undefined> {
  const painted = values.masked && cloth !== undefined ? cloth % 5 : undefined;
  const key = `${file} ${painted}`;
  const known = embeddings.get(key);
  if (known) return known;
  if (!faces.has(file)) faces.set(file, await alignedFace(file));
  const face = faces.get(file);
  if (!face) return undefined;
  const shown = painted === undefined ? face : paintMask(face, painted);
  const embedding = values.masked
    ? await embedder.embedUpper(shown, arcFaceTemplate)
    : await embedder.embedWhole(shown, arcFaceTemplate);
  embeddings.set(key, embedding);
  return embedding;
}

/** The largest face, aligned. */
async function alignedFace(file: string): Promise<Picture | undefined> {
  const picture = await decodePicture(file, 1600);
  if (values.aligned) return picture;
  const found = await finder.find(picture, [], { wholePicture: true });
  const largest = found.toSorted((a, b) => b.box[2] - a.box[2])[0];
  if (!largest) console.log(`no face in ${file}`);
  return largest && alignFace(picture, largest.landmarks);
}

/** LFW's form: folds and pairs of each kind per fold; then `name n m` or `name n other m`. */
async function listedPairs(path: string): Promise<Pair[]> {
  const [head, ...rows] = (await readFile(path, 'utf8'))
    .trim()
    .split('\n')
    .map((row) => row.trim().split(/\s+/));
  const isCounted = head!.every((word) => /^\d+$/.test(word));
  const lines = isCounted ? rows : [head!, ...rows];
  const folds = isCounted && head!.length > 1 ? Number(head![0]) : 10;
  const perFold = Math.max(1, Math.ceil(lines.length / folds));
  return lines.map((words, i): Pair => {
    const fold = isCounted ? Math.floor(i / perFold) : i % folds;
    if (words.length === 3) {
      const [name, first, second] = words as [string, string, string];
      return { fold, isSame: true, files: [pictureOf(name, first), pictureOf(name, second)] };
    }
    if (words.length !== 4) throw new Error(`${path}: "${words.join(' ')}" is no pair: three words or four`);
    const [name, first, other, second] = words as [string, string, string, string];
    return { fold, isSame: false, files: [pictureOf(name, first), pictureOf(other, second)] };
  });
}

function pictureOf(name: string, number: string): string {
  return join(root, name, `${name}_${number.padStart(4, '0')}.jpg`);
}

async function everyPair(): Promise<Pair[]> {
  const files = (await picturesBelow(root)).filter((file) => dirname(relative(root, file)) !== '.');
  const person = (file: string) => basename(dirname(file));
  const all = files.flatMap((one, i) => files.slice(i + 1).map((other): [string, string] => [one, other]));
  return all.map((pair, i) => ({ fold: i % 10, isSame: person(pair[0]) === person(pair[1]), files: pair }));
}

async function report(): Promise<void> {
  const { accuracy, atFalseMatches } = verify(scored, [0.01, 0.001, 0.0001]);
  const same = scored.filter(({ isSame }) => isSame).length;
  const without = [...faces.values()].filter((face) => !face).length;
  console.log(`${same} pairs of one person, ${scored.length - same} of two; no face in ${without} pictures`);
  console.log(`accuracy ${(100 * accuracy).toFixed(2)} %`);
  for (const { share, threshold, trueMatches } of atFalseMatches)
    console.log(
      `false matches ${share}: threshold ${threshold.toFixed(3)}, true matches ${(100 * trueMatches).toFixed(2)} %`,
    );
  const thresholds = atFalseMatches.map(({ threshold }) => threshold);
  await writeFile(values.histogram, drawHistogram(scored, thresholds));
  console.log(`similarities drawn in ${values.histogram}`);
  if (!values.json) return;
  const [tarAtFar1e2, tarAtFar1e3, tarAtFar1e4] = atFalseMatches.map(({ trueMatches }) => trueMatches);
  console.log(JSON.stringify({ accuracy, tarAtFar1e2, tarAtFar1e3, tarAtFar1e4 }));
}

import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { decodePicture } from '../../edge/capture/picture-codec.ts';
import { FaceEmbedder } from '../../edge/perceive/face-embedder.ts';
import { FaceFinder } from '../../edge/perceive/face-finder.ts';
import { faceQuality } from '../../edge/perceive/face-quality.ts';

const usage = `Usage: node models/evaluate/face-pairs.ts FOLDER

FOLDER holds one folder of portraits per person. Every two portraits are compared; prints how well the
similarity tells the same person from another.`;

const [folder] = process.argv.slice(2);
if (!folder) {
  console.error(usage);
  process.exit(2);
}

const models = join(import.meta.dirname, '..');
const finder = await FaceFinder.load(models);
const embedder = await FaceEmbedder.load(models);

interface Portrait {
  person: string;
  embedding: Float32Array;
}

const portraits: Portrait[] = [];
let without = 0;
for (const file of await picturesBelow(folder)) {
  const picture = await decodePicture(file, 1600);
  const faces = await finder.find(picture, [], { wholePicture: true });
  const largest = faces.toSorted((a, b) => b.box[2] - a.box[2])[0];
  if (!largest) {
    without++;
    console.log(`no face in ${file}`);
    continue;
  }
  const embedding = await embedder.embed(picture, largest.landmarks);
  portraits.push({ person: basename(dirname(file)), embedding });
  console.log(`${file}: quality ${faceQuality(picture, largest.landmarks).toFixed(2)}`);
}

const same: number[] = [];
const different: number[] = [];
for (const [i, one] of portraits.entries())
  for (const other of portraits.slice(i + 1)) {
    const similarity = one.embedding.reduce((sum, value, k) => sum + value * other.embedding[k]!, 0);
    (one.person === other.person ? same : different).push(similarity);
  }
console.log(
  `${portraits.length} portraits, ${without} without a face; ${same.length} pairs of one person, ${different.length} of two`,
);
console.log(`area under the curve ${areaUnderCurve(same, different).toFixed(4)}`);
for (const share of [0.01, 0.001]) {
  const threshold = quantile(different, 1 - share);
  const accepted = same.filter((similarity) => similarity > threshold).length / same.length;
  console.log(
    `at ${share} false matches: threshold ${threshold.toFixed(3)}, true matches ${accepted.toFixed(3)}`,
  );
}

async function picturesBelow(path: string): Promise<string[]> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && /\.(jpe?g|png|webp)$/i.test(entry.name) && entry.parentPath !== path)
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** The probability that a pair of one person is more similar than a pair of two. */
function areaUnderCurve(higher: number[], lower: number[]): number {
  let wins = 0;
  for (const a of higher) for (const b of lower) wins += a > b ? 1 : a === b ? 0.5 : 0;
  return wins / (higher.length * lower.length);
}

function quantile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

/**
 * Measures the mask classifier on labelled photographs, through the edge's own face finder and classifier.
 *
 *   node models/train/masks/evaluate.ts FOLDER [--models models] [--json FILE]
 *
 * FOLDER holds `labels.tsv` (image, x, y, w, h, label: rightmask, nomask or wrongmask) and `images/`. A labelled face
 * that the finder does not find counts as not found, not as wrong.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { decodePicture } from '../../../edge/capture/picture-codec.ts';
import { FaceFinder } from '../../../edge/perceive/face-finder.ts';
import { MaskClassifier } from '../../../edge/perceive/mask-classifier.ts';
import { intersectionOverUnion } from '../../../edge/perceive/nms.ts';
import type { Box, MaskReading } from '../../../edge/perceive/perception.ts';

const words = { rightmask: 'worn', nomask: 'not_worn', wrongmask: 'worn_improperly' } as const;
type Label = (typeof words)[keyof typeof words];
const labels = Object.values(words);

interface Judged {
  image: string;
  label: Label;
  /** Width of the labelled box, pixels. */
  width: number;
  reading: MaskReading | undefined;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { models: { type: 'string', default: 'models' }, json: { type: 'string' } },
});
const folder = positionals[0];
if (!folder) {
  console.error('usage: node models/train/masks/evaluate.ts FOLDER [--models models] [--json FILE]');
  process.exit(2);
}

const judged = await judgeAll(folder, values.models);
printConfusion(judged);
printThresholds(judged);
if (values.json) await writeFile(values.json, `${JSON.stringify(judged, null, 1)}\n`);

async function judgeAll(from: string, modelsFolder: string): Promise<Judged[]> {
  const finder = await FaceFinder.load(modelsFolder);
  const classifier = await MaskClassifier.load(modelsFolder);
  const all: Judged[] = [];
  for (const [image, faces] of await readLabels(from)) {
    const picture = await decodePicture(join(from, 'images', image));
    const found = await finder.find(picture, [], { wholePicture: true });
    const readings = await classifier.classify(picture, found);
    for (const { box, label } of faces) {
      const overlaps = found.map((face) => intersectionOverUnion(face.box, box));
      const best = overlaps.indexOf(Math.max(...overlaps));
      const reading = overlaps[best]! > 0.25 ? readings[best] : undefined;
      all.push({ image, label, width: box[2], reading });
    }
  }
  await finder.release();
  await classifier.release();
  return all;
}

async function readLabels(from: string): Promise<Map<string, { box: Box; label: Label }[]>> {
  const byImage = new Map<string, { box: Box; label: Label }[]>();
  const lines = (await readFile(join(from, 'labels.tsv'), 'utf8')).trim().split('\n').slice(1);
  for (const line of lines) {
    const [image, x, y, w, h, word] = line.split('\t');
    const face = { box: [x, y, w, h].map(Number) as Box, label: words[word as keyof typeof words] };
    byImage.set(image!, [...(byImage.get(image!) ?? []), face]);
  }
  return byImage;
}

function printConfusion(all: Judged[]): void {
  console.log('label            found  worn  not_worn  worn_improperly  cannot_tell');
  for (const label of labels) {
    const these = all.filter((face) => face.label === label);
    const found = these.filter(({ reading }) => reading);
    const count = (verdict: MaskReading['verdict']) =>
      String(found.filter(({ reading }) => reading!.verdict === verdict).length);
    console.log(
      label.padEnd(17) +
        `${found.length}/${these.length}`.padEnd(7) +
        count('worn').padEnd(6) +
        count('not_worn').padEnd(10) +
        count('worn_improperly').padEnd(17) +
        count('cannot_tell'),
    );
  }
}

/** For the two plain labels: how much is decided at each threshold, and how much of that is right. */
function printThresholds(all: Judged[]): void {
  console.log('\nthreshold  decided  right of decided  bare called worn  masked called not_worn');
  const plain = all.filter(({ reading, label }) => reading && label !== 'worn_improperly');
  for (const threshold of [0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95]) {
    const decided = plain
      .map(({ reading, label }) => ({ label, ...best(reading!) }))
      .filter(({ score }) => score >= threshold);
    const right = decided.filter(({ verdict, label }) => verdict === label).length;
    const missed = decided.filter(({ verdict, label }) => label === 'not_worn' && verdict === 'worn').length;
    const accused = decided.filter(({ verdict, label }) => label === 'worn' && verdict === 'not_worn').length;
    const percent = (part: number, of: number) => `${((100 * part) / Math.max(1, of)).toFixed(1)} %`;
    console.log(
      `${threshold}`.padEnd(11) +
        percent(decided.length, plain.length).padEnd(9) +
        percent(right, decided.length).padEnd(18) +
        `${missed}`.padEnd(18) +
        `${accused}`,
    );
  }
}

function best({ probabilities }: MaskReading): { verdict: Label; score: number } {
  const verdict = labels.reduce((a, b) => (probabilities[b] > probabilities[a] ? b : a));
  return { verdict, score: probabilities[verdict] };
}

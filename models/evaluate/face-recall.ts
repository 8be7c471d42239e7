import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { decodePicture, shrinkPicture } from '../../edge/capture/picture-codec.ts';
import { FaceFinder } from '../../edge/perceive/face-finder.ts';
import { intersectionOverSmaller } from '../../edge/perceive/nms.ts';
import type { Box, Detection } from '../../edge/perceive/perception.ts';
import {
  PersonVehicleDetector,
  stillDetection,
  streamDetection,
} from '../../edge/perceive/person-vehicle-detector.ts';

const usage = `Usage: node models/evaluate/face-recall.ts --pictures FOLDER --labels FILE [--stream]

FILE is tab-separated with a header: image, x, y, width, height, label: the heads in each picture.
Prints per label how many heads have a face found on them, and how many faces are on none.
--stream: search on detected persons only, as for a camera.`;

const { values } = parseArgs({
  options: { pictures: { type: 'string' }, labels: { type: 'string' }, stream: { type: 'boolean' } },
});
if (!values.pictures || !values.labels) {
  console.error(usage);
  process.exit(2);
}

const models = join(import.meta.dirname, '..');
const detector = await PersonVehicleDetector.load(models);
const finder = await FaceFinder.load(models);
const tally = new Map<string, { found: number; all: number }>();
let elsewhere = 0;
let milliseconds = 0;
const heads = await readHeads(values.labels);
for (const [image, labelled] of heads) {
  const full = await decodePicture(join(values.pictures, image));
  const small = await shrinkPicture(full, 640);
  const started = performance.now();
  const wholePicture = !values.stream;
  const detections = await detector.detect(small, wholePicture ? stillDetection : streamDetection);
  const persons = detections
    .filter(({ kind }) => kind === 'person')
    .map((person) => scaled(person, full.width / small.width));
  const faces = await finder.find(full, persons, { wholePicture });
  milliseconds += performance.now() - started;
  for (const { box, label } of labelled) {
    const counts = tally.get(label) ?? { found: 0, all: 0 };
    counts.all++;
    if (faces.some((face) => liesOn(face.box, box))) counts.found++;
    tally.set(label, counts);
  }
  elsewhere += faces.filter((face) => !labelled.some(({ box }) => liesOn(face.box, box))).length;
}
for (const [label, { found, all }] of tally)
  console.log(`${label}: ${found} of ${all} found (${(found / all).toFixed(3)})`);
console.log(
  `${elsewhere} faces on no labelled head, in ${heads.size} pictures; ${Math.round(milliseconds / heads.size)} ms each`,
);

async function readHeads(path: string): Promise<Map<string, { box: Box; label: string }[]>> {
  const [, ...rows] = (await readFile(path, 'utf8')).trim().split('\n');
  const byImage = new Map<string, { box: Box; label: string }[]>();
  for (const row of rows) {
    const [image, x, y, width, height, label] = row.split('\t') as [
      string,
      string,
      string,
      string,
      string,
      string,
    ];
    const box: Box = [Number(x), Number(y), Number(width), Number(height)];
    byImage.set(image, [...(byImage.get(image) ?? []), { box, label }]);
  }
  return byImage;
}

/** A face is smaller than the labelled head: most of it must lie on the head and be of its size. */
function liesOn(face: Box, head: Box): boolean {
  return intersectionOverSmaller(face, head) > 0.6 && face[2] * face[3] > 0.08 * head[2] * head[3];
}

function scaled(detection: Detection, factor: number): Detection {
  return { ...detection, box: detection.box.map((value) => value * factor) as Box };
}

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Picture } from '../../edge/capture/frame.ts';
import { decodePicture } from '../../edge/capture/picture-codec.ts';
import type { PlateReading, Point } from '../../edge/perceive/perception.ts';
import { PlateReader } from '../../edge/perceive/plates/plate-reader.ts';

const usage = `Usage: npm run evaluate -- plates --data DIR [--every N] [--wrong]

Reads plates with the box's own code. DIR holds either labels.tsv (columns image or file, text or text_machine, and
where known x1 y1 … x4 y4) with its pictures, or pictures without plates: then every plate read is a false one.
  --every N   take only every Nth picture
  --wrong     name every plate that was read wrongly or invented`;

const { values } = parseArgs({
  options: { data: { type: 'string' }, every: { type: 'string', default: '1' }, wrong: { type: 'boolean' } },
});
if (!values.data || !(Number(values.every) >= 1)) {
  console.error(usage);
  process.exit(2);
}

type Corners = [Point, Point, Point, Point];
interface Truth {
  text: string;
  corners: Corners | undefined;
}

/** A province read with less is not used for a verdict: the reading counts as `uncertain`. */
const certain = 0.9;

const reader = await PlateReader.load(join(import.meta.dirname, '..'));
const truths = await readLabels(values.data);
const files = (await picturesBelow(values.data)).filter((file) => !truths || truths.has(nameOf(file)));
const counts = {
  pictures: 0,
  plates: 0,
  givenCorners: 0,
  givenCornersText: 0,
  givenCornersProvince: 0,
  found: 0,
  text: 0,
  province: 0,
  certain: 0,
  certainWrong: 0,
  others: 0,
  othersCertain: 0,
  milliseconds: 0,
};
for (const file of files.filter((_, i) => i % Number(values.every) === 0))
  await measure(file, truths?.get(nameOf(file)) ?? []);
await reader.release();
report();

async function measure(file: string, expected: readonly Truth[]): Promise<void> {
  const picture = await decodePicture(file);
  const started = performance.now();
  const readings = await reader.read(picture, [], { wholePicture: true });
  counts.milliseconds += performance.now() - started;
  counts.pictures++;
  const others = new Set(readings);
  for (const truth of expected) {
    counts.plates++;
    if (truth.corners) await measureGivenCorners(picture, truth.text, truth.corners);
    const reading = readings.find((r) => !truth.corners || covers(r.corners, centreOf(truth.corners)));
    if (reading) others.delete(reading);
    measureReading(file, truth.text, reading);
  }
  for (const other of others) {
    counts.others++;
    if (other.characters[0]!.confidence >= certain && other.score >= 0.5) counts.othersCertain++;
    if (values.wrong) console.log(`${file}: invented ${describe(other)}`);
  }
}

async function measureGivenCorners(picture: Picture, text: string, corners: Corners): Promise<void> {
  const reading = await reader.readAt(picture, corners);
  counts.givenCorners++;
  if (reading?.text === text) counts.givenCornersText++;
  if (reading?.text[0] === text[0]) counts.givenCornersProvince++;
}

function measureReading(file: string, text: string, reading: PlateReading | undefined): void {
  if (reading) counts.found++;
  if (reading?.text[0] === text[0]) counts.province++;
  if (reading && reading.characters[0]!.confidence >= certain) {
    counts.certain++;
    if (reading.text[0] !== text[0]) counts.certainWrong++;
  }
  if (reading?.text === text) counts.text++;
  else if (values.wrong) console.log(`${file}: ${text} read as ${reading ? describe(reading) : 'nothing'}`);
}

function report(): void {
  const share = (part: number, whole: number) =>
    `${part} of ${whole} (${((100 * part) / Math.max(1, whole)).toFixed(1)} %)`;
  console.log(`pictures              ${counts.pictures}`);
  if (counts.givenCorners > 0) {
    console.log(`given corners: text   ${share(counts.givenCornersText, counts.givenCorners)}`);
    console.log(`given corners: province ${share(counts.givenCornersProvince, counts.givenCorners)}`);
  }
  if (counts.plates > 0) {
    console.log(`found                 ${share(counts.found, counts.plates)}`);
    console.log(`whole text            ${share(counts.text, counts.plates)}`);
    console.log(`province              ${share(counts.province, counts.plates)}`);
    console.log(`province certain      ${share(counts.certain, counts.plates)}`);
    console.log(`certain but wrong     ${share(counts.certainWrong, counts.certain)}`);
  }
  console.log(`other plates          ${counts.others}, of them certain ${counts.othersCertain}`);
  console.log(`per picture           ${(counts.milliseconds / Math.max(1, counts.pictures)).toFixed(0)} ms`);
}

/** The truth by picture name; undefined when the folder has none. */
async function readLabels(folder: string): Promise<Map<string, Truth[]> | undefined> {
  const table = await readFile(join(folder, 'labels.tsv'), 'utf8').catch(() => undefined);
  if (table === undefined) return undefined;
  const [header, ...rows] = table
    .trim()
    .split('\n')
    .map((row) => row.split('\t'));
  const column = (...names: string[]) => header!.findIndex((name) => names.includes(name));
  const image = column('image', 'file');
  const text = column('text', 'text_machine');
  const truths = new Map<string, Truth[]>();
  for (const row of rows) {
    if (!row[text]) continue;
    const name = nameOf(row[image]!);
    const truth = { text: row[text], corners: cornersOf(row, column('x1'), column('x4')) };
    truths.set(name, [...(truths.get(name) ?? []), truth]);
  }
  return truths;
}

function cornersOf(row: readonly string[], from: number, last: number): Corners | undefined {
  if (from < 0 || last < 0 || !row[from]) return undefined;
  const numbers = row.slice(from, from + 8).map(Number);
  return [0, 2, 4, 6].map((i): Point => [numbers[i]!, numbers[i + 1]!]) as Corners;
}

async function picturesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && /\.(jpe?g|png|webp)$/i.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function centreOf(corners: Corners): Point {
  const mean = (k: 0 | 1) => corners.reduce((sum, corner) => sum + corner[k], 0) / 4;
  return [mean(0), mean(1)];
}

function covers(corners: Corners, [x, y]: Point): boolean {
  const xs = corners.map((corner) => corner[0]);
  const ys = corners.map((corner) => corner[1]);
  return x >= Math.min(...xs) && x <= Math.max(...xs) && y >= Math.min(...ys) && y <= Math.max(...ys);
}

function describe({ text, confidence, score, colour }: PlateReading): string {
  return `${text} (confidence ${confidence.toFixed(2)}, score ${score.toFixed(2)}, ${colour})`;
}

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Picture } from '../../edge/capture/frame.ts';
import { decodePicture } from '../../edge/capture/picture-codec.ts';
import { LatencyWindow } from '../../edge/latency-window.ts';
import type { Box, Detection, PlateReading, Point } from '../../edge/perceive/perception.ts';
import { type Corners, extentOf, overlap } from '../../edge/perceive/plates/plate-cells.ts';
import { parsePlate, provinceCharacters } from '../../edge/perceive/plates/plate-grammar.ts';
import { PlateReader } from '../../edge/perceive/plates/plate-reader.ts';
import { provinceOfReading } from '../../edge/sight/province.ts';
import { type Confusion, drawConfusion } from './confusion-picture.ts';
import { percent } from './percent.ts';
import { picturesBelow } from './pictures-below.ts';
import { nameOf, type PlateLabel, readPlateLabels } from './plate-labels.ts';

const usage = `Usage: npm run evaluate -- plates --data DIR [--every N] [--skip N] [--width PX] [--wrong] [--tables] [--confusion FILE.svg] [--json]

Finds and reads plates with the box's own code. DIR holds labels.tsv (columns image or file, text or text_machine, and
where known x1 y1 … x4 y4 or a box) with its pictures, or pictures without plates: then every plate read is a false one.
  --every N          take only every Nth picture
  --skip N           leave out every Nth picture
  --width PX         leave out narrower plates, along their upper and lower edges: below 40 hardly anybody reads them
  --wrong            name every plate that was missed, read wrongly or invented
  --tables           right and wrong by class and by province
  --confusion FILE   an SVG picture of which province was taken for which
  --json             last line: the figures as JSON`;

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    every: { type: 'string', default: '1' },
    skip: { type: 'string', default: '0' },
    width: { type: 'string', default: '0' },
    wrong: { type: 'boolean' },
    tables: { type: 'boolean' },
    confusion: { type: 'string' },
    json: { type: 'boolean' },
  },
});
if (!values.data || !(Number(values.every) >= 1)) {
  console.error(usage);
  process.exit(2);
}

/** Any home will do: whether a verdict is given does not depend on it. */
const rule = { homeProvince: '苏', watched: [] };

class Tally {
  plates = 0;
  text = 0;
  province = 0;

  add(truth: string, read: string | undefined): void {
    this.plates++;
    if (read === truth) this.text++;
    if (read?.[0] === truth[0]) this.province++;
  }
}

const counts = {
  pictures: 0,
  placed: 0,
  foundAtHalf: 0,
  foundAtMost: 0,
  reported: 0,
  given: new Tally(),
  read: new Tally(),
  onVehicle: new Tally(),
  verdicts: 0,
  verdictsWrong: 0,
  textless: 0,
  textlessRead: 0,
  textlessVerdicts: 0,
  invented: 0,
};
/** Milliseconds of the whole picture, and of one plate on its vehicle. */
const wholeTimes = new LatencyWindow(Number.POSITIVE_INFINITY);
const vehicleTimes = new LatencyWindow(Number.POSITIVE_INFINITY);
const byClass = new Map<string, Tally>();
const byProvince = new Map<string, Tally>();
const confusion: Confusion = new Map();

const reader = await PlateReader.load(join(import.meta.dirname, '..'));
const labels = await readPlateLabels(values.data);
const files = (await picturesBelow(values.data)).filter((file) => !labels || labels.has(nameOf(file)));
const [every, skip] = [Number(values.every), Number(values.skip)];
for (const file of files.filter((_, i) => i % every === 0 && !(skip > 0 && i % skip === 0)))
  await measure(file, labels?.get(nameOf(file)) ?? []);
await reader.release();
await report();

async function measure(file: string, expected: readonly PlateLabel[]): Promise<void> {
  const picture = await decodePicture(file);
  const started = performance.now();
  const readings = await reader.read(picture, [], { wholePicture: true });
  wholeTimes.add(performance.now() - started);
  counts.pictures++;
  const others = new Set(readings);
  for (const truth of expected) {
    const reading = closest(readings, truth);
    if (reading) others.delete(reading);
    if (truth.corners && widthOf(truth.corners) < Number(values.width)) continue;
    if (reading) counts.reported++;
    measurePlace(file, truth, reading);
    if (!truth.text) {
      measureTextless(file, reading);
      continue;
    }
    if (truth.corners && truth.exact) await measureGiven(picture, truth);
    if (truth.corners) await measureOnVehicle(picture, truth.text, truth.corners);
    measureReading(file, truth.text, reading);
  }
  counts.reported += others.size;
  for (const other of others) {
    if (other.text === '' || other.score < 0.5) continue;
    counts.invented++;
    if (values.wrong) console.log(`${file}: invented ${describe(other)}`);
  }
}

/** The reading that lies best on the plate; where no place is known, the best one. */
function closest(readings: readonly PlateReading[], { corners }: PlateLabel): PlateReading | undefined {
  if (!corners) return readings[0];
  const overlaps = readings.map((reading) => overlap(reading.corners, corners));
  const best = overlaps.indexOf(Math.max(...overlaps));
  return overlaps[best]! > 0.1 ? readings[best] : undefined;
}

function measurePlace(file: string, { corners }: PlateLabel, reading: PlateReading | undefined): void {
  if (!corners) return;
  const iou = reading ? overlap(reading.corners, corners) : 0;
  counts.placed++;
  if (iou >= 0.5) counts.foundAtHalf++;
  if (iou >= 0.7) counts.foundAtMost++;
  if (values.wrong && iou < 0.7) console.log(`${file}: plate found with IoU ${iou.toFixed(2)}`);
}

async function measureGiven(picture: Picture, { text, corners }: PlateLabel): Promise<void> {
  const reading = await reader.readAt(picture, corners!);
  counts.given.add(text, reading?.text);
}

/** A plate whose label has no text: of another country, or beyond reading. */
function measureTextless(file: string, reading: PlateReading | undefined): void {
  counts.textless++;
  if (!reading?.text) return;
  counts.textlessRead++;
  const province = provinceOfReading(reading, rule).code;
  if (province) counts.textlessVerdicts++;
  if (values.wrong)
    console.log(`${file}: without text, read as ${describe(reading)}${province ? ' for certain' : ''}`);
}

/** Finds and reads one plate as in the stream: on its vehicle, here a box of a car's size around the plate. */
async function measureOnVehicle(picture: Picture, text: string, corners: Corners): Promise<void> {
  const { left, top, right, bottom } = extentOf(corners);
  const width = (right - left) * 4;
  const x = Math.max(0, (left + right - width) / 2);
  const y = Math.max(0, (top + bottom) / 2 - width * 0.6);
  const box: Box = [x, y, Math.min(width, picture.width - x), Math.min(width * 0.8, picture.height - y)];
  const started = performance.now();
  const vehicle: Detection = { kind: 'vehicle', label: 'car', score: 1, box };
  const [reading] = await reader.read(picture, [vehicle], { wholePicture: false });
  vehicleTimes.add(performance.now() - started);
  counts.onVehicle.add(text, reading?.text);
}

function measureReading(file: string, text: string, reading: PlateReading | undefined): void {
  counts.read.add(text, reading?.text);
  tallyOf(byClass, parsePlate(text)?.class ?? 'unknown').add(text, reading?.text);
  tallyOf(byProvince, text[0]!).add(text, reading?.text);
  const row = confusion.get(text[0]!) ?? new Map<string, number>();
  confusion.set(text[0]!, row);
  const first = reading?.text[0] ?? '';
  row.set(first, (row.get(first) ?? 0) + 1);
  const province = reading && provinceOfReading(reading, rule).code;
  if (reading && province) {
    counts.verdicts++;
    if (province !== text[0]) {
      counts.verdictsWrong++;
      if (values.wrong)
        console.log(`${file}: ${text} has a wrong province for certain, ${describe(reading)}`);
    }
  }
  if (values.wrong && reading?.text !== text)
    console.log(`${file}: ${text} read as ${reading ? describe(reading) : 'nothing'}`);
}

/** Pixels. */
function widthOf([topLeft, topRight, bottomRight, bottomLeft]: Corners): number {
  const along = (a: Point, b: Point) => Math.hypot(b[0] - a[0], b[1] - a[1]);
  return (along(topLeft, topRight) + along(bottomLeft, bottomRight)) / 2;
}

function tallyOf(tallies: Map<string, Tally>, name: string): Tally {
  const tally = tallies.get(name) ?? new Tally();
  tallies.set(name, tally);
  return tally;
}

async function report(): Promise<void> {
  const { given, read } = counts;
  line('pictures', `${counts.pictures}`);
  if (counts.placed > 0) {
    line('found, IoU ≥ 0.5', share(counts.foundAtHalf, counts.placed));
    line('found, IoU ≥ 0.7', share(counts.foundAtMost, counts.placed));
    line('of all reported right', share(counts.foundAtHalf, counts.reported));
  }
  if (given.plates > 0) {
    line('given corners: text', share(given.text, given.plates));
    line('given corners: province', share(given.province, given.plates));
  }
  if (read.plates > 0) {
    line('end to end: text', share(read.text, read.plates));
    line('end to end: province', share(read.province, read.plates));
    line('province verdicts', share(counts.verdicts, read.plates));
    line('wrong verdicts', share(counts.verdictsWrong, counts.verdicts));
  }
  if (counts.onVehicle.plates > 0)
    line('on a vehicle: text', share(counts.onVehicle.text, counts.onVehicle.plates));
  if (counts.textless > 0) {
    line('without text, read', share(counts.textlessRead, counts.textless));
    line('without text, verdicts', share(counts.textlessVerdicts, counts.textless));
  }
  line('invented with text', `${counts.invented}`);
  line('ms, whole picture', spread(wholeTimes));
  if (counts.placed > 0) line('ms, plate on a vehicle', spread(vehicleTimes));
  if (values.tables) {
    table('class', byClass);
    table('province', byProvince);
  }
  if (values.confusion) await writeFile(values.confusion, drawConfusion(confusion, [...provinceCharacters]));
  if (values.json)
    console.log(
      JSON.stringify({
        ...counts,
        milliseconds: wholeTimes.summary().p50,
        onVehicleMilliseconds: vehicleTimes.summary().p50,
      }),
    );
}

function table(name: string, tallies: ReadonlyMap<string, Tally>): void {
  console.log(`\n${name.padEnd(18)} plates  text     province`);
  for (const [key, { plates, text, province }] of [...tallies].sort((a, b) => b[1].plates - a[1].plates))
    console.log(
      `${key.padEnd(18)} ${`${plates}`.padStart(6)}  ${percent(text, plates)}  ${percent(province, plates)}`,
    );
}

function line(name: string, value: string): void {
  console.log(`${name.padEnd(24)} ${value}`);
}

function spread(times: LatencyWindow): string {
  const { p50, p95 } = times.summary();
  return `p50 ${p50}, p95 ${p95}`;
}

function share(part: number, whole: number): string {
  return `${part} of ${whole} (${percent(part, whole).trim()})`;
}

function describe({ text, confidence, score, colour }: PlateReading): string {
  return `${text || 'unreadable'} (confidence ${confidence.toFixed(2)}, score ${score.toFixed(2)}, ${colour})`;
}

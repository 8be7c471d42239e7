import type { Perception, PlateReading } from './perceive/perception.ts';
import { provinceOfReading } from './sight/province.ts';

/** What was looked at: a picture, or one frame of a video. */
export interface Subject {
  file: string;
  /** Counted from 0 among the frames looked at. */
  frame?: number;
  /** Into the video. */
  seconds?: number;
}

/** One look with all it found. */
export interface Found extends Subject {
  width: number;
  height: number;
  perception: Perception;
  home: string | undefined;
}

/** One JSON line; boxes and corners in pixels of the picture, milliseconds of the whole perception. */
export function analysisJson({ perception, home, ...subject }: Found): string {
  const { persons, vehicles, faces, plates, timings } = perception;
  const line = {
    ...subject,
    ms: Math.round(timings.total ?? 0),
    persons: persons.map(({ box, score }) => ({ box: box.map(tenths), score: share(score) })),
    vehicles: vehicles.map(({ box, score, label }) => ({
      box: box.map(tenths),
      score: share(score),
      label,
    })),
    faces: faces.map(({ box, score, landmarks, mask, quality }) => ({
      box: box.map(tenths),
      score: share(score),
      landmarks: landmarks.map((point) => point.map(tenths)),
      mask: { verdict: mask.verdict, score: share(mask.score) },
      quality: share(quality),
    })),
    plates: plates.map((plate) => ({
      corners: plate.corners.map((corner) => corner.map(tenths)),
      score: share(plate.score),
      text: plate.text,
      confidence: share(plate.confidence),
      characters: plate.characters.map(({ text, confidence }) => ({ text, confidence: share(confidence) })),
      class: plate.class,
      colour: plate.colour,
      rows: plate.rows,
      province: provinceOf(plate, home),
    })),
  };
  return `${JSON.stringify(line)}\n`;
}

/** The same for people: one row per finding. */
export function analysisTable({ perception, home, ...subject }: Found): string {
  const { persons, vehicles, faces, plates, timings } = perception;
  const where = subject.seconds === undefined ? '' : ` at ${subject.seconds.toFixed(1)} s`;
  const head = `${subject.file}${where}  ${subject.width}×${subject.height}  ${Math.round(timings.total ?? 0)} ms`;
  const rows = [
    ...persons.map(({ box, score }) => ['person', percent(score), place(box), '']),
    ...vehicles.map(({ box, score, label }) => [label, percent(score), place(box), '']),
    ...faces.map(({ box, score, mask, quality }) => [
      'face',
      percent(score),
      place(box),
      `mask ${mask.verdict} ${percent(mask.score)}, quality ${percent(quality)}`,
    ]),
    ...plates.map((plate) => {
      const { verdict, code } = provinceOf(plate, home);
      const [x, y] = plate.corners[0];
      const province = code ? `${verdict} (${code})` : verdict;
      return [
        'plate',
        percent(plate.score),
        `at ${Math.round(x)},${Math.round(y)}`,
        `${plate.text} ${percent(plate.confidence)}, ${plate.class}, ${province}`,
      ];
    }),
  ] as [string, string, string, string][];
  const lines = rows.map(([what, score, box, more]) =>
    `  ${what.padEnd(11)}${score.padStart(5)}  ${box.padEnd(24)}${more}`.trimEnd(),
  );
  return `${[head, ...(lines.length ? lines : ['  nothing'])].join('\n')}\n`;
}

function provinceOf(plate: PlateReading, home: string | undefined) {
  return provinceOfReading(plate, { homeProvince: home, watched: [] });
}

function place([x, y, width, height]: readonly number[]): string {
  return `${Math.round(width!)}×${Math.round(height!)} at ${Math.round(x!)},${Math.round(y!)}`;
}

const tenths = (pixels: number): number => Math.round(pixels * 10) / 10;
const share = (value: number): number => Math.round(value * 10_000) / 10_000;
const percent = (value: number): string => `${Math.round(value * 100)} %`;

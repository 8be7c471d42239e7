import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Point } from '../../edge/perceive/perception.ts';

/** Corners of a plate, clockwise from top left, pixels. */
type Corners = [Point, Point, Point, Point];

/** One plate of a picture as somebody labelled it. */
export interface PlateLabel {
  /** Empty when the plate is only to be found, not read. */
  text: string;
  /** The upright box where no corners are known; undefined when the picture is nothing but the plate. */
  corners: Corners | undefined;
  /** The corners are the plate's own, not those of an upright box around it. */
  exact: boolean;
}

/**
 * `labels.tsv` of a folder, by picture name: columns image or file, text or text_machine, and where known x1 y1 … x4 y4,
 * or a box as x y w h or x1 y1 x2 y2. Rows labelled `vehicle` are left out. Undefined when the folder has no such file.
 */
export async function readPlateLabels(folder: string): Promise<Map<string, PlateLabel[]> | undefined> {
  const table = await readFile(join(folder, 'labels.tsv'), 'utf8').catch(() => undefined);
  if (table === undefined) return undefined;
  const [header, ...lines] = table.replace(/\r/g, '').trimEnd().split('\n');
  const names = header!.split('\t');
  const labels = new Map<string, PlateLabel[]>();
  for (const line of lines) {
    const cells = line.split('\t');
    const row = Object.fromEntries(names.map((name, i) => [name, cells[i] ?? '']));
    if (row.label === 'vehicle') continue;
    const picture = nameOf(row.image ?? row.file ?? '');
    const label = { text: row.text ?? row.text_machine ?? '', ...cornersOf(row) };
    labels.set(picture, [...(labels.get(picture) ?? []), label]);
  }
  return labels;
}

function cornersOf(row: Record<string, string>): Pick<PlateLabel, 'corners' | 'exact'> {
  const numbers = (...names: string[]) => names.map((name) => Number.parseFloat(row[name] ?? ''));
  const corners = numbers('x1', 'y1', 'x2', 'y2', 'x3', 'y3', 'x4', 'y4');
  if (corners.every(Number.isFinite))
    return {
      corners: [0, 2, 4, 6].map((i): Point => [corners[i]!, corners[i + 1]!]) as Corners,
      exact: true,
    };
  const [x, y, width, height] = numbers('x', 'y', 'w', 'h');
  if (Number.isFinite(height))
    return { corners: boxCorners(x!, y!, x! + width!, y! + height!), exact: false };
  const [left, top, right, bottom] = numbers('x1', 'y1', 'x2', 'y2');
  if (Number.isFinite(bottom)) return { corners: boxCorners(left!, top!, right!, bottom!), exact: false };
  return { corners: undefined, exact: false };
}

function boxCorners(left: number, top: number, right: number, bottom: number): Corners {
  return [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ];
}

/** The last part of a path. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

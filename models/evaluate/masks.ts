import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { decodePicture, shrinkPicture } from '../../edge/capture/picture-codec.ts';
import { LatencyWindow } from '../../edge/latency-window.ts';
import { ModelPerceiver } from '../../edge/perceive/model-perceiver.ts';
import { intersectionOverSmaller, intersectionOverUnion } from '../../edge/perceive/nms.ts';
import type { Box, Face, MaskReading } from '../../edge/perceive/perception.ts';
import { percent } from './percent.ts';

const usage = `Usage: npm run evaluate -- masks --data DIR [--stream] [--least PIXELS] [--wrong] [--json]

Finds faces and says whether they wear a mask, with the box's own code. DIR holds images/ and labels.tsv with a header:
image, x, y, w, h, label; one row per face or head. Labels: worn, not_worn, worn_improperly (or rightmask, nomask,
wrongmask; with_mask, without_mask, mask_weared_incorrect).
  --stream         search on detected persons only, as for a camera
  --least PIXELS   labelled boxes whose longer side is smaller are left out (20)
  --wrong          name every face that was missed or taken for something else, and every face on no labelled one
  --json           last line: the figures as JSON`;

const words: Record<string, Verdict> = {
  worn: 'worn',
  rightmask: 'worn',
  with_mask: 'worn',
  not_worn: 'not_worn',
  nomask: 'not_worn',
  without_mask: 'not_worn',
  worn_improperly: 'worn_improperly',
  wrongmask: 'worn_improperly',
  mask_weared_incorrect: 'worn_improperly',
};
type Verdict = MaskReading['verdict'];
const verdicts: Verdict[] = ['worn', 'not_worn', 'worn_improperly', 'cannot_tell'];

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    stream: { type: 'boolean', default: false },
    least: { type: 'string', default: '20' },
    wrong: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});
if (!values.data) {
  console.error(usage);
  process.exit(2);
}

interface Labelled {
  box: Box;
  label: Verdict;
}

const found = new Map<Verdict, Map<Verdict | 'missed', number>>();
let elsewhere = 0;
const times = new LatencyWindow(Number.POSITIVE_INFINITY);
const perceiver = await ModelPerceiver.load(join(import.meta.dirname, '..'));
for (const [image, labelled] of await readLabels(values.data)) await measure(image, labelled);
await perceiver.release();
report();

async function measure(image: string, labelled: readonly Labelled[]): Promise<void> {
  const full = await decodePicture(join(values.data!, 'images', image));
  const small = await shrinkPicture(full, 640);
  const started = performance.now();
  const { faces } = await perceiver.perceive({ small, full }, { embed: false, wholePicture: !values.stream });
  times.add(performance.now() - started);
  const others = new Set(faces);
  for (const { box, label } of labelled) {
    const face = closest(faces, box);
    if (face) others.delete(face);
    if (Math.max(box[2], box[3]) < Number(values.least)) continue;
    const said = face?.mask.verdict ?? 'missed';
    const row = found.get(label) ?? new Map<Verdict | 'missed', number>();
    found.set(label, row.set(said, (row.get(said) ?? 0) + 1));
    if (values.wrong && said !== label)
      console.log(`${image}: ${label} at ${place(box)} ${face ? `taken for ${said}` : 'missed'}`);
  }
  elsewhere += others.size;
  if (values.wrong)
    for (const { box, score } of others)
      console.log(`${image}: a face on no labelled one at ${place(box)}, score ${score.toFixed(2)}`);
}

/** The face that lies best on a labelled box, which may be a whole head: most of the face on it, and of its size. */
function closest(faces: readonly Face[], labelled: Box): Face | undefined {
  const on = faces.filter(
    ({ box }) =>
      intersectionOverSmaller(box, labelled) > 0.6 && box[2] * box[3] > 0.08 * labelled[2] * labelled[3],
  );
  return on.sort(
    (a, b) => intersectionOverUnion(b.box, labelled) - intersectionOverUnion(a.box, labelled),
  )[0];
}

async function readLabels(folder: string): Promise<Map<string, Labelled[]>> {
  const [, ...rows] = (await readFile(join(folder, 'labels.tsv'), 'utf8')).trim().split('\n');
  const byImage = new Map<string, Labelled[]>();
  for (const row of rows) {
    const [image, x, y, width, height, word] = row.split('\t');
    const label = words[word ?? ''];
    if (!label) throw new Error(`labels.tsv: "${word}" is no label; see the usage`);
    const box: Box = [Number(x), Number(y), Number(width), Number(height)];
    byImage.set(image!, [...(byImage.get(image!) ?? []), { box, label }]);
  }
  return byImage;
}

function report(): void {
  console.log(`${'labelled'.padEnd(16)} faces  found   right  ${verdicts.join('  ')}`);
  for (const [label, row] of found) {
    const all = [...row.values()].reduce((sum, count) => sum + count, 0);
    const missed = row.get('missed') ?? 0;
    const cells = verdicts.map((verdict) => `${row.get(verdict) ?? 0}`.padStart(verdict.length));
    console.log(
      `${label.padEnd(16)} ${`${all}`.padStart(5)} ${percent(all - missed, all)} ${percent(row.get(label) ?? 0, all)}  ${cells.join('  ')}`,
    );
  }
  const { p50, count: pictures } = times.summary();
  console.log(`${elsewhere} faces on no labelled one, in ${pictures} pictures; ms per picture p50 ${p50}`);
  if (values.json)
    console.log(
      JSON.stringify({
        byLabel: Object.fromEntries([...found].map(([label, row]) => [label, Object.fromEntries(row)])),
        elsewhere,
        pictures,
        milliseconds: p50,
      }),
    );
}

function place(box: Box): string {
  return box.map((value) => Math.round(value)).join(',');
}

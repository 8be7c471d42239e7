import { parseArgs } from 'node:util';
import { TemplateTable } from '../../edge/gallery/template-table.ts';

/** Searching the gallery on one thread: `--subjects N` (default 50000) with a template of each kind. Asserts nothing. */
const { values } = parseArgs({ options: { subjects: { type: 'string', default: '50000' } } });
const subjects = Number(values.subjects);
const dimension = 192;

function unitVector(): Float32Array {
  const raw = Float32Array.from({ length: dimension }, () => Math.random() - 0.5);
  const length = Math.hypot(...raw);
  return raw.map((value) => value / length);
}

const tables = { whole: new TemplateTable(dimension), upper: new TemplateTable(dimension) };
for (let row = 0; row < subjects; row++)
  for (const kind of ['whole', 'upper'] as const) {
    const template = { row, subject: String(row), category: 'stranger' as const, kind, expiresAt: 1 };
    tables[kind].add(template, unitVector());
  }

const searches = 200;
const [one, both] = [[] as number[], [] as number[]];
for (let k = 0; k < searches; k++) {
  const face = unitVector();
  const started = performance.now();
  tables.whole.nearest(face, 0);
  one.push(performance.now() - started);
  tables.upper.nearest(face, 0);
  both.push(performance.now() - started);
}
const quantile = (times: number[], share: number) =>
  times.toSorted((a, b) => a - b)[Math.floor(share * (times.length - 1))]!.toFixed(1);
console.log(`${subjects} subjects with a template of each kind, ${dimension} numbers`);
console.table({
  'one kind': { 'p50 ms': quantile(one, 0.5), 'p95 ms': quantile(one, 0.95) },
  'both kinds': { 'p50 ms': quantile(both, 0.5), 'p95 ms': quantile(both, 0.95) },
});
console.log(`${((tables.whole.bytes + tables.upper.bytes) / 1e6).toFixed(0)} MB`);

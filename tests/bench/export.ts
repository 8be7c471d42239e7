import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { newId } from '../../hub/contract/ids.ts';
import { openStore } from '../../hub/store/open-store.ts';
import { buildSighting } from '../builders/sighting.ts';
import { startHubBench } from '../integration/http/hub-bench.ts';

/**
 * A log of `--rows N` (default 1000000) as CSV and XLSX over HTTP. Filled by one process, read by another, so that the
 * memory measured is the hub's alone. Prints, asserts nothing.
 */
const { values } = parseArgs({
  options: { rows: { type: 'string', default: '1000000' }, fill: { type: 'string' } },
});
const rows = Number(values.rows);
const rowsAtOnce = 1000;
if (values.fill !== undefined) {
  await fill(values.fill);
  process.exit();
}

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-export-'));
spawnSync(process.execPath, [import.meta.filename, '--rows', values.rows, '--fill', folder], {
  stdio: 'inherit',
});
const bench = await startHubBench({ folder });
const address = await bench.listen();
const cookie = await bench.logIn('manager');
console.log(`${rows} rows, ${megabytes(bench.store.databaseBytes())} MB of database`);

for (const format of ['csv', 'xlsx']) {
  const before = process.memoryUsage.rss();
  let peak = before;
  let longestMs = 0;
  let last = performance.now();
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
    longestMs = Math.max(longestMs, performance.now() - last - 20);
    last = performance.now();
  }, 20);
  const processor = process.cpuUsage();
  const started = performance.now();
  const bytes = await download(format);
  clearInterval(watch);
  const { user, system } = process.cpuUsage(processor);
  console.table({
    [format]: {
      seconds: ((performance.now() - started) / 1000).toFixed(1),
      'processor seconds': ((user + system) / 1e6).toFixed(1),
      MB: megabytes(bytes),
      'RSS before MB': megabytes(before),
      'RSS peak MB': megabytes(peak),
      'longest wait ms': longestMs.toFixed(0),
    },
  });
}
await bench.stop();

async function fill(into: string): Promise<void> {
  const store = await openStore({ database: join(into, 'hub.sqlite'), evidence: join(into, 'evidence') });
  const from = Date.parse('2026-01-01T00:00:00.000Z');
  for (let row = 0; row < rows; row += rowsAtOnce) {
    const page = Array.from({ length: rowsAtOnce }, (_, at) => buildRow(from + (row + at) * 1000));
    await store.database.insertInto('sighting').values(page).execute();
  }
  await store.close();
}

function buildRow(at: number) {
  const occurredAt = new Date(at).toISOString();
  const plate = { text: `苏A${String(at / 1000).slice(-5)}`, confidence: 0.93, votes: 5 };
  const sighting = buildSighting({
    id: newId(at),
    kind: 'vehicle',
    occurredAt,
    decidedAt: occurredAt,
    plate: {
      ...plate,
      class: 'small_car',
      characters: [...plate.text].map((text) => ({ text, confidence: 0.9 })),
    },
    verdicts: { province: { verdict: 'home', code: '苏', confidence: 0.93, votes: 5 } },
    flags: [],
  });
  const { id, revision, site, box, gate, camera, kind, direction } = sighting;
  return {
    ...{ id, revision, site, box, gate, camera, kind, direction },
    subject: plate.text,
    plate: plate.text,
    occurred_at: occurredAt,
    received_at: occurredAt,
    alert_id: null,
    body: JSON.stringify(sighting),
  };
}

/** Read by another process, so that the memory measured is the hub's alone. Gives the bytes that arrived. */
function download(format: string): Promise<number> {
  const program = `let bytes = 0;
    const reply = await fetch(process.argv[1], { headers: { cookie: process.argv[2] } });
    for await (const chunk of reply.body) bytes += chunk.length;
    console.log(bytes);`;
  const url = `${address}/api/v1/exports/sightings.${format}`;
  const client = spawn(process.execPath, ['--input-type=module', '-e', program, url, cookie]);
  client.stderr.pipe(process.stderr);
  return new Promise((resolve) => client.stdout.once('data', (text) => resolve(Number(text))));
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}

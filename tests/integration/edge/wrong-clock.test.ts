import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { gateRecipe } from '../../../edge/sample/recipe.ts';
import { renderSampleFootage } from '../../../edge/sample/render-sample.ts';
import type { SiteHealth } from '../../../hub/contract/api.ts';
import { writeBoxFiles } from '../../builders/box-files.ts';
import { end, freePort, HubProcess } from '../../builders/hub-process.ts';

const root = join(import.meta.dirname, '../../..');
const folder = mkdtempSync(join(tmpdir(), 'gatehouse-wrong-clock-'));
const yearMs = 365 * 86_400_000;
/** Runs first in every thread of the box: its clock is ten years behind. */
const behind = `data:text/javascript,${encodeURIComponent(`
  const real = Date, now = Date.now.bind(Date);
  globalThis.Date = class extends real {
    constructor(...words) { words.length ? super(...words) : super(now() - ${10 * yearMs}); }
    static now() { return now() - ${10 * yearMs}; }
  };
`)}`;

let hub: HubProcess;

beforeAll(async () => {
  hub = new HubProcess({
    dataFolder: join(folder, 'hub'),
    port: await freePort(),
    mqttPort: await freePort(),
  });
  hub.addAdmin();
  await hub.start();
});
afterAll(() => hub.kill());

test('a box whose clock is ten years behind says so, loses nothing, and the hub shows by how much', async () => {
  const { video } = await renderSampleFootage({
    outFolder: join(folder, 'sample'),
    recipe: { ...gateRecipe, seconds: 7, passages: gateRecipe.passages.slice(0, 1) },
  });
  const { output, exitCode, health } = await runBox(video);

  expect(output).toMatch(/CLOCK_WRONG/);
  expect(exitCode).toBe(0);
  const sightings = await hub.sightings();
  expect(sightings).toHaveLength(1);
  expect(sightings[0]!.phase).toBe('closed');
  expect(Date.now() - Date.parse(sightings[0]!.occurredAt)).toBeGreaterThan(9.9 * yearMs);
  for (const { id } of sightings[0]!.evidence) expect((await hub.evidence(id)).length).toBeGreaterThan(1000);
  expect(health.boxes[0]!.clockSkewSeconds).toBeCloseTo((-10 * yearMs) / 1000, -1);
}, 120_000);

/** The box's own process until its footage has ended and the hub has everything; with what the hub then knew of it. */
async function runBox(source: string): Promise<{ output: string; exitCode: number; health: SiteHealth }> {
  const config = writeBoxFiles(join(folder, 'box'), hub, { source });
  const words = ['--import', behind, 'edge/main.ts', 'run', '--config', config, '--once'];
  const box = spawn(process.execPath, words, { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] });
  let output = '';
  box.stderr.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  try {
    const [exitCode] = await once(box, 'exit');
    return { output, exitCode, health: await hub.read<SiteHealth>('/site/health') };
  } finally {
    await end(box, 'SIGKILL');
  }
}

import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { gateRecipe } from '../../edge/sample/recipe.ts';
import { renderSampleFootage } from '../../edge/sample/render-sample.ts';
import { openSqlite } from '../../edge/sqlite.ts';
import type { Sighting } from '../../hub/contract/sighting.ts';
import { writeBoxFiles } from '../builders/box-files.ts';
import { end, freePort, HubProcess } from '../builders/hub-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'mid-footage-'));
const root = join(import.meta.dirname, '../..');
let hub: HubProcess;
let box: ChildProcess | undefined;

afterAll(async () => {
  await end(box, 'SIGKILL');
  await hub.kill();
});

function startBox(): ChildProcess {
  return spawn(process.execPath, ['edge/main.ts', 'run', '--config', join(folder, 'box/box.json')], {
    cwd: root,
    stdio: ['ignore', 'ignore', process.env.SHOW_LOGS ? 'inherit' : 'ignore'],
  });
}

async function configureBox(): Promise<void> {
  const { video } = await renderSampleFootage({
    outFolder: join(folder, 'sample'),
    recipe: { ...gateRecipe, seconds: 14 },
  });
  writeBoxFiles(join(folder, 'box'), hub, { source: video, loop: true });
}

/** The sightings that wait on the disk of the box. */
function waiting(): Sighting[] {
  const database = openSqlite(join(folder, 'box/outbox.sqlite'));
  const rows = database
    .prepare<[], { payload: Buffer }>("SELECT payload FROM item WHERE kind = 'sighting'")
    .all();
  database.close();
  return rows.map(({ payload }) => JSON.parse(payload.toString()));
}

async function until<T>(look: () => T | Promise<T>, enough: (found: T) => boolean): Promise<T> {
  for (const deadline = performance.now() + 90_000; ; await sleep(300)) {
    const found = await look();
    if (enough(found)) return found;
    if (performance.now() > deadline) throw new Error(`not within 90 s: ${look}`);
  }
}

test('a box killed in the middle of the footage, while the hub was down, delivers what it had seen once it is back', async () => {
  hub = new HubProcess({
    dataFolder: join(folder, 'hub'),
    port: await freePort(),
    mqttPort: await freePort(),
  });
  hub.addAdmin();
  await configureBox();
  await hub.start();
  box = startBox();
  await until(
    () => hub.sightings(),
    (log) => log.length > 0,
  );

  await hub.kill();
  await until(waiting, (sightings) => sightings.length >= 3);
  await end(box, 'SIGKILL');
  const owed = waiting();

  await hub.start();
  box = startBox();
  const log = await until(
    () => hub.sightings(),
    (all) =>
      owed.every((sighting) =>
        all.some(({ id, revision }) => id === sighting.id && revision >= sighting.revision),
      ),
  );
  expect(new Set(log.map(({ id }) => id)).size).toBe(log.length);
  for (const picture of owed.flatMap(({ evidence }) => evidence)) {
    const bytes = await hub.evidence(picture.id);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(picture.sha256);
  }
}, 400_000);

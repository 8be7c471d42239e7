import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Evidence } from '../../hub/contract/sighting.ts';
import { end, freePort, HubProcess } from '../builders/hub-process.ts';

interface Accepted {
  id: string;
  revision: number;
  evidence: Evidence[];
}

/** Starts, kills and restarts the feeder, and remembers all it accepted over its lives. */
class FedBox {
  readonly accepted: Accepted[] = [];
  drained = false;
  readonly #words: string[];
  #child: ChildProcess | undefined;

  constructor(folder: string, url: string, token: string) {
    this.#words = [
      join(import.meta.dirname, 'feeder.ts'),
      join(folder, 'outbox.sqlite'),
      url,
      token,
      'east-box',
    ];
  }

  start(): void {
    this.#child = spawn(process.execPath, this.#words, {
      stdio: ['ignore', 'pipe', process.env.SHOW_LOGS ? 'inherit' : 'ignore'],
    });
    let rest = '';
    this.#child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop()!;
      for (const line of lines) this.#take(line);
    });
  }

  async kill(): Promise<void> {
    await end(this.#child, 'SIGKILL');
  }

  /** Returns once `count` more revisions were accepted: a slow machine must not turn a kill in the middle into one before the start. */
  async accepts(count: number): Promise<void> {
    const goal = this.accepted.length + count;
    await waitUntil(() => this.accepted.length >= goal, 'the box does not accept');
  }

  /** No more sightings; returns once the outbox is empty. */
  async finish(): Promise<void> {
    this.#child?.kill('SIGUSR2');
    await waitUntil(() => this.drained, 'the outbox does not drain');
  }

  #take(line: string): void {
    if (line === 'drained') this.drained = true;
    else this.accepted.push(JSON.parse(line));
  }
}

async function waitUntil(condition: () => boolean, otherwise: string): Promise<void> {
  for (const deadline = performance.now() + 60_000; !condition(); await sleep(20)) {
    if (performance.now() > deadline) throw new Error(otherwise);
  }
}

/** A real Mosquitto on a loopback port; undefined where it is not installed. */
const mosquitto = ['/usr/sbin/mosquitto', 'mosquitto'].find(
  (path) => spawnSync(path, ['-h']).error === undefined,
);

function startMosquitto(folder: string, port: number): ChildProcess {
  const config = join(folder, 'mosquitto.conf');
  writeFileSync(config, `listener ${port} 127.0.0.1\nallow_anonymous true\npersistence false\n`);
  return spawn(mosquitto!, ['-c', config], { stdio: 'ignore' });
}

let folder: string;
let hub: HubProcess;
let box: FedBox;

async function startSite(brokerUrl?: string): Promise<void> {
  folder = mkdtempSync(join(tmpdir(), 'kill-'));
  const [port, mqttPort] = [await freePort(), await freePort()];
  hub = new HubProcess({ dataFolder: join(folder, 'hub'), port, mqttPort, brokerUrl });
  hub.addAdmin();
  const token = hub.admitBox('east-box');
  await hub.start();
  box = new FedBox(folder, brokerUrl ?? `mqtt://127.0.0.1:${mqttPort}`, token);
  box.start();
}

async function expectEverythingOnce(): Promise<void> {
  await box.finish();
  const log = await hub.sightings();
  const newest = new Map(box.accepted.map(({ id, revision }) => [id, revision]));
  expect(newest.size).toBeGreaterThan(80);
  expect(new Set(log.map(({ id }) => id)).size).toBe(log.length);
  // A kill may fall between the commit in the outbox and the print, so the hub may know more than was printed, never less.
  const known = new Map(log.map(({ id, revision }) => [id, revision]));
  const lost = [...newest].filter(([id, revision]) => (known.get(id) ?? 0) < revision);
  expect(lost).toEqual([]);
  expect(log.length - newest.size).toBeLessThanOrEqual(5);

  for (const [picture] of box.accepted.slice(0, 20).map(({ evidence }) => evidence)) {
    const bytes = await hub.evidence(picture.id);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(picture.sha256);
  }
}

describe('with the embedded broker', () => {
  beforeEach(() => startSite());
  afterEach(async () => {
    await box.kill();
    await hub.kill();
  });

  test('a box killed three times while it sends loses nothing and doubles nothing', async () => {
    for (let kills = 0; kills < 3; kills++) {
      await box.accepts(60);
      await box.kill();
      box.start();
    }
    await box.accepts(30);
    await expectEverythingOnce();
  }, 150_000);

  test('a hub, its broker with it, killed three times while it takes in loses nothing and doubles nothing', async () => {
    for (let kills = 0; kills < 3; kills++) {
      await box.accepts(60);
      await hub.kill();
      await hub.start();
    }
    await box.accepts(30);
    await expectEverythingOnce();
  }, 150_000);
});

describe.skipIf(!mosquitto)('with Mosquitto', () => {
  let broker: ChildProcess;
  let port: number;

  beforeEach(async () => {
    port = await freePort();
    broker = startMosquitto(mkdtempSync(join(tmpdir(), 'mosquitto-')), port);
    await sleep(300);
    await startSite(`mqtt://127.0.0.1:${port}`);
  });
  afterEach(async () => {
    await box.kill();
    await hub.kill();
    await end(broker, 'SIGKILL');
  });

  test('a broker killed twice, with all it held in memory, loses nothing and doubles nothing', async () => {
    for (let kills = 0; kills < 2; kills++) {
      await box.accepts(60);
      await end(broker, 'SIGKILL');
      await sleep(300);
      broker = startMosquitto(mkdtempSync(join(tmpdir(), 'mosquitto-')), port);
    }
    await box.accepts(60);
    await expectEverythingOnce();
  }, 150_000);
});

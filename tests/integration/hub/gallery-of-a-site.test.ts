import { randomBytes, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { SqliteGallery } from '../../../edge/gallery/sqlite-gallery.ts';
import { SqliteOutbox } from '../../../edge/outbox/sqlite-outbox.ts';
import { openSqlite } from '../../../edge/sqlite.ts';
import { MqttUplink } from '../../../edge/uplink/mqtt-uplink.ts';
import type { BoxAddress } from '../../../hub/contract/topics.ts';
import { buildGallery, dimension } from '../../builders/gallery.ts';
import { boxToken, eastBox, type RunningHub, runHub, temporaryFolder, westBox } from './run-hub.ts';

const siteKey = randomBytes(32);
const manager = { id: randomUUID(), displayName: 'a manager' };
const later = Date.now() + 3_600_000;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let hub: RunningHub;
let logged: string;
const boxes: Box[] = [];

beforeEach(async () => {
  folder = await temporaryFolder();
  hub = await runHub(folder.path);
  logged = '';
});
afterEach(async () => {
  for (const box of boxes.splice(0)) await box.leave();
  await hub.stop();
  await folder.remove();
});

function keepLine(line: Buffer, _: string, done: () => void): void {
  logged += line;
  done();
}

/** A box as it is, without cameras: its gallery, its outbox and its line to the hub. */
class Box {
  readonly gallery: SqliteGallery;
  readonly #address: BoxAddress;
  #uplink: MqttUplink | undefined;

  constructor(address: BoxAddress) {
    this.#address = address;
    this.gallery = buildGallery(() => this.#uplink?.wake(), siteKey, address.box);
    boxes.push(this);
  }

  come(): void {
    const log = pino({ level: 'trace' }, new Writable({ write: keepLine }));
    this.#uplink = new MqttUplink(
      { address: this.#address, url: hub.url, token: boxToken, version: '0', bootId: randomUUID() },
      {
        outbox: new SqliteOutbox(openSqlite(':memory:'), () => {}),
        gallery: this.gallery,
        listener: { policyChanged: () => {} },
        log,
        now: Date.now,
      },
    );
    this.#uplink.start();
  }

  async leave(): Promise<void> {
    await this.#uplink?.stop();
    this.#uplink = undefined;
  }

  enrol(subject: string, embedding: Float32Array): void {
    this.gallery.enrol({ subject, category: 'stranger', kind: 'whole', embedding, expiresAt: later });
  }
}

function someFace(): Float32Array {
  const raw = Float32Array.from({ length: dimension }, () => Math.random() - 0.5);
  const length = Math.hypot(...raw);
  return raw.map((value) => value / length);
}

const soon = (check: () => void | Promise<void>) => vi.waitFor(check, { timeout: 8_000, interval: 20 });

describe('over the real line', () => {
  test('a stranger of one box is known at the other, also after the hub was started again', async () => {
    const [east, west] = [new Box(eastBox), new Box(westBox)];
    const [subject, face] = [randomUUID(), someFace()];
    east.come();
    east.enrol(subject, face);
    await soon(() => expect(east.gallery.pending(1)).toEqual([]));
    await east.leave();
    await hub.stop();
    hub = await runHub(folder.path);
    west.come();
    await soon(() => expect(west.gallery.nearest(face, 'whole', Date.now())?.subject).toBe(subject));
  });

  test('no byte of an embedding is in the hub’s files or in any log', async () => {
    const east = new Box(eastBox);
    const face = someFace();
    east.come();
    east.enrol(randomUUID(), face);
    await soon(() => expect(east.gallery.pending(1)).toEqual([]));
    const files = readdirSync(folder.path, { recursive: true, withFileTypes: true });
    const kept = files
      .filter((each) => each.isFile())
      .map((each) => readFileSync(join(each.parentPath, each.name)));
    const all = Buffer.concat([...kept, Buffer.from(logged)]);
    expect(all.includes('"state":"kept"')).toBe(true);
    const plain = Buffer.from(face.buffer);
    for (const form of [
      plain.subarray(0, 8),
      plain.toString('base64').slice(0, 12),
      plain.toString('hex').slice(0, 16),
    ])
      expect(all.includes(form)).toBe(false);
    for (const value of face) expect(all.includes(String(value).slice(0, 9))).toBe(false);
  });
});

describe('forgetting', () => {
  /** Two boxes that know somebody; the western one has left. */
  async function knownToBothWithOneAway() {
    const [east, west] = [new Box(eastBox), new Box(westBox)];
    const subject = randomUUID();
    for (const box of [east, west]) box.come();
    east.enrol(subject, someFace());
    await soon(() => expect(west.gallery.size).toBe(1));
    await west.leave();
    return { east, west, subject };
  }

  test('reaches the boxes that are there at once, and one that was away when it comes; then the certificate is complete', async () => {
    const { east, west, subject } = await knownToBothWithOneAway();
    const asked = await hub.erasures.ask('demo', subject, 'asked for it', manager);
    expect(asked).toMatchObject({
      subjects: [subject],
      isComplete: false,
      covers: expect.arrayContaining(['face_templates']),
    });
    await soon(async () =>
      expect((await hub.erasures.certificate(asked.id)).boxes).toEqual([
        { box: 'east-box', confirmedAt: expect.any(String), templates: 1 },
        { box: 'west-box' },
      ]),
    );
    expect([east.gallery.size, west.gallery.size]).toEqual([0, 1]);

    west.come();
    await soon(async () => expect((await hub.erasures.certificate(asked.id)).isComplete).toBe(true));
    expect(west.gallery.size).toBe(0);
    const certificate = await hub.erasures.certificate(asked.id);
    expect(certificate.sha256).not.toBe(asked.sha256);
    expect(await hub.erasures.list('demo')).toEqual([certificate]);
  });

  test('a box that was away and has more of the forgotten to send brings nobody back', async () => {
    const { east, west, subject } = await knownToBothWithOneAway();
    west.enrol(subject, someFace());
    const { id } = await hub.erasures.ask('demo', subject, 'asked for it', manager);
    west.come();
    await soon(async () => expect((await hub.erasures.certificate(id)).isComplete).toBe(true));
    await soon(() => expect([east, west].map(({ gallery }) => gallery.pending(1).length)).toEqual([0, 0]));
    expect([east.gallery.size, west.gallery.size]).toEqual([0, 0]);
    const retained = (await hub.store.retained.all()).map(({ payload }) => Buffer.from(payload).toString());
    expect(retained.join()).toContain('"forgotten"');
    expect(retained.join()).not.toContain('"kept"');
  });

  test('asked twice it is one erasure', async () => {
    const subject = randomUUID();
    const first = await hub.erasures.ask('demo', subject, 'asked for it', manager);
    expect((await hub.erasures.ask('demo', subject, 'again', manager)).id).toBe(first.id);
  });

  test('takes every name of somebody whom two boxes had met under two', async () => {
    const [east, west] = [new Box(eastBox), new Box(westBox)];
    const [lesser, greater] = [randomUUID(), randomUUID()].sort();
    const face = someFace();
    east.enrol(lesser, face);
    west.enrol(greater, face);
    for (const box of [east, west]) box.come();
    await soon(() => {
      for (const { gallery } of [east, west])
        expect([gallery.nearest(face, 'whole', Date.now())?.subject, gallery.size]).toEqual([lesser, 2]);
    });
    await soon(() => expect(hub.broker.connected).toBe(true));
    const asked = await hub.erasures.ask('demo', greater, 'asked for it', manager);
    await soon(async () => expect((await hub.erasures.certificate(asked.id)).isComplete).toBe(true));
    await soon(() => expect([east.gallery.size, west.gallery.size]).toEqual([0, 0]));
    await soon(async () =>
      expect((await hub.erasures.certificate(asked.id)).subjects).toEqual([lesser, greater]),
    );
  });
});

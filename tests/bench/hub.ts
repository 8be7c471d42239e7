import { createHash, randomBytes } from 'node:crypto';
import { constants, cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { connectAsync, type MqttClient } from 'mqtt';
import type { Receipt, Sighting } from '../../hub/contract/sighting.ts';
import { boxTopic } from '../../hub/contract/topics.ts';
import { freePort, HubProcess } from '../builders/hub-process.ts';
import { Compound, randomFrom, type Visitor } from './compound.ts';
import { firstMidnight, seedLog } from './seed-log.ts';

/**
 * The hub in a process of its own, on a seeded log: searches through HTTP, one after the other, then sightings and
 * pictures through MQTT as boxes send them, counted when their receipts come, which is after the commit.
 * `--sightings N`, `--days N`, `--data FOLDER` reuses what is seeded there, `--queries N` of each search, `--seconds N`
 * of each way of taking in, `--json` a last line for programs. What is seeded stays as it is: the hub runs on a copy.
 * Asserts nothing.
 */
const { values } = parseArgs({
  options: {
    sightings: { type: 'string', default: '2000000' },
    days: { type: 'string', default: '60' },
    data: { type: 'string' },
    queries: { type: 'string', default: '300' },
    seconds: { type: 'string', default: '15' },
    json: { type: 'boolean' },
  },
});
const [sightings, days] = [Number(values.sightings), Number(values.days)];
const [queries, seconds] = [Number(values.queries), Number(values.seconds)];

/** Two boxes at each of four gates. */
const boxNames = ['east', 'north', 'south', 'west'].flatMap((side) => [`${side}-box-1`, `${side}-box-2`]);
/** Messages of one box on their way at most, as the uplink of a box has it. */
const inFlight = 50;
const pictureBytes = 60_000;
const dayMs = 86_400_000;
/** A hub counts requests by address; believes, on loopback, whom a proxy names; and lets one address ask so often. */
const requestsPerAddress = 50;

const seeded = values.data ?? mkdtempSync(join(tmpdir(), 'bench-hub-'));
if (!existsSync(join(seeded, 'hub.sqlite'))) await seedLog(seeded, sightings, days, Date.now());
const dataFolder = `${seeded}-in-use`;
rmSync(dataFolder, { recursive: true, force: true });
cpSync(seeded, dataFolder, { recursive: true, mode: constants.COPYFILE_FICLONE });

const hub = new HubProcess({
  dataFolder,
  port: await freePort(),
  mqttPort: await freePort(),
  launched: true,
});
hub.addAdmin();
const tokens = boxNames.map((box) => hub.admitBox(box));
await hub.start();
// Whatever goes wrong here, the hub does not outlive it.
process.on('exit', () => {
  hub.abandon();
  rmSync(dataFolder, { recursive: true, force: true });
  if (!values.data) rmSync(seeded, { recursive: true, force: true });
});
const cookie = await hub.logIn();

const random = randomFrom(7);
const oneOf = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
const compound = new Compound({ sightings, days, seed: Date.now() });
const everybody = [...compound.residents, ...compound.strangers];
const vehicles = everybody.filter(({ kind }) => kind === 'vehicle');
const firstDay = firstMidnight(days, Date.now());
let requests = 0;

const searches = {
  trajectory: () => {
    const from = firstDay + Math.floor(random() * Math.max(1, days - 7)) * dayMs;
    return `/subjects/${encodeURIComponent(someone().subject)}/trajectory?${window(from, 7)}&limit=200`;
  },
  plates: () => `/plates?pattern=${encodeURIComponent(remembered())}&similar=${random() < 0.5}`,
  sightingsOfPlates: () =>
    `/sightings?plate=${encodeURIComponent(remembered())}&similar=${random() < 0.5}&limit=50`,
  monthFlow: () => `/flows?${window(firstDay + Math.floor(random() * Math.max(1, days - 30)) * dayMs, 30)}`,
  open: () => '/visits?state=open&limit=50',
  presence: () => {
    const from = firstDay + Math.floor(random() * days * 24) * 3_600_000;
    return `/presence?${window(from, 1 / 24)}&limit=200`;
  },
  companions: () => `/subjects/${encodeURIComponent(oneOf(compound.residents).subject)}/companions`,
};
const times = {} as Record<keyof typeof searches, number[]>;
for (const name of Object.keys(searches) as (keyof typeof searches)[]) {
  times[name] = [];
  for (let done = -60; done < queries; done++) {
    const spent = await ask(searches[name]());
    if (done >= 0) times[name].push(spent);
  }
}
const rssAfterSearchesMb = memoryMb('VmHWM');

const boxes = await Promise.all(boxNames.map((box, at) => connect(box, tokens[at]!)));
const ingest = await takeIn(1, async (box, count) => {
  const sighting = { ...compound.sightingAt(Date.now() + (count % 1000)), evidence: [] };
  await box.sendSighting({ ...sighting, box: box.name, gate: box.gate, camera: `${box.gate}-lane` });
});
const named = await takeIn(1, async (box, count) => {
  const sighting = compound.sightingAt(Date.now() + (count % 1000));
  await box.sendSighting({ ...sighting, box: box.name, gate: box.gate, camera: `${box.gate}-lane` });
});
const withPictures = await takeIn(2, async (box, count) => {
  const picture = randomPicture();
  const sighting = compound.sightingAt(Date.now() + (count % 1000));
  const evidence = [{ ...sighting.evidence[0]!, sha256: picture.sha256 }];
  await Promise.all([
    box.sendPicture(evidence[0]!.id, picture.jpeg),
    box.sendSighting({ ...sighting, evidence, box: box.name, gate: box.gate, camera: `${box.gate}-lane` }),
  ]);
});
const rssMb = memoryMb('VmHWM');
const { hub: health } = await hub.read<{ hub: { databaseBytes: number; counters: Record<string, number> } }>(
  '/site/health',
);
for (const { mqtt } of boxes) await mqtt.endAsync(true);
await hub.stop();
rmSync(dataFolder, { recursive: true });

const result = {
  trajectoryP95Ms: quantile(times.trajectory, 0.95),
  plateSearchP95Ms: Math.max(quantile(times.plates, 0.95), quantile(times.sightingsOfPlates, 0.95)),
  monthFlowP95Ms: quantile(times.monthFlow, 0.95),
  ingestPerSecond: ingest.perSecond,
  evidencePerSecond: withPictures.perSecond,
  rssMb: Math.round(rssMb),
};
const rows: [string, string, string][] = [
  ['7-day trajectory, ms', inMs(times.trajectory), '≤ 10'],
  ['plates by a part, ms', inMs(times.plates), '≤ 30'],
  ['sightings by part of a plate, ms', inMs(times.sightingsOfPlates), '≤ 30'],
  ['a month’s hourly flows, ms', inMs(times.monthFlow), '≤ 100'],
  ['who is in now, ms', inMs(times.open), ''],
  ['who was there in an hour, ms', inMs(times.presence), ''],
  ['who passes with a resident, ms', inMs(times.companions), ''],
  ['sightings committed a second', `${ingest.perSecond}`, '≥ 3000'],
  ['  processor time of each, ms', `${ingest.processorMs}`, ''],
  ['… each naming a picture', `${named.perSecond}`, ''],
  ['  processor time of each, ms', `${named.processorMs}`, ''],
  ['… each with its picture of 60 kB', `${withPictures.perSecond}`, '≥ 300'],
  ['  processor time of each, ms', `${withPictures.processorMs}`, ''],
  ['memory at most, MB', `${Math.round(rssMb)}`, '≤ 300'],
  ['memory after the searches, MB', `${Math.round(rssAfterSearchesMb)}`, ''],
];
console.log(
  `${sightings} sightings seeded, database ${(health.databaseBytes / 1e9).toFixed(1)} GB, ${queries} of each search`,
);
console.log(`${''.padEnd(36)} ${'p50 / p95'.padEnd(18)} wanted (p95)`);
for (const [what, value, wanted] of rows) console.log(`${what.padEnd(36)} ${value.padEnd(18)} ${wanted}`);
const odd = Object.entries(health.counters).filter(([name]) => /refused|failed|unsent|STORAGE/.test(name));
if (odd.length > 0) console.log(`counted by the hub: ${JSON.stringify(Object.fromEntries(odd))}`);
if (values.json) console.log(JSON.stringify(result));
process.exit(0);

/** Milliseconds until the whole answer is here. */
async function ask(path: string): Promise<number> {
  const address = `10.1.${Math.floor(requests / requestsPerAddress / 250)}.${Math.floor(requests / requestsPerAddress) % 250}`;
  requests++;
  const startedAt = performance.now();
  const reply = await fetch(`${hub.address}/api/v1${path}`, {
    headers: { cookie, 'x-forwarded-for': address },
  });
  const body = await reply.text();
  const spent = performance.now() - startedAt;
  // A stranger of the seed may not have come yet.
  if (!reply.ok && !body.includes('SUBJECT_UNKNOWN')) throw new Error(`${path}: ${body}`);
  return spent;
}

/** Residents are looked up more often than strangers. */
function someone(): Visitor {
  return random() < 0.8 ? oneOf(compound.residents) : oneOf(compound.strangers);
}

/** What somebody remembers of a plate: its beginning, its middle, or all but a character or two. */
function remembered(): string {
  const characters = [...oneOf(vehicles).subject];
  const chance = random();
  if (chance < 0.25) return `${characters.slice(0, 3 + Math.floor(random() * 3)).join('')}*`;
  if (chance < 0.5) {
    const from = 2 + Math.floor(random() * 3);
    return `*${characters.slice(from, from + 3).join('')}*`;
  }
  characters[Math.floor(random() * 7)] = '?';
  if (chance < 0.8) characters[Math.floor(random() * 7)] = '?';
  return characters.join('');
}

function window(from: number, windowDays: number): string {
  return `from=${new Date(from).toISOString()}&to=${new Date(from + windowDays * dayMs).toISOString()}`;
}

interface BenchBox {
  name: string;
  gate: string;
  mqtt: MqttClient;
  /** Resolves with the receipt. */
  sendSighting(sighting: Sighting): Promise<void>;
  sendPicture(id: string, jpeg: Buffer): Promise<void>;
}

async function connect(name: string, password: string): Promise<BenchBox> {
  const address = { site: 'demo', box: name };
  const mqtt = await connectAsync(`mqtt://127.0.0.1:${hub.mqttPort}`, {
    protocolVersion: 4,
    username: `demo/${name}`,
    clientId: `demo/${name}`,
    password,
  });
  const waiting = new Map<string, () => void>();
  mqtt.on('message', (_, payload) => {
    const receipt = JSON.parse(payload.toString()) as Receipt;
    if (receipt.refused.length > 0) throw new Error(JSON.stringify(receipt.refused));
    for (const id of [...receipt.sightings.map(({ id }) => id), ...receipt.evidence]) {
      waiting.get(id)?.();
      waiting.delete(id);
    }
  });
  await mqtt.subscribeAsync(boxTopic(address, 'receipts'), { qos: 1 });
  const send = (topic: string, id: string, payload: string | Buffer) =>
    new Promise<void>((resolve) => {
      waiting.set(id, resolve);
      mqtt.publish(topic, payload, { qos: 1 });
    });
  return {
    name,
    gate: name.replace(/box-.*/, 'gate'),
    mqtt,
    sendSighting: (sighting) => send(boxTopic(address, 'sightings'), sighting.id, JSON.stringify(sighting)),
    sendPicture: (id, jpeg) => send(boxTopic(address, 'evidence', id), id, jpeg),
  };
}

/** Seconds of processor time that the hub has used, all threads together. */
function processorSeconds(): number {
  const fields = readFileSync(`/proc/${hub.pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** How many a second have their receipts, every box with its window full all the time. */
async function takeIn(
  messagesEach: number,
  sendOne: (box: BenchBox, count: number) => Promise<void>,
): Promise<{ perSecond: number; processorMs: number }> {
  let [done, sent] = [0, 0];
  let sending = true;
  const lanes = boxes.flatMap((box) =>
    Array.from({ length: inFlight / messagesEach }, async () => {
      while (sending) {
        await sendOne(box, sent++);
        done++;
      }
    }),
  );
  await sleep(2000);
  const [before, usedBefore, startedAt] = [done, processorSeconds(), performance.now()];
  await sleep(seconds * 1000);
  const count = done - before;
  const perSecond = (count / (performance.now() - startedAt)) * 1000;
  const processorMs = ((processorSeconds() - usedBefore) * 1000) / count;
  sending = false;
  await Promise.all(lanes);
  return { perSecond: Math.round(perSecond), processorMs: Math.round(processorMs * 100) / 100 };
}

/** Begins and ends as a JPEG does; no two alike. */
function randomPicture(): { jpeg: Buffer; sha256: string } {
  const jpeg = Buffer.alloc(pictureBytes, 0x5a);
  randomBytes(32).copy(jpeg, 100);
  jpeg.set([0xff, 0xd8, 0xff, 0xe0]);
  jpeg.set([0xff, 0xd9], jpeg.length - 2);
  return { jpeg, sha256: createHash('sha256').update(jpeg).digest('hex') };
}

/** Resident set of the hub: now (`VmRSS`) or at its most (`VmHWM`), in MB. */
function memoryMb(what: 'VmRSS' | 'VmHWM'): number {
  const line = readFileSync(`/proc/${hub.pid}/status`, 'utf8').match(new RegExp(`${what}:\\s+(\\d+) kB`));
  return (Number(line?.[1]) * 1024) / 1e6;
}

function inMs(list: number[]): string {
  return `${quantile(list, 0.5)} / ${quantile(list, 0.95)}`;
}

/** Nearest rank, to a tenth. */
function quantile(list: number[], q: number): number {
  const sorted = [...list].sort((a, b) => a - b);
  return Math.round((sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? Number.NaN) * 10) / 10;
}

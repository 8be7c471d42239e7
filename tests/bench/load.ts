import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, type IncomingMessage, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import Database from 'better-sqlite3';
import { connectAsync, type MqttClient } from 'mqtt';
import { Accounts } from '../../hub/accounts/accounts.ts';
import { LogInThrottle } from '../../hub/accounts/log-in-throttle.ts';
import { SecondFactors } from '../../hub/accounts/second-factors.ts';
import { hashBoxToken, newBoxToken } from '../../hub/broker/box-token.ts';
import { systemClock } from '../../hub/clock.ts';
import { newId } from '../../hub/contract/ids.ts';
import type { Sighting } from '../../hub/contract/sighting.ts';
import { boxTopic } from '../../hub/contract/topics.ts';
import { openKeyRing } from '../../hub/keys/key-file.ts';
import { openDatabase } from '../../hub/store/open-database.ts';
import { SqlAccountStore } from '../../hub/store/sql-account-store.ts';
import { SqlBoxStore } from '../../hub/store/sql-box-store.ts';
import { SqlSecondFactorStore } from '../../hub/store/sql-second-factor-store.ts';
import { freePort, HubProcess } from '../builders/hub-process.ts';
import { buildSighting } from '../builders/sighting.ts';

/**
 * A hub in a process of its own under a storm: tablets that stream, boxes that send, readers that do not read, sockets
 * that say nothing. Prints how long an alert takes to a healthy tablet before and during, the memory, and whether
 * anything was lost. Asserts nothing but that.
 */
const { values } = parseArgs({
  options: {
    tablets: { type: 'string', default: '200' },
    boxes: { type: 'string', default: '50' },
    sightings: { type: 'string', default: '10000' },
    seconds: { type: 'string', default: '60' },
    slow: { type: 'string', default: '20' },
    'half-open': { type: 'string', default: '100' },
    quiet: { type: 'string', default: '15' },
  },
});
const amount = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, Number(value)]));
const password = 'a-bench-password';
const streamsPerSession = 5;
const probeEveryMs = 250;
/** Gates that the storm comes to. */
const storming = 10;
/** As many as a box has on the way at most. */
const itemsInFlight = 50;

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-load-'));
const hub = new HubProcess({
  dataFolder: folder,
  port: await freePort(),
  mqttPort: await freePort(),
  launched: true,
});
const tokens = await provision();
await hub.start();
const boxes = await Promise.all([...tokens].map(([box, token]) => openBox(box, token)));
const sockets: Socket[] = [];
const memory: number[] = [];
/** How long the hub took to answer another question during the storm, milliseconds. */
const answers: number[] = [];
const sentAt = new Map<string, number>();
/** Milliseconds from sending to each of the tablets that listen closely. */
const delays: { quiet: number[]; storm: number[] } = { quiet: [], storm: [] };
let phase: keyof typeof delays = 'quiet';
let bytes = 0;
let received = 0;
const phaseOf = new Map<string, keyof typeof delays>();

const tablets = await openTablets(amount.tablets);
console.log(`${boxes.length} boxes, ${tablets.length} tablets, hub at ${megabytes(await memoryNow())}`);

const watching = watch();
const probing = probe();
await sleep(amount.quiet * 1000);

await openSlowReaders();
phase = 'storm';
openHalfOpen();
const begin = performance.now();
const { acknowledged, lastMs } = await storm();
const drainedMs = performance.now() - begin;
await untilTabletsHave(3);
probing.abort();
await sleep(1000);
watching.abort();

report();
await Promise.all(boxes.map((box) => box.endAsync(true)));
for (const response of tablets) response.destroy();
for (const socket of sockets) socket.destroy();
await hub.stop();
const lost = verify();
rmSync(folder, { recursive: true });
process.exit(lost ? 1 : 0);

/** People and boxes, written before the hub starts. */
async function provision(): Promise<Map<string, string>> {
  const database = await openDatabase(join(folder, 'hub.sqlite'));
  const keys = openKeyRing(join(folder, 'hub.key'));
  const accounts = new Accounts({
    store: new SqlAccountStore(database),
    throttle: new LogInThrottle(),
    secondFactors: new SecondFactors(new SqlSecondFactorStore(database), keys, 'Gatehouse', systemClock),
    requireSecondFactor: false,
    guardsOnlyOnPairedTablets: async () => false,
    site: 'demo',
    clock: systemClock,
  });
  await accounts.addPerson({ username: 'boss', displayName: 'Li', role: 'manager', password });
  const store = new SqlBoxStore(database);
  const made = new Map<string, string>();
  for (let at = 0; at < amount.boxes; at++) {
    const token = newBoxToken();
    await store.admit({ site: 'demo', box: `box-${at}` }, hashBoxToken(token), new Date().toISOString());
    made.set(`box-${at}`, token);
  }
  await database.destroy();
  return made;
}

function openBox(box: string, token: string): Promise<MqttClient> {
  const username = `demo/${box}`;
  return connectAsync(`mqtt://127.0.0.1:${hub.mqttPort}`, {
    protocolVersion: 4,
    username,
    clientId: username,
    password: token,
    keepalive: 600,
    reconnectPeriod: 0,
  });
}

/** From an address of its own for every session, as tablets have: limits of rates count by address. */
function addressOf(session: number): string {
  return `127.0.${1 + Math.floor(session / 200)}.${1 + (session % 200)}`;
}

function ask(
  path: string,
  options: { method?: string; cookie?: string; from: string; body?: object },
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers = {
      ...(options.cookie && { cookie: options.cookie }),
      ...(options.body && { 'content-type': 'application/json' }),
    };
    const agent = new Agent({ localAddress: options.from } as object);
    const sent = request(`${hub.address}/api/v1${path}`, { method: options.method, headers, agent }, resolve);
    sent.on('error', reject);
    sent.end(options.body && JSON.stringify(options.body));
  });
}

async function openTablets(count: number): Promise<IncomingMessage[]> {
  const opened: IncomingMessage[] = [];
  for (let session = 0; opened.length < count; session++) {
    const from = addressOf(session);
    const cookie = await logIn(from);
    for (let at = 0; at < streamsPerSession && opened.length < count; at++) {
      const stream = await ask('/stream', { cookie, from });
      if (stream.statusCode !== 200) throw new Error(`stream: ${stream.statusCode}`);
      const closely = opened.length < 3;
      if (closely) listenClosely(stream);
      else
        stream.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
        });
      stream.on('error', () => {});
      opened.push(stream);
    }
  }
  return opened;
}

async function logIn(from: string): Promise<string> {
  const reply = await ask('/session', { method: 'POST', from, body: { username: 'boss', password } });
  reply.resume();
  if (reply.statusCode !== 200) throw new Error(`log-in: ${reply.statusCode}`);
  return (reply.headers['set-cookie']?.[0] ?? '').split(';')[0];
}

/** Looks at every event: when the alert of a probe came. */
function listenClosely(stream: IncomingMessage): void {
  let rest = '';
  const seen = new Set<string>();
  stream.setEncoding('utf8').on('data', (text: string) => {
    const blocks = (rest + text).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      if (!block.includes('"type":"alert"')) continue;
      const id = block.match(/"sighting":"([0-9a-f-]{36})"/)?.[1] ?? '';
      const at = sentAt.get(id);
      if (at === undefined || seen.has(id)) continue;
      seen.add(id);
      received += 1;
      delays[phaseOf.get(id) ?? 'storm'].push(performance.now() - at);
    }
  });
}

/** Now and then one alert at a gate where nothing else happens. */
function probe(): AbortController {
  const ending = new AbortController();
  const go = async () => {
    for (let count = 0; !ending.signal.aborted; count++) {
      const sighting = sightingOf('box-0', `calm-${count % 40}`, {
        kind: 'vehicle',
        flags: ['watched_province'],
        verdicts: {},
        plate: plateOf(count),
      });
      sentAt.set(sighting.id, performance.now());
      phaseOf.set(sighting.id, phase);
      void boxes[0].publishAsync(boxTopic(sighting, 'sightings'), JSON.stringify(sighting), { qos: 1 });
      await sleep(probeEveryMs);
    }
  };
  void go();
  return ending;
}

function plateOf(count: number): Sighting['plate'] {
  const text = `鄂A${String(count).padStart(5, '0')}`;
  return { text, class: 'small_car', confidence: 0.9, characters: [], votes: 3 };
}

function sightingOf(box: string, gate: string, change: Partial<Sighting> = {}): Sighting {
  const at = new Date().toISOString();
  return buildSighting({
    id: newId(Date.now()),
    box,
    gate,
    camera: `${gate}-lens`.slice(0, 40),
    occurredAt: at,
    decidedAt: at,
    ...change,
  });
}

/** Evenly over the seconds and the boxes, each with its window; resolves when the last is acknowledged. */
async function storm(): Promise<{ acknowledged: number; lastMs: number }> {
  let acknowledged = 0;
  const started = performance.now();
  const sendShare = async (number: number) => {
    const inFlight = new Set<Promise<unknown>>();
    for (let at = number; at < amount.sightings; at += boxes.length) {
      const early = (at / amount.sightings) * amount.seconds * 1000 - (performance.now() - started);
      if (early > 5) await sleep(early);
      if (inFlight.size >= itemsInFlight) await Promise.race(inFlight);
      const sighting = sightingOf(`box-${number}`, `storm-${at % storming}`);
      const published: Promise<unknown> = boxes[number]
        .publishAsync(boxTopic(sighting, 'sightings'), JSON.stringify(sighting), { qos: 1 })
        .then(() => {
          acknowledged += 1;
          inFlight.delete(published);
        });
      inFlight.add(published);
    }
    const lastMs = performance.now() - started;
    await Promise.all(inFlight);
    return lastMs;
  };
  const ends = await Promise.all(boxes.map((_, number) => sendShare(number)));
  return { acknowledged, lastMs: Math.max(...ends) };
}

/** Tablets that ask for the stream and then read nothing. */
async function openSlowReaders(): Promise<void> {
  for (let at = 0; at < amount.slow; at++) {
    const from = `127.0.99.${1 + at}`;
    const stream = await ask('/stream', { cookie: await logIn(from), from });
    stream.pause();
    stream.on('error', () => {});
    tablets.push(stream);
  }
}

/** Connections that say nothing, on both doors. */
function openHalfOpen(): void {
  for (let at = 0; at < amount['half-open']; at++) {
    const port = at % 2 === 0 ? hub.port : hub.mqttPort;
    sockets.push(connect({ port, host: '127.0.0.1', localAddress: '127.0.98.1' }).on('error', () => {}));
  }
}

function watch(): AbortController {
  const ending = new AbortController();
  void (async () => {
    while (!ending.signal.aborted) {
      const asked = performance.now();
      const text = await metrics().catch(() => '');
      memory.push(readMetric(text, 'resident_memory_bytes'));
      if (phase === 'storm') answers.push(performance.now() - asked);
      await sleep(1000);
    }
  })();
  return ending;
}

function readMetric(text: string, metric: string): number {
  const line = text.split('\n').find((entry) => entry.startsWith(`gatehouse_hub_${metric} `));
  return Number(line?.split(' ').at(-1));
}

async function metrics(): Promise<string> {
  return (await fetch(`${hub.address}/metrics`)).text();
}

async function memoryNow(): Promise<number> {
  return readMetric(await metrics(), 'resident_memory_bytes');
}

/** Until every probe has come to every tablet that listens closely, for at most a minute. */
async function untilTabletsHave(listeners: number): Promise<void> {
  for (let count = 0; count < 600 && received < (sentAt.size - 4) * listeners; count++) await sleep(100);
}

function report(): void {
  const quantile = (times: number[], share: number) =>
    Math.round(times.toSorted((a, b) => a - b)[Math.floor(share * (times.length - 1))] ?? Number.NaN);
  const row = (times: number[]) => ({
    alerts: times.length,
    'p50 ms': quantile(times, 0.5),
    'p95 ms': quantile(times, 0.95),
    'max ms': quantile(times, 1),
  });
  console.table({ quiet: row(delays.quiet), storm: row(delays.storm) });
  console.log(`ratio of p95: ${(quantile(delays.storm, 0.95) / quantile(delays.quiet, 0.95)).toFixed(1)}`);
  console.log(
    `${acknowledged} of ${amount.sightings} sightings acknowledged; sent in ${(lastMs / 1000).toFixed(1)} s, the last acknowledged after ${(drainedMs / 1000).toFixed(1)} s (${Math.round((acknowledged / drainedMs) * 1000)}/s)`,
  );
  const known = memory.filter(Number.isFinite);
  const curve = known.filter((_, at) => at % Math.max(1, Math.ceil(known.length / 12)) === 0).map(megabytes);
  console.log(`memory of the hub: at most ${megabytes(Math.max(...known))}; ${curve.join(', ')}`);
  console.log(
    `another question during the storm: p50 ${quantile(answers, 0.5)} ms, at most ${quantile(answers, 1)} ms (${answers.length} asked)`,
  );
  console.log(`${megabytes(bytes)} to the tablets that only read`);
}

/** True when a sighting or an alert is missing. */
function verify(): boolean {
  const database = new Database(join(folder, 'hub.sqlite'), { readonly: true });
  const one = (sql: string) => Number(database.prepare(sql).pluck().get());
  const expected = amount.sightings + sentAt.size;
  const kept = one('select count(*) from sighting');
  const without = one('select count(*) from sighting where alert_id is null');
  const alerts = one('select count(*) from alert');
  const stoodFor = one(
    `select sum(coalesce(json_extract(body, '$.storm.count'), 1 + json_extract(body, '$.repeats')) + json_array_length(body, '$.cameras')) from alert`,
  );
  database.close();
  console.log(
    `sightings: ${kept} of ${expected}; without an alert: ${without}; ${alerts} alerts stand for ${stoodFor}`,
  );
  return kept !== expected || without > 0 || stoodFor !== expected;
}

function megabytes(count: number): string {
  return `${Math.round(count / 1e6)} MB`;
}

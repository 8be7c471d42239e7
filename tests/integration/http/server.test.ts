import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Alert, SiteHealth } from '../../../hub/contract/api.ts';
import { newId } from '../../../hub/contract/ids.ts';
import { type Hub, startHub } from '../../../hub/server.ts';
import { buildJpeg, buildSighting, describeEvidence } from '../../builders/sighting.ts';
import { type BoxClient, connectBox } from '../hub/box-client.ts';

const address = { site: 'demo', box: 'east-box' };
const password = 'correct-horse-battery';
let folder: string;
let hub: Hub | undefined;
let box: BoxClient | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-server-'));
});
afterEach(async () => {
  await box?.close();
  await hub?.stop();
  box = undefined;
  hub = undefined;
});
afterAll(() => rm(folder, { recursive: true }));

function start(dataFolder: string, change: Partial<Parameters<typeof startHub>[0]> = {}): Promise<Hub> {
  const log = pino({ level: 'silent' });
  return startHub({
    dataFolder,
    site: 'demo',
    port: 0,
    mqttPort: 0,
    requireSecondFactor: false,
    log,
    ...change,
  });
}

async function logIn(to: Hub, username: string): Promise<(path: string) => Promise<Response>> {
  const reply = await fetch(`${to.address}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password }),
  });
  expect(reply.status).toBe(200);
  const cookie = reply.headers.get('set-cookie')?.split(';')[0] ?? '';
  return (path) => fetch(`${to.address}/api/v1${path}`, { headers: { cookie } });
}

/** Reads until `wanted` is in what came. */
async function readUntil(response: Response, wanted: string): Promise<string> {
  let text = '';
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    if (text.includes(wanted)) return text;
  }
  throw new Error(`the stream ended without ${wanted}: ${text}`);
}

test('a sighting from a box reaches the tablet, the log and the evidence, and survives a restart', async () => {
  const data = join(folder, 'restart');
  hub = await start(data);
  const guard = await hub.accounts.addPerson({
    username: 'guard',
    displayName: '王',
    role: 'guard',
    password,
  });
  await hub.accounts.addPerson({ username: 'boss', displayName: '李', role: 'manager', password });
  await hub.duty.clockIn(guard, 'east-gate');
  const token = await hub.admitBox(address);
  const ask = await logIn(hub, 'guard');
  const stream = await ask('/stream');

  box = await connectBox(hub.mqttAddress, address, { password: token });
  const jpeg = buildJpeg();
  const evidence = describeEvidence(jpeg);
  const now = Date.now();
  const at = new Date(now).toISOString();
  const sighting = buildSighting({ id: newId(now), occurredAt: at, decidedAt: at, evidence: [evidence] });
  await box.sendEvidence(evidence.id, jpeg);
  await box.sendSighting(sighting);

  const rang = await readUntil(stream, '"type":"alert"');
  expect(rang).toContain(sighting.id);
  const { items } = (await (await ask('/alerts')).json()) as { items: Alert[] };
  expect(items).toMatchObject([{ sighting: sighting.id, state: 'open', audience: 'on_duty' }]);
  const picture = Buffer.from(await (await ask(`/evidence/${evidence.id}`)).arrayBuffer());
  expect(createHash('sha256').update(picture).digest('hex')).toBe(evidence.sha256);
  await box.close();
  box = undefined;
  await hub.stop();

  hub = await start(data);
  const again = await logIn(hub, 'guard');
  expect(((await (await again('/alerts')).json()) as { items: Alert[] }).items).toEqual(items);
  expect((await (await again('/session')).json()).duty).toMatchObject({ gate: 'east-gate' });
  box = await connectBox(hub.mqttAddress, address, { password: token });
  const health = (await (await (await logIn(hub, 'boss'))('/site/health')).json()) as SiteHealth;
  expect(health.hub).toMatchObject({ broker: 'embedded', brokerConnected: true });
  expect(health.boxes).toMatchObject([address]);
});

test('a box gets the policy that a manager set, and a changed one at once', async () => {
  hub = await start(join(folder, 'policy'));
  const token = await hub.admitBox(address);
  const campaign = {
    enabled: true,
    reason: 'flu season',
    owner: 'Li',
    startsAt: '2026-03-01T00:00:00.000Z',
    endsAt: '2026-04-01T00:00:00.000Z',
  };
  await hub.policy.change('demo', { homeProvince: '苏', mask: campaign, strangerRetentionDays: 14 }, 'test');
  box = await connectBox(hub.mqttAddress, address, { password: token });
  const versions = () =>
    box?.messages
      .filter(({ topic }) => topic.endsWith('/policy'))
      .map(({ payload }) => JSON.parse(payload.toString()).version);

  await expect.poll(versions).toEqual([1]);
  await hub.policy.change('demo', { homeProvince: '浙', strangerRetentionDays: 7 }, 'test');
  await expect.poll(versions).toEqual([1, 2]);
});

test('a box with a wrong token is not let in', async () => {
  hub = await start(join(folder, 'token'));
  await hub.admitBox(address);
  await expect(connectBox(hub.mqttAddress, address, { password: 'wrong' })).rejects.toThrow(
    /Not authorized|refused/i,
  );
});

test('the data folder is readable by nobody else', async () => {
  const data = join(folder, 'rights');
  hub = await start(data);
  expect((await stat(data)).mode & 0o077).toBe(0);
});

test('a port that is taken stops the start with its code, and leaves nothing running', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as AddressInfo;
  const data = join(folder, 'taken');
  await expect(start(data, { port })).rejects.toMatchObject({ code: 'HTTP_PORT_TAKEN' });
  await expect(start(data, { mqttPort: port })).rejects.toMatchObject({ code: 'BROKER_PORT_TAKEN' });
  taken.close();
  hub = await start(data);
});

test('with an external broker that is away the hub serves, says that it is not well, and keeps a policy change', async () => {
  hub = await start(join(folder, 'external'), { externalBroker: { url: 'mqtt://127.0.0.1:9' } });
  const health = await fetch(`${hub.address}/api/v1/health`);
  expect(health.status).toBe(503);
  expect(await health.json()).toEqual({ ok: false });
  await hub.admitBox(address);
  await hub.policy.change('demo', { homeProvince: '浙', strangerRetentionDays: 7 }, 'test');
  expect(await hub.policy.current('demo')).toMatchObject({ version: 1, homeProvince: '浙' });
});

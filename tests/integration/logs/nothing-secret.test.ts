import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { runCommand } from '../../../hub/command-line.ts';
import { newId } from '../../../hub/contract/ids.ts';
import { boxTopic } from '../../../hub/contract/topics.ts';
import { createLog } from '../../../hub/log.ts';
import { end, freePort } from '../../builders/hub-process.ts';
import { buildJpeg, buildSighting, describeEvidence } from '../../builders/sighting.ts';
import { connectBox } from '../hub/box-client.ts';

/** Each stands for a kind of secret; none is a word that a log has of its own. */
const canaries = {
  wrongPassword: 'canary-wrong-password-7f3a',
  newPassword: 'canary-new-password-91bc',
  username: 'canary.username',
  displayName: '金丝雀王',
  unknownName: 'canary-nobody',
  plate: '苏E7CNRY',
  searched: '京A9CNRY',
  subject: '0195500c-cafe-4000-8000-00000c0ffee0',
  reason: 'canary-reason-of-the-campaign',
  owner: 'canary-owner-of-the-rule',
  note: 'canary-note-of-the-guard',
  madeUpCookie: 'canary-cookie-5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5',
  madeUpToken: 'canary-box-token-3e3e',
  metricsToken: 'canary-metrics-token-8b8b',
  brokenBody: 'canary-in-a-broken-body',
  deadLetter: 'canary-in-a-dead-letter',
} as const;
const adminPassword = 'a-test-password-1';

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-logs-'));
let child: ChildProcess;
let output = '';
let address: string;
let mqttPort: number;
let boxToken: string;
const secrets: Record<string, string> = { ...canaries, adminPassword };

beforeAll(async () => {
  const port = await freePort();
  mqttPort = await freePort();
  await command(['person', 'add', 'admin', '--role', 'admin', '--password-stdin'], adminPassword);
  // A rule is switched on by two.
  await command(['person', 'add', 'second', '--role', 'manager']);
  boxToken = (await command(['box', 'add', '--box', 'east-box', '--site', 'demo'])).trim();
  secrets.boxToken = boxToken;
  const words = [
    'serve',
    '--site',
    'demo',
    '--port',
    `${port}`,
    '--mqtt-port',
    `${mqttPort}`,
    '--data',
    folder,
    '--tls',
    'auto',
    '--second-factor',
    'optional',
  ];
  child = spawn(process.execPath, ['hub/main.ts', ...words], {
    cwd: join(import.meta.dirname, '../../..'),
    env: { ...process.env, LOG_LEVEL: 'trace', GATEHOUSE_METRICS_TOKEN: canaries.metricsToken },
  });
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
  await vi.waitFor(() => expect(output).toContain('hub is running'), { timeout: 25_000, interval: 50 });
  address = `https://127.0.0.1:${port}`;
});
afterAll(async () => {
  await end(child, 'SIGKILL');
  rmSync(folder, { recursive: true });
});

/** Runs one command of the hub on the folder and gives what it said. */
async function command(words: string[], input = ''): Promise<string> {
  let said = '';
  const stdout = new Writable({
    write(chunk, _encoding, done) {
      said += chunk;
      done();
    },
  });
  const around = {
    env: {},
    stdin: Readable.from([input]),
    stdout,
    stderr: stdout,
    stopped: Promise.resolve(),
  };
  expect(await runCommand({ ...around, argv: [...words, '--data', folder] })).toBe(0);
  return said;
}

/** Asks over the hub's own TLS: the authority is not one that this process knows, and a test of logs need not check it. */
async function ask(
  method: string,
  path: string,
  { cookie = '', body = undefined as unknown, raw = undefined as string | undefined } = {},
) {
  const { request } = await import('node:https');
  const payload = raw ?? (body === undefined ? undefined : JSON.stringify(body));
  return new Promise<{ status: number; cookie: string; text: string }>((resolve, reject) => {
    const headers = {
      cookie,
      'sec-fetch-site': 'same-origin',
      ...(payload !== undefined && { 'content-type': 'application/json' }),
    };
    const ca = readFileSync(join(folder, 'tls/authority.crt'));
    const sent = request(`${address}${path}`, { method, headers, ca }, (reply) => {
      let text = '';
      reply.setEncoding('utf8').on('data', (piece) => {
        text += piece;
      });
      reply.on('end', () =>
        resolve({
          status: reply.statusCode ?? 0,
          cookie: (reply.headers['set-cookie']?.[0] ?? '').split(';')[0],
          text,
        }),
      );
    });
    sent.on('error', reject);
    sent.end(payload);
  });
}

test('a whole day at the loudest level says no password, token, cookie, name, plate, subject or note', async () => {
  const api = '/api/v1';
  const { cookie, status } = await ask('POST', `${api}/session`, {
    body: { username: 'admin', password: adminPassword },
  });
  expect(status).toBe(200);
  secrets.sessionToken = cookie.split('=')[1];
  secrets.sessionHash = createHash('sha256').update(secrets.sessionToken).digest('hex');
  const codes: Record<string, number> = {};
  const deed = async (name: string, ...question: Parameters<typeof ask>) => {
    const reply = await ask(question[0], question[1], { cookie, ...question[2] });
    codes[name] = reply.status;
    return reply;
  };

  await deed('wrong password', 'POST', `${api}/session`, {
    body: { username: 'admin', password: canaries.wrongPassword },
  });
  await deed('nobody', 'POST', `${api}/session`, {
    body: { username: canaries.unknownName, password: canaries.wrongPassword },
  });
  await deed('made-up cookie', 'GET', `${api}/session`, {
    cookie: `gatehouse_session=${canaries.madeUpCookie}`,
  });
  const person = {
    username: canaries.username,
    displayName: canaries.displayName,
    role: 'guard',
    password: canaries.newPassword,
  };
  await deed('person', 'POST', `${api}/people`, { body: person });
  await deed('person again', 'POST', `${api}/people`, { body: person });
  const campaign = {
    enabled: true,
    reason: canaries.reason,
    owner: canaries.owner,
    startsAt: '2026-03-01T00:00:00.000Z',
    endsAt: '2099-04-01T00:00:00.000Z',
  };
  await deed('policy', 'PUT', `${api}/policy`, {
    body: { homeProvince: '苏', mask: campaign, strangerRetentionDays: 14 },
  });
  await deed('broken body', 'POST', `${api}/people`, { raw: `{"password":"${canaries.brokenBody}` });
  await deed('wrong field', 'POST', `${api}/people`, {
    body: { ...person, username: 'X Y', colour: canaries.brokenBody },
  });

  const wrongToken = { password: canaries.madeUpToken, rejectUnauthorized: false };
  const url = `mqtts://127.0.0.1:${mqttPort}`;
  const eastBox = { site: 'demo', box: 'east-box' };
  await expect(connectBox(url, eastBox, wrongToken)).rejects.toThrow();
  const box = await connectBox(url, eastBox, { password: boxToken, rejectUnauthorized: false } as object);
  const now = Date.now();
  const at = new Date(now).toISOString();
  const jpeg = buildJpeg();
  const evidence = describeEvidence(jpeg);
  secrets.picture = jpeg.toString('base64').slice(0, 60);
  const plate = {
    text: canaries.plate,
    class: 'small_car' as const,
    confidence: 1,
    characters: [],
    votes: 3,
  };
  const vehicle = buildSighting({
    id: newId(now),
    occurredAt: at,
    decidedAt: at,
    kind: 'vehicle',
    plate,
    flags: ['out_of_province'],
    verdicts: {},
    evidence: [evidence],
  });
  const stranger = buildSighting({
    id: newId(now),
    occurredAt: at,
    decidedAt: at,
    subject: canaries.subject,
  });
  await box.sendEvidence(evidence.id, jpeg);
  for (const sighting of [vehicle, stranger, vehicle]) await box.sendSighting(sighting);
  await box.publish(
    boxTopic(eastBox, 'sightings'),
    JSON.stringify({ ...vehicle, id: newId(now), [canaries.deadLetter]: canaries.deadLetter }),
  );
  await box.publish(
    boxTopic(eastBox, 'sightings'),
    JSON.stringify({ ...vehicle, camera: 'other', revision: 2 }),
  );
  await box.close();

  const alerts = JSON.parse((await deed('alerts', 'GET', `${api}/alerts`)).text).items as { id: string }[];
  expect(alerts).toHaveLength(2);
  await deed('acknowledge', 'POST', `${api}/alerts/${alerts[0].id}/acknowledge`);
  await deed('acknowledge again', 'POST', `${api}/alerts/${alerts[0].id}/acknowledge`);
  await deed('resolve', 'POST', `${api}/alerts/${alerts[0].id}/resolve`, {
    body: { disposition: 'other', note: canaries.note },
  });
  await deed('search', 'GET', `${api}/sightings?plate=${encodeURIComponent(canaries.searched)}`);
  await deed('trajectory', 'GET', `${api}/subjects/${encodeURIComponent(canaries.plate)}/trajectory`);
  await deed('erasure', 'POST', `${api}/subjects/${canaries.subject}/erasure`, {
    body: { reason: canaries.reason },
  });
  await deed('evidence', 'GET', `${api}/evidence/${evidence.id}`);
  await deed('nothing there', 'GET', `${api}/${encodeURIComponent(canaries.searched)}`);
  await deed('log out', 'DELETE', `${api}/session`);
  expect(codes).toEqual({
    'wrong password': 401,
    nobody: 401,
    'made-up cookie': 401,
    person: 201,
    'person again': 409,
    policy: 202,
    'broken body': 400,
    'wrong field': 400,
    alerts: 200,
    acknowledge: 200,
    'acknowledge again': 409,
    resolve: 200,
    search: 200,
    trajectory: 200,
    erasure: 201,
    evidence: 200,
    'nothing there': 404,
    'log out': 204,
  });
  await end(child, 'SIGTERM');

  expect(output.split('\n').filter((line) => line.includes('request answered')).length).toBeGreaterThan(15);
  expect(output).toContain('hub stopped');
  const key = JSON.parse(readFileSync(join(folder, 'tls/authority.json'), 'utf8')).key as string;
  secrets.authorityKey = key.split('\n')[1];
  for (const [kind, secret] of Object.entries(secrets)) {
    const shapes = [
      secret,
      encodeURIComponent(secret),
      JSON.stringify(secret).slice(1, -1),
      Buffer.from(secret).toString('base64').replace(/=+$/, ''),
    ];
    for (const shape of shapes) expect([kind, output.includes(shape)]).toEqual([kind, false]);
  }
});

test('what a line must not say is struck out wherever it stands, and in an error too', () => {
  const lines: string[] = [];
  const log = createLog('trace', { write: (line: string) => void lines.push(line) });
  const secret = 'must-not-be-said';
  const person = { username: secret, displayName: secret, password: secret };
  log.info(
    { ...person, plate: { text: secret }, request: { headers: { cookie: secret, authorization: secret } } },
    'x',
  );
  log.info({ deep: { deeper: { deepest: person } }, list: [person] }, 'x');
  log.error(
    {
      err: Object.assign(new Error('failed'), {
        details: { plate: secret },
        token: secret,
        config: { privateKey: secret },
      }),
    },
    'x',
  );
  log.error(
    { err: new Error('outer', { cause: Object.assign(new Error('inner'), { password: secret }) }) },
    'x',
  );
  expect(lines).toHaveLength(4);
  for (const line of lines) expect(line).not.toContain(secret);
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type HubBench, startHubBench } from './hub-bench.ts';

let bench: HubBench;
let manager: string;
beforeAll(async () => {
  bench = await startHubBench();
  manager = await bench.logIn('manager');
});
afterAll(() => bench.stop());

let addresses = 0;
function ask(
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  url: string,
  cookie: string | undefined,
  payload?: object,
) {
  const headers = { 'sec-fetch-site': 'same-origin', ...(cookie && { cookie }) };
  return bench.app.inject({
    method,
    url: `/api/v1${url}`,
    headers,
    payload,
    remoteAddress: `10.8.0.${++addresses}`,
  });
}

async function codeFor(gate: string): Promise<string> {
  const reply = await ask('POST', '/devices/pairings', manager, { gate, name: `tablet of ${gate}` });
  expect(reply.statusCode).toBe(201);
  return reply.json().code;
}

/** Pairs a tablet; gives its cookie. */
async function paired(gate: string): Promise<{ cookie: string; id: string }> {
  const reply = await ask('POST', '/device', undefined, { code: await codeFor(gate) });
  expect(reply.statusCode).toBe(200);
  const [cookie] = reply.cookies;
  expect(cookie).toMatchObject({ name: 'gatehouse_device', httpOnly: true, sameSite: 'Strict', path: '/' });
  expect(cookie.maxAge).toBe(400 * 86_400);
  return { cookie: `${cookie.name}=${cookie.value}`, id: reply.json().device.id };
}

function logIn(username: string, device?: string) {
  return ask('POST', '/session', device, { username, password: bench.password });
}

describe('a tablet', () => {
  test('is paired by a code, once, however it is typed, and then known with its gate', async () => {
    const code = await codeFor('east-gate');
    expect(code).toMatch(/^[A-Z2-9]{4}-[A-Z2-9]{4}$/);
    const typed = code.toLowerCase().replace('-', ' ');
    const reply = await ask('POST', '/device', undefined, { code: typed });
    expect(reply.json()).toMatchObject({ device: { gate: 'east-gate', name: 'tablet of east-gate' } });
    expect((await ask('POST', '/device', undefined, { code })).json().code).toBe('PAIRING_CODE_REFUSED');
    const cookie = `gatehouse_device=${reply.cookies[0].value}`;
    expect((await ask('GET', '/device', cookie)).json()).toMatchObject({ device: { gate: 'east-gate' } });
    expect((await ask('GET', '/device', undefined)).json()).toEqual({});
    const rows = JSON.stringify(await bench.store.database.selectFrom('device').selectAll().execute());
    expect(rows).not.toContain(reply.cookies[0].value);
  });

  test('is not paired by a code that is ten minutes old', async () => {
    const [late, inTime] = [await codeFor('east-gate'), await codeFor('east-gate')];
    bench.clock.advance(10 * 60_000 - 1);
    expect((await ask('POST', '/device', undefined, { code: inTime })).statusCode).toBe(200);
    bench.clock.advance(1);
    expect((await ask('POST', '/device', undefined, { code: late })).json().code).toBe(
      'PAIRING_CODE_REFUSED',
    );
  });

  test('of a gate that nobody knows is not paired', async () => {
    const reply = await ask('POST', '/devices/pairings', manager, { gate: 'moon-gate', name: 'x' });
    expect(reply.json().code).toBe('GATE_UNKNOWN');
  });

  test('is in the session that is begun on it, in the list, and in the trail', async () => {
    const { cookie, id } = await paired('west-gate');
    bench.clock.advance(5 * 60_000);
    const session = (await logIn('guard', cookie)).json();
    expect(session.device).toEqual({ id, name: 'tablet of west-gate', gate: 'west-gate' });
    const { items } = (await ask('GET', '/devices', manager)).json();
    expect(items.find((each: { id: string }) => each.id === id)).toMatchObject({
      gate: 'west-gate',
      pairedBy: 'the manager',
      lastSeenAt: new Date(bench.clock.now()).toISOString(),
    });
    const trail = (await ask('GET', '/audit?action=device_paired&limit=1', manager)).json().items;
    expect(trail).toMatchObject([{ target: 'west-gate', details: { device: id } }]);
  });

  test('that is revoked is known no more, and sessions on it end while others go on', async () => {
    const { cookie, id } = await paired('east-gate');
    const sessionOn = `gatehouse_session=${(await logIn('guard', cookie)).cookies[0].value}`;
    const elsewhere = await bench.logIn('guard');
    expect((await ask('DELETE', `/devices/${id}`, manager)).statusCode).toBe(204);
    expect((await ask('GET', '/session', sessionOn)).statusCode).toBe(401);
    expect((await ask('GET', '/session', elsewhere)).statusCode).toBe(200);
    expect((await ask('GET', '/device', cookie)).json()).toEqual({});
    expect((await ask('DELETE', `/devices/${id}`, manager)).json().code).toBe('DEVICE_UNKNOWN');
  });
});

test('where guards log in on paired tablets only, they log in nowhere else, and the others do', async () => {
  const admin = await bench.logIn('admin');
  const { cookie } = await paired('east-gate');
  const rule = (guardsOnlyOnPairedTablets: boolean) =>
    ask('PUT', '/devices/rules', admin, { guardsOnlyOnPairedTablets });
  expect((await rule(true)).json()).toEqual({ guardsOnlyOnPairedTablets: true });
  const away = await logIn('guard');
  expect([away.statusCode, away.json().code, away.cookies]).toEqual([403, 'TABLET_NOT_PAIRED', []]);
  expect((await logIn('guard', cookie)).statusCode).toBe(200);
  expect((await logIn('guard', 'gatehouse_device=made-up')).json().code).toBe('TABLET_NOT_PAIRED');
  expect((await logIn('manager')).statusCode).toBe(200);
  await rule(false);
  expect((await logIn('guard')).statusCode).toBe(200);
});

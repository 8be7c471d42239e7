import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Accounts } from '../../../hub/accounts/accounts.ts';
import { LogInThrottle } from '../../../hub/accounts/log-in-throttle.ts';
import { SqlAccountStore } from '../../../hub/store/sql-account-store.ts';
import { SqlAuditTrail } from '../../../hub/store/sql-audit-trail.ts';
import { type HubBench, startHubBench } from './hub-bench.ts';

let bench: HubBench;
let admin: string;
beforeAll(async () => {
  bench = await startHubBench();
});
afterAll(() => bench.stop());
beforeEach(async () => {
  bench.clock.advance(61 * 60_000);
  admin = await bench.logIn('admin');
});

let addresses = 0;
const from = () => `10.7.0.${++addresses}`;

function logIn(username: string, password: string, headers = {}) {
  const payload = { username, password };
  return bench.app.inject({
    method: 'POST',
    url: '/api/v1/session',
    payload,
    headers,
    remoteAddress: from(),
  });
}

function ask(
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  url: string,
  cookie: string,
  payload?: object,
) {
  const headers = { cookie, 'sec-fetch-site': 'same-origin' };
  return bench.app.inject({ method, url: `/api/v1${url}`, headers, payload, remoteAddress: from() });
}

const cookieOf = (reply: Awaited<ReturnType<typeof logIn>>) =>
  `${reply.cookies[0].name}=${reply.cookies[0].value}`;
const isIn = async (cookie: string) => (await ask('GET', '/session', cookie)).statusCode === 200;

async function add(username: string, change: object = {}) {
  const person = {
    username,
    displayName: 'Someone',
    role: 'guard' as const,
    password: bench.password,
    ...change,
  };
  return bench.accounts.addPerson(person);
}

describe('a password', () => {
  test('is changed with the current one, and the other sessions end', async () => {
    await add('changing');
    const [here, there] = [await bench.logIn('changing'), await bench.logIn('changing')];
    const change = (current: string, next: string) =>
      ask('POST', '/session/password', here, { current, next });
    expect((await change('wrong-password', 'tulip-kettle-93')).json().code).toBe('PASSWORD_REFUSED');
    expect((await change(bench.password, 'changing123')).json()).toMatchObject({
      code: 'PASSWORD_TOO_WEAK',
      details: { why: 'name' },
    });
    expect((await change(bench.password, bench.password)).json().code).toBe('PASSWORD_TOO_WEAK');
    expect((await change(bench.password, 'tulip-kettle-93')).statusCode).toBe(200);
    expect([await isIn(here), await isIn(there)]).toEqual([true, false]);
    expect((await logIn('changing', bench.password)).statusCode).toBe(401);
    expect((await logIn('changing', 'tulip-kettle-93')).statusCode).toBe(200);
  });

  test('that is guessed in an open session is slowed down like a log-in, and leaves a trace', async () => {
    const { id } = await add('left-open');
    const cookie = await bench.logIn('left-open');
    const guess = () =>
      ask('POST', '/session/password', cookie, { current: 'guess-guess', next: 'tulip-kettle-93' });
    for (let at = 0; at < 5; at++) expect((await guess()).json().code).toBe('PASSWORD_REFUSED');
    expect((await guess()).json().code).toBe('LOG_IN_THROTTLED');
    const trail = (await ask('GET', `/audit?action=log_in_failed&actor=${id}`, admin)).json().items;
    expect(trail).toHaveLength(5);
  });

  test('given by an admin holds for one log-in, which opens nothing until another is chosen', async () => {
    const { id } = await add('forgetful');
    const before = await bench.logIn('forgetful');
    for (let at = 0; at < 5; at++) await logIn('forgetful', 'wrong-password');
    const { password } = (await ask('POST', `/people/${id}/password-reset`, admin)).json();
    expect(await isIn(before)).toBe(false);
    expect((await logIn('forgetful', bench.password)).statusCode).toBe(401);

    // The lock of the wrong ones is lifted too.
    const entered = await logIn('forgetful', password);
    const cookie = cookieOf(entered);
    expect(entered.json()).toMatchObject({ needs: 'new_password' });
    expect((await ask('GET', '/alerts', cookie)).json().code).toBe('NEW_PASSWORD_NEEDED');
    const changed = await ask('POST', '/session/password', cookie, {
      current: password,
      next: 'tulip-kettle-93',
    });
    expect(changed.json().needs).toBeUndefined();
    expect((await ask('GET', '/alerts', cookie)).statusCode).toBe(200);
    expect((await logIn('forgetful', password)).statusCode).toBe(401);
  });

  test('of someone new is changed at the first log-in too', async () => {
    const person = { username: 'newcomer', displayName: '新', role: 'guard', password: 'tulip-kettle-93' };
    expect((await ask('POST', '/people', admin, person)).json().mustChangePassword).toBe(true);
    expect((await logIn('newcomer', 'tulip-kettle-93')).json().needs).toBe('new_password');
    const weak = await ask('POST', '/people', admin, {
      ...person,
      username: 'weakling',
      password: 'demo12345678',
    });
    expect([weak.statusCode, weak.json().code]).toEqual([400, 'PASSWORD_TOO_WEAK']);
  });
});

describe('a lock-out', () => {
  test('outlasts a restart of the hub, and ends with its time', async () => {
    await add('locked');
    for (let at = 0; at < 6; at++) await logIn('locked', 'wrong-password');
    const restarted = new Accounts({
      store: new SqlAccountStore(bench.store.database),
      throttle: new LogInThrottle(),
      secondFactors: undefined as never,
      requireSecondFactor: false,
      guardsOnlyOnPairedTablets: async () => false,
      site: 'demo',
      clock: bench.clock,
    });
    const attempt = () =>
      restarted.logIn({ username: 'locked', password: bench.password }, { address: from() });
    await restarted.recallFailures(new SqlAuditTrail(bench.store.database));
    expect(await attempt()).toMatchObject({ refused: { code: 'LOG_IN_THROTTLED' } });
    bench.clock.advance(15_000);
    expect(await attempt()).toMatchObject({ session: { person: { username: 'locked' } } });
  });

  test('is not remembered of someone who has logged in since', async () => {
    await add('forgiven');
    for (let at = 0; at < 4; at++) await logIn('forgiven', 'wrong-password');
    await bench.logIn('forgiven');
    const trail = new SqlAuditTrail(bench.store.database);
    const { id } = (await bench.accounts.listPeople()).find(({ username }) => username === 'forgiven')!;
    const failed = await trail.failedLogInsSince('2026-01-01T00:00:00.000Z');
    expect(failed.map(({ person }) => person)).not.toContain(id);
  });
});

describe('sessions', () => {
  test('are listed with where and when, to their person alone, and ended one by one', async () => {
    await add('travelling');
    const phone = {
      'user-agent': 'Mozilla/5.0 (Linux; Android 14; Tablet) AppleWebKit/537.36 Chrome/126.0 Safari/537.36',
    };
    const there = cookieOf(await logIn('travelling', bench.password, phone));
    bench.clock.advance(120_000);
    const here = await bench.logIn('travelling');
    const listed = (await ask('GET', '/sessions', here)).json();
    expect(listed).toMatchObject([{ isThis: true }, { isThis: false, browser: 'Chrome, Android' }]);
    expect(JSON.stringify(listed)).not.toContain(there.split('=')[1]);

    const other = await bench.logIn('second-guard');
    expect((await ask('DELETE', `/sessions/${listed[1].id}`, other)).json().code).toBe('SESSION_UNKNOWN');
    expect(await isIn(there)).toBe(true);
    expect((await ask('DELETE', `/sessions/${listed[1].id}`, here)).statusCode).toBe(204);
    expect([await isIn(here), await isIn(there)]).toEqual([true, false]);
  });

  test('end everywhere, here too, and nobody else’s', async () => {
    await add('leaving');
    const [here, there] = [await bench.logIn('leaving'), await bench.logIn('leaving')];
    expect((await ask('DELETE', '/sessions', here)).statusCode).toBe(204);
    expect([await isIn(here), await isIn(there), await isIn(admin)]).toEqual([false, false, true]);
  });

  test('of someone else are ended by an admin', async () => {
    const { id } = await add('thrown-out');
    const cookie = await bench.logIn('thrown-out');
    expect((await ask('DELETE', `/people/${id}/sessions`, admin)).statusCode).toBe(204);
    expect(await isIn(cookie)).toBe(false);
  });
});

describe('people', () => {
  test('get another name, role or gates, which holds at once', async () => {
    const { id } = await add('moving');
    const cookie = await bench.logIn('moving');
    const change = (update: object) => ask('PATCH', `/people/${id}`, admin, update);
    expect((await change({ gates: ['east-gate'], displayName: '新名' })).json()).toMatchObject({
      gates: ['east-gate'],
      displayName: '新名',
    });
    expect((await ask('GET', '/session', cookie)).json().gates).toEqual(['east-gate']);
    expect((await ask('POST', '/duty/clock-in', cookie, { gate: 'west-gate' })).json()).toMatchObject({
      code: 'GATE_NOT_ALLOWED',
      details: { gates: ['east-gate'] },
    });
    expect((await change({ gates: null })).json().gates).toBeUndefined();
    expect((await ask('GET', '/session', cookie)).json().gates).toEqual(['east-gate', 'west-gate']);
    expect((await change({})).json().code).toBe('REQUEST_INVALID');
    const trail = (await ask('GET', `/audit?action=person_changed&target=${id}`, admin)).json().items;
    expect(trail).toMatchObject([{ details: { gates: null } }, { details: { gates: ['east-gate'] } }]);
  });

  test('an account ends by itself, says so to whoever knows its password, and goes on when it is given more time', async () => {
    const end = (afterMs: number) => new Date(bench.clock.now() + afterMs).toISOString();
    const { id } = await add('volunteer', { endsAt: end(60_000) });
    const cookie = await bench.logIn('volunteer');
    bench.clock.advance(60_000 - 1);
    expect(await isIn(cookie)).toBe(true);
    bench.clock.advance(1);
    expect(await isIn(cookie)).toBe(false);
    expect((await logIn('volunteer', bench.password)).json().code).toBe('ACCOUNT_ENDED');
    expect((await logIn('volunteer', 'wrong-password')).json().code).toBe('LOG_IN_REFUSED');

    const change = { endsAt: end(3_600_000) };
    expect((await ask('PATCH', `/people/${id}`, admin, change)).json()).toMatchObject(change);
    expect((await logIn('volunteer', bench.password)).statusCode).toBe(200);
    expect((await ask('PATCH', `/people/${id}`, admin, { endsAt: null })).json().endsAt).toBeUndefined();
  });

  test('the last admin for the whole site stays one', async () => {
    await add('admin-of-east', { role: 'admin', gates: ['east-gate'] });
    for (const update of [
      { role: 'guard' },
      { gates: ['east-gate'] },
      { disabled: true },
      { endsAt: '2030-01-01T00:00:00.000Z' },
    ]) {
      const reply = await ask('PATCH', `/people/${bench.people.admin.id}`, admin, update);
      expect([update, reply.json().code]).toEqual([update, 'LAST_ADMIN']);
    }
  });
});

describe('another site’s page', () => {
  test.each([
    ['POST', '/session'],
    ['POST', '/device'],
    ['DELETE', '/sessions'],
    ['PUT', '/policy'],
    ['POST', '/session/second-factor'],
    ['GET', '/stream'],
    ['GET', '/sightings'],
  ] as const)('gets no %s %s', async (method, url) => {
    for (const site of ['cross-site', 'same-site']) {
      const headers = { cookie: admin, 'sec-fetch-site': site };
      const reply = await bench.app.inject({ method, url: `/api/v1${url}`, headers, remoteAddress: from() });
      expect([site, reply.statusCode, reply.json().code]).toEqual([site, 403, 'ORIGIN_REFUSED']);
    }
  });

  test('gets nobody logged in, also where only Origin is sent', async () => {
    const headers = { origin: 'http://evil.example', host: 'hub.local' };
    const reply = await logIn('guard', bench.password, headers);
    expect([reply.json().code, reply.cookies]).toEqual(['ORIGIN_REFUSED', []]);
  });
});

test('the head of the trail is told to managers, and moves with every entry', async () => {
  const first = (await ask('GET', '/audit/head', admin)).json();
  await bench.logIn('guard');
  const second = (await ask('GET', '/audit/head', admin)).json();
  expect(second.id).toBe(first.id + 1);
  expect(second.hash).not.toBe(first.hash);
  const newest = (await ask('GET', '/audit?limit=1', admin)).json().items[0];
  expect({ id: newest.id, hash: newest.hash }).toEqual(second);
});

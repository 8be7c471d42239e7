import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { totpCode, totpStep } from '../../../hub/accounts/totp.ts';
import { type HubBench, startHubBench } from './hub-bench.ts';

let bench: HubBench;
beforeAll(async () => {
  bench = await startHubBench({ requireSecondFactor: true });
});
afterAll(() => bench.stop());
// Each test begins when no failure counts any more, with a code that was not used yet.
beforeEach(() => bench.clock.advance(61 * 60_000));

const base = '/api/v1/session/second-factor';
let addresses = 0;

function logIn(username: string, code?: string, password = bench.password) {
  return bench.app.inject({
    method: 'POST',
    url: '/api/v1/session',
    payload: { username, password, code },
    remoteAddress: `10.5.0.${++addresses}`,
  });
}

function ask(method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, cookie: string, payload?: object) {
  const headers = { cookie, 'sec-fetch-site': 'same-origin' };
  return bench.app.inject({ method, url, headers, payload, remoteAddress: `10.6.0.${++addresses}` });
}

const cookieOf = (reply: Awaited<ReturnType<typeof logIn>>) =>
  `${reply.cookies[0].name}=${reply.cookies[0].value}`;

/** What the app on the phone shows now. */
function codeOf(secret: string, steps = 0): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...secret].map((each) => alphabet.indexOf(each).toString(2).padStart(5, '0')).join('');
  const bytes = bits.match(/.{8}/g)?.map((each) => Number.parseInt(each, 2)) ?? [];
  return totpCode(Uint8Array.from(bytes), totpStep(bench.clock.now()) + steps);
}

/** Adds someone who has a second factor; gives what they know. */
async function enrolled(username: string) {
  const person = await bench.accounts.addPerson({
    username,
    displayName: username,
    role: 'manager',
    password: bench.password,
  });
  const cookie = cookieOf(await logIn(username));
  const { secret } = (await ask('POST', base, cookie)).json();
  const confirmed = await ask('PUT', base, cookie, { code: codeOf(secret) });
  expect(confirmed.statusCode).toBe(200);
  bench.clock.advance(60_000);
  return {
    person,
    secret: secret as string,
    cookie,
    recoveryCodes: confirmed.json().recoveryCodes as string[],
  };
}

describe('a manager without a second factor', () => {
  test('is answered nothing but the session and the way to one, and after it everything', async () => {
    const entered = await logIn('manager');
    const cookie = cookieOf(entered);
    expect(entered.json()).toMatchObject({ needs: 'second_factor' });
    for (const url of [
      '/api/v1/alerts',
      '/api/v1/sightings',
      '/api/v1/stream',
      '/api/v1/sessions',
      '/api/v1/audit',
    ]) {
      const reply = await ask('GET', url, cookie);
      expect([url, reply.statusCode, reply.json().code]).toEqual([url, 403, 'SECOND_FACTOR_MISSING']);
    }
    expect((await ask('GET', '/api/v1/session', cookie)).json().needs).toBe('second_factor');

    const begun = (await ask('POST', base, cookie)).json();
    expect(begun.uri).toContain(`secret=${begun.secret}`);
    const wrong = await ask('PUT', base, cookie, { code: codeOf(begun.secret, 5) });
    expect([wrong.statusCode, wrong.json().code]).toEqual([403, 'CODE_REFUSED']);
    const done = await ask('PUT', base, cookie, { code: codeOf(begun.secret) });
    expect(new Set(done.json().recoveryCodes).size).toBe(10);
    expect((await ask('GET', '/api/v1/session', cookie)).json().needs).toBeUndefined();
    expect((await ask('GET', '/api/v1/alerts', cookie)).statusCode).toBe(200);
    expect((await ask('POST', base, cookie)).json().code).toBe('SECOND_FACTOR_SET');
  });

  test('as a guard or an installer is answered as ever', async () => {
    for (const role of ['guard', 'installer']) {
      const entered = await logIn(role);
      expect([role, entered.statusCode, entered.json().needs]).toEqual([role, 200, undefined]);
    }
  });

  test('who was a guard until now must set one up at once', async () => {
    const { id } = await bench.accounts.addPerson({
      username: 'risen',
      displayName: 'R',
      role: 'guard',
      password: bench.password,
    });
    const cookie = cookieOf(await logIn('risen'));
    await bench.accounts.changePerson(id, { role: 'manager' });
    expect((await ask('GET', '/api/v1/alerts', cookie)).json().code).toBe('SECOND_FACTOR_MISSING');
  });
});

describe('logging in with a second factor', () => {
  test('asks for a code once the password is right, and never before', async () => {
    await enrolled('asked');
    expect((await logIn('asked', undefined, 'wrong-password')).json().code).toBe('LOG_IN_REFUSED');
    const asked = await logIn('asked');
    expect([asked.statusCode, asked.json().code, asked.cookies]).toEqual([401, 'SECOND_FACTOR_NEEDED', []]);
  });

  test('takes a code once: also the one that set it up, also while it still holds, and none before it', async () => {
    const { secret } = await enrolled('once');
    const [before, code] = [codeOf(secret, -1), codeOf(secret)];
    expect((await logIn('once', code)).statusCode).toBe(200);
    expect((await logIn('once', code)).json().code).toBe('CODE_REFUSED');
    expect((await logIn('once', before)).json().code).toBe('CODE_REFUSED');
    bench.clock.advance(30_000);
    expect((await logIn('once', codeOf(secret))).statusCode).toBe(200);
  });

  test('of two at once with one code one gets in', async () => {
    const { secret } = await enrolled('twice');
    const code = codeOf(secret);
    const replies = await Promise.all([logIn('twice', code), logIn('twice', code)]);
    expect(replies.map(({ statusCode }) => statusCode).toSorted()).toEqual([200, 403]);
  });

  test('is slowed down after five wrong codes, and asking without one does not start afresh', async () => {
    const { secret, person, cookie } = await enrolled('guessed');
    for (let guess = 0; guess < 5; guess++) {
      expect((await logIn('guessed', codeOf(secret, 10 + guess))).json().code).toBe('CODE_REFUSED');
      if (guess < 4) expect((await logIn('guessed')).json().code).toBe('SECOND_FACTOR_NEEDED');
    }
    expect((await logIn('guessed')).json().code).toBe('LOG_IN_THROTTLED');
    expect((await logIn('guessed', codeOf(secret))).json().code).toBe('LOG_IN_THROTTLED');
    const failed = (await ask('GET', `/api/v1/audit?action=log_in_failed&actor=${person.id}`, cookie)).json();
    expect(failed.items).toHaveLength(5);
    expect(failed.items[0].details).toEqual({ of: 'second_factor' });
  });

  test('takes each recovery code once, however it is typed, and says so in the trail', async () => {
    const { recoveryCodes, cookie } = await enrolled('recovering');
    const typed = recoveryCodes[3].toLowerCase().replaceAll('-', ' ');
    expect((await logIn('recovering', typed)).statusCode).toBe(200);
    expect((await logIn('recovering', recoveryCodes[3])).json().code).toBe('CODE_REFUSED');
    expect((await logIn('recovering', recoveryCodes[4])).statusCode).toBe(200);
    const used = (await ask('GET', '/api/v1/audit?action=recovery_code_used', cookie)).json().items;
    expect(used).toHaveLength(2);
    expect(JSON.stringify(used)).not.toContain(recoveryCodes[3]);
  });
});

describe('a second factor', () => {
  test('lies sealed and its recovery codes hashed, so that the database alone opens nothing', async () => {
    const { secret, recoveryCodes, person } = await enrolled('sealed');
    const row = await bench.store.database
      .selectFrom('person')
      .selectAll()
      .where('id', '=', person.id)
      .executeTakeFirstOrThrow();
    const codes = await bench.store.database.selectFrom('recovery_code').selectAll().execute();
    expect(Buffer.from(row.totp_secret!).length).toBe(1 + 12 + 20 + 16);
    expect(JSON.stringify([row, codes])).not.toContain(secret);
    for (const code of recoveryCodes) expect(JSON.stringify(codes)).not.toContain(code.replaceAll('-', ''));
    // The seal belongs to its person: on another row it opens nothing.
    const other = await enrolled('unsealed');
    await bench.store.database
      .updateTable('person')
      .set({ totp_secret: row.totp_secret })
      .where('id', '=', other.person.id)
      .execute();
    expect((await logIn('unsealed', codeOf(secret))).json().code).toBe('SEAL_BROKEN');
  });

  test('ends the other sessions of its person when it is set up', async () => {
    await bench.accounts.addPerson({
      username: 'two-places',
      displayName: 'T',
      role: 'guard',
      password: bench.password,
    });
    const [here, there] = [cookieOf(await logIn('two-places')), cookieOf(await logIn('two-places'))];
    const { secret } = (await ask('POST', base, here)).json();
    await ask('PUT', base, here, { code: codeOf(secret) });
    expect((await ask('GET', '/api/v1/session', here)).statusCode).toBe(200);
    expect((await ask('GET', '/api/v1/session', there)).statusCode).toBe(401);
  });

  test('is removed with password and code together, and whoever must have one sets up another', async () => {
    const { secret, cookie } = await enrolled('removing');
    const remove = (password: string, code: string) =>
      ask('POST', `${base}/removal`, cookie, { password, code });
    expect((await remove('wrong-password', codeOf(secret))).json().code).toBe('PASSWORD_REFUSED');
    expect((await remove(bench.password, codeOf(secret, 7))).json().code).toBe('CODE_REFUSED');
    expect((await remove(bench.password, codeOf(secret))).statusCode).toBe(204);
    expect((await ask('GET', '/api/v1/alerts', cookie)).json().code).toBe('SECOND_FACTOR_MISSING');
  });

  test('gets new recovery codes for a code, and the old ones open nothing', async () => {
    const { secret, cookie, recoveryCodes } = await enrolled('renewing');
    expect((await ask('POST', `${base}/recovery-codes`, cookie, { code: '000000' })).json().code).toBe(
      'CODE_REFUSED',
    );
    const renewed = await ask('POST', `${base}/recovery-codes`, cookie, { code: codeOf(secret) });
    expect(renewed.json().recoveryCodes).toHaveLength(10);
    expect((await logIn('renewing', recoveryCodes[0])).json().code).toBe('CODE_REFUSED');
    expect((await logIn('renewing', renewed.json().recoveryCodes[0])).statusCode).toBe(200);
  });

  test('of someone who lost the phone is removed by an admin, which ends their sessions', async () => {
    const { secret: adminSecret, cookie: admin } = await enrolled('other-admin');
    expect(adminSecret).toHaveLength(32);
    const { person, cookie } = await enrolled('lost-phone');
    const url = `/api/v1/people/${person.id}/second-factor-reset`;
    expect((await ask('POST', url, admin)).json().code).toBe('ROLE_NOT_ALLOWED');
    const people = await bench.accounts.listPeople();
    await bench.accounts.changePerson(people.find(({ username }) => username === 'other-admin')!.id, {
      role: 'admin',
    });
    expect((await ask('POST', url, admin)).statusCode).toBe(204);
    expect((await ask('GET', '/api/v1/session', cookie)).statusCode).toBe(401);
    expect((await logIn('lost-phone')).json()).toMatchObject({ needs: 'second_factor' });
  });
});

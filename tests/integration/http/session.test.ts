import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type HubBench, startHubBench } from './hub-bench.ts';

let bench: HubBench;
beforeAll(async () => {
  bench = await startHubBench();
});
afterAll(() => bench.stop());

const session = '/api/v1/session';
const sameOrigin = { 'sec-fetch-site': 'same-origin' };

describe('logging in', () => {
  test('gives a cookie that scripts cannot read and other sites cannot send', async () => {
    const reply = await bench.app.inject({
      method: 'POST',
      url: session,
      payload: { username: 'guard', password: bench.password },
    });

    expect(reply.statusCode).toBe(200);
    expect(reply.json()).toMatchObject({
      person: { username: 'guard', role: 'guard' },
      site: 'demo',
      gates: ['east-gate', 'west-gate'],
    });
    expect(reply.cookies).toMatchObject([
      { name: 'gatehouse_session', httpOnly: true, sameSite: 'Strict', path: '/' },
    ]);
    expect(Buffer.from(reply.cookies[0].value, 'base64url')).toHaveLength(32);
  });

  test('gives a cookie for TLS alone behind a proxy on this machine, whose word nobody else can give', async () => {
    const logIn = async (remoteAddress: string) => {
      const headers = { 'x-forwarded-proto': 'https', 'x-forwarded-for': '192.0.2.7' };
      const payload = { username: 'guard', password: bench.password };
      const reply = await bench.app.inject({ method: 'POST', url: session, remoteAddress, headers, payload });
      return reply.cookies[0].secure ?? false;
    };
    const addresses = async () => {
      const rows = await bench.store.database
        .selectFrom('audit')
        .select('address')
        .orderBy('id', 'desc')
        .execute();
      return rows[0].address;
    };

    expect([await logIn('127.0.0.1'), await addresses()]).toEqual([true, '192.0.2.7']);
    expect([await logIn('10.9.9.9'), await addresses()]).toEqual([false, '10.9.9.9']);
  });

  test('never answers with the password or its hash, and stores neither password nor token', async () => {
    const cookie = await bench.logIn('manager');
    const token = cookie.split('=')[1];
    const read = await bench.app.inject({ url: session, headers: { cookie } });
    const rows = JSON.stringify([
      await bench.store.database.selectFrom('person').selectAll().execute(),
      await bench.store.database.selectFrom('session').selectAll().execute(),
    ]);

    expect(read.body).not.toMatch(/argon2|password/i);
    expect(rows).not.toContain(bench.password);
    expect(rows).not.toContain(token);
    expect(rows).toContain('$argon2id$v=19$m=19456,t=2,p=1$');
  });

  test('is refused alike for a wrong password and an unknown username', async () => {
    const attempt = (username: string) =>
      bench.app.inject({ method: 'POST', url: session, payload: { username, password: 'wrong-password' } });
    const [wrong, unknown] = [await attempt('installer'), await attempt('nobody')];

    expect(wrong.statusCode).toBe(401);
    expect(wrong.json()).toMatchObject({ code: 'LOG_IN_REFUSED', remedy: expect.stringMatching(/\w/) });
    expect(unknown.json()).toEqual(wrong.json());
    expect(unknown.cookies).toEqual([]);
  });

  test('is slowed down after five wrong passwords for an account, and says how long to wait', async () => {
    const attempt = (password: string) =>
      bench.app.inject({ method: 'POST', url: session, payload: { username: 'second-guard', password } });
    for (let failure = 0; failure < 5; failure++) expect((await attempt('wrong')).statusCode).toBe(401);
    const refused = await attempt(bench.password);

    expect(refused.statusCode).toBe(429);
    expect(refused.json()).toMatchObject({ code: 'LOG_IN_THROTTLED', details: { waitSeconds: 15 } });
    expect(refused.headers['retry-after']).toBe('15');
    bench.clock.advance(15_000);
    expect((await attempt(bench.password)).statusCode).toBe(200);
  });

  test('leaves its traces in the audit trail, without what was typed for a username nobody has', async () => {
    const cookie = await bench.logIn('admin');
    const { items } = (await bench.app.inject({ url: '/api/v1/audit', headers: { cookie } })).json();

    expect(items[0]).toMatchObject({
      action: 'logged_in',
      actor: { displayName: 'the admin' },
      address: expect.stringMatching(/^10\.0\.0\./),
    });
    const failed = items.filter((entry: { action: string }) => entry.action === 'log_in_failed');
    expect(failed.map((entry: { actor?: { displayName: string } }) => entry.actor?.displayName)).toContain(
      'the installer',
    );
    expect(JSON.stringify(items)).not.toContain('nobody');
  });
});

describe('a session', () => {
  test('slides while it is used and ends after twelve hours without use', async () => {
    const cookie = await bench.logIn('admin');
    const read = () => bench.app.inject({ url: session, headers: { cookie } });

    bench.clock.advance(11 * 3_600_000);
    const renewed = await read();
    expect(renewed.statusCode).toBe(200);
    expect(renewed.cookies).toMatchObject([{ name: 'gatehouse_session' }]);
    bench.clock.advance(11 * 3_600_000);
    expect((await read()).statusCode).toBe(200);
    bench.clock.advance(12 * 3_600_000);
    const ended = await read();
    expect(ended.statusCode).toBe(401);
    expect(ended.json().code).toBe('NOT_LOGGED_IN');
  });

  test('ends after seven days however much it is used', async () => {
    const cookie = await bench.logIn('admin');
    const read = async () => (await bench.app.inject({ url: session, headers: { cookie } })).statusCode;
    for (let hours = 0; hours < 160; hours += 10) {
      expect(await read()).toBe(200);
      bench.clock.advance(10 * 3_600_000);
    }
    bench.clock.advance(8 * 3_600_000);
    expect(await read()).toBe(401);
  });

  test('ends at logging out', async () => {
    const cookie = await bench.logIn('guard');
    const out = await bench.app.inject({
      method: 'DELETE',
      url: session,
      headers: { cookie, ...sameOrigin },
    });

    expect(out.statusCode).toBe(204);
    expect(out.cookies[0].value).toBe('');
    expect((await bench.app.inject({ url: session, headers: { cookie } })).statusCode).toBe(401);
  });

  test('ends when its person is disabled, who then cannot log in', async () => {
    const admin = await bench.logIn('admin');
    const cookie = await bench.logIn('installer');
    const change = (disabled: boolean) =>
      bench.app.inject({
        method: 'PATCH',
        url: `/api/v1/people/${bench.people.installer.id}`,
        headers: { cookie: admin, ...sameOrigin },
        payload: { disabled },
      });

    expect((await change(true)).json().disabledAt).toMatch(/Z$/);
    expect((await bench.app.inject({ url: session, headers: { cookie } })).statusCode).toBe(401);
    await expect(bench.logIn('installer')).rejects.toThrow('LOG_IN_REFUSED');
    expect((await change(false)).json().disabledAt).toBeUndefined();
    expect((await bench.app.inject({ url: session, headers: { cookie } })).statusCode).toBe(401);
    await bench.logIn('installer');
  });

  test('the last admin cannot be disabled', async () => {
    const cookie = await bench.logIn('admin');
    const reply = await bench.app.inject({
      method: 'PATCH',
      url: `/api/v1/people/${bench.people.admin.id}`,
      headers: { cookie, ...sameOrigin },
      payload: { disabled: true },
    });
    expect(reply.statusCode).toBe(409);
    expect(reply.json().code).toBe('LAST_ADMIN');
  });
});

describe('a change', () => {
  test.each([
    ['another site, as the browser says', { 'sec-fetch-site': 'cross-site' }],
    ['a neighbour under the same domain', { 'sec-fetch-site': 'same-site' }],
    ['another origin', { origin: 'http://evil.example', host: 'hub.local' }],
    ['a sandboxed page', { origin: 'null', host: 'hub.local' }],
    ['nobody knows where', {}],
  ])('asked for by %s is refused', async (_from, headers) => {
    const cookie = await bench.logIn('guard');
    const reply = await bench.app.inject({ method: 'DELETE', url: session, headers: { cookie, ...headers } });

    expect(reply.statusCode).toBe(403);
    expect(reply.json().code).toBe('ORIGIN_REFUSED');
    expect((await bench.app.inject({ url: session, headers: { cookie } })).statusCode).toBe(200);
  });

  test('asked for by the hub’s own page is done, also over plain HTTP where only Origin is sent', async () => {
    const cookie = await bench.logIn('guard');
    const headers = { cookie, origin: 'http://hub.local:8080', host: 'hub.local:8080' };
    expect((await bench.app.inject({ method: 'DELETE', url: session, headers })).statusCode).toBe(204);
  });
});

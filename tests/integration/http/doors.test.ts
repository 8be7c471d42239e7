import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { LightMyRequestResponse as Response } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Role, role as roles } from '../../../hub/contract/api.ts';
import { type HubErrorCode, hubErrors } from '../../../hub/errors.ts';
import { perMinute } from '../../../hub/http/rate-limits.ts';
import { accessTable } from './access-table.ts';
import { type HubBench, startHubBench } from './hub-bench.ts';

type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

const id = '0195500c-0000-7000-8000-000000000000';
const hash = 'a'.repeat(64);
const fill = (path: string) =>
  path.replace('sessions/{id}', `sessions/${hash}`).replace('{id}', id).replace('{subject}', '苏A12345');

/** Has a door of its own; metrics.test.ts tries it. */
const forPrometheus = 'GET /metrics';
/** Who may use what; everything else is refused. */
const open = Object.keys(accessTable).filter((route) => accessTable[route].who === 'anyone');
const expected = Object.fromEntries(
  Object.entries(accessTable).flatMap(([route, { who }]) => (who === 'anyone' ? [] : [[route, who]])),
);

let bench: HubBench;
let cookies: Record<Role, string>;
let routes: string[];

beforeAll(async () => {
  bench = await startHubBench();
  cookies = Object.fromEntries(
    await Promise.all(roles.options.map(async (role) => [role, await bench.logIn(role)])),
  );
  const reply = await bench.app.inject({ url: '/api/v1/openapi.json', headers: { cookie: cookies.admin } });
  routes = Object.entries(reply.json().paths as Record<string, object>).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
});
afterAll(() => bench.stop());

function ask(route: string, { cookie, address = '10.1.0.1' }: { cookie?: string; address?: string } = {}) {
  const [method, path] = route.split(' ');
  return bench.app.inject({
    method: method as Method,
    url: fill(path),
    remoteAddress: address,
    headers: { 'sec-fetch-site': 'same-origin', ...(cookie && { cookie }) },
    ...(['POST', 'PUT', 'PATCH'].includes(method) && { payload: {} }),
  });
}

describe('every route', () => {
  test('is known to this table and described, so that none is forgotten', () => {
    const printed = bench.app.printRoutes({ commonPrefix: false, includeHooks: false });
    const registered = [...printed.matchAll(/(GET|POST|PUT|PATCH|DELETE)/g)].length;

    expect(routes.toSorted()).toEqual([...Object.keys(expected), ...open, forPrometheus].toSorted());
    expect(registered).toBe(routes.length);
  });

  test('is in the table of hub/http/README.md with those who may use it', () => {
    const readme = readFileSync(resolve(import.meta.dirname, '../../../hub/http/README.md'), 'utf8');
    const rows = [...readme.matchAll(/^\| `([A-Z]+ \/[^`]+)` \| (.+) \|$/gm)].map(([, route, who]) => [
      route,
      who,
    ]);
    const told = [
      ...open.map((route) => [route, 'anyone']),
      [forPrometheus, 'this machine, or whoever has the token'],
      ...Object.entries(expected).map(([route, who]) => [route, who.join(', ')]),
    ];
    expect(Object.fromEntries(rows)).toEqual(Object.fromEntries(told));
  });

  test('but the public ones is refused to anyone who is not logged in', async () => {
    for (const route of Object.keys(expected)) {
      const reply = await ask(route);
      expect([route, reply.statusCode, reply.json().code]).toEqual([route, 401, 'NOT_LOGGED_IN']);
    }
  });

  test('is refused also to a HEAD', async () => {
    for (const route of Object.keys(expected).filter((route) => route.startsWith('GET '))) {
      const reply = await ask(route.replace('GET', 'HEAD'), { address: '10.1.0.3' });
      expect([route, reply.statusCode]).toEqual([route, 401]);
    }
  });

  test('is refused to a made-up token', async () => {
    for (const route of Object.keys(expected)) {
      const reply = await ask(route, { cookie: `gatehouse_session=${'A'.repeat(43)}`, address: '10.1.0.2' });
      expect([route, reply.statusCode]).toEqual([route, 401]);
    }
  });

  test.each(roles.options)('opens to a %s exactly as the table says', async (role) => {
    for (const [route, allowed] of Object.entries(expected)) {
      if (['GET /api/v1/stream', 'DELETE /api/v1/session', 'DELETE /api/v1/sessions'].includes(route))
        continue;
      const reply = await ask(route, {
        cookie: cookies[role],
        address: `10.2.0.${roles.options.indexOf(role)}`,
      });
      const isRefused = reply.statusCode === 403 && reply.json().code === 'ROLE_NOT_ALLOWED';
      expect([route, isRefused]).toEqual([route, !allowed.includes(role)]);
      expect([route, reply.statusCode >= 500]).toEqual([route, false]);
    }
  });

  test('says at registration who may use it, or the hub does not start', async () => {
    const fresh = await startHubBench();
    expect(() => fresh.app.get('/api/v1/forgotten', () => 'open')).toThrow('does not say who may use it');
    await fresh.stop();
  });
});

describe('public health', () => {
  test('says whether the hub works and nothing more', async () => {
    const reply = await ask('GET /api/v1/health');
    expect(reply.json()).toEqual({ ok: true });
  });
});

describe('a refusal', () => {
  async function refusal(promise: Promise<Response>, code: HubErrorCode) {
    const reply = await promise;
    const { status, message, remedy } = hubErrors[code];
    expect(reply.statusCode).toBe(status);
    expect(reply.json()).toMatchObject({ code, message, remedy });
    expect(
      Object.keys(reply.json()).filter((key) => !['code', 'message', 'remedy', 'details'].includes(key)),
    ).toEqual([]);
    expect(reply.headers['content-type']).toBe('application/json; charset=utf-8');
    return reply.json().details;
  }
  const headers = () => ({ cookie: cookies.admin, 'sec-fetch-site': 'same-origin' });

  test('of an invalid query names the field and not its value', async () => {
    const details = await refusal(
      bench.app.inject({ url: '/api/v1/alerts?limit=0&gate=Bad%20Gate', headers: headers() }),
      'REQUEST_INVALID',
    );
    expect(details.fields.map(({ path }: { path: string }) => path)).toEqual([
      'querystring/gate',
      'querystring/limit',
    ]);
    expect(JSON.stringify(details)).not.toContain('Bad Gate');
  });

  test('of an unknown field says so', async () => {
    await refusal(
      bench.app.inject({ url: '/api/v1/alerts?colour=red', headers: headers() }),
      'REQUEST_INVALID',
    );
  });

  test('of a body that is not JSON', async () => {
    const payload = '{"gate":';
    await refusal(
      bench.app.inject({
        method: 'POST',
        url: '/api/v1/duty/clock-in',
        headers: { ...headers(), 'content-type': 'application/json' },
        payload,
      }),
      'REQUEST_INVALID',
    );
  });

  test('of a body of another type', async () => {
    await refusal(
      bench.app.inject({
        method: 'POST',
        url: '/api/v1/duty/clock-in',
        headers: { ...headers(), 'content-type': 'application/xml' },
        payload: '<gate/>',
      }),
      'MEDIA_TYPE_UNKNOWN',
    );
  });

  test('of a body that is too large', async () => {
    await refusal(
      bench.app.inject({
        method: 'POST',
        url: '/api/v1/people',
        headers: headers(),
        payload: { displayName: 'x'.repeat(70_000) },
      }),
      'REQUEST_TOO_LARGE',
    );
  });

  test('of an address where nothing is', async () => {
    await refusal(bench.app.inject({ url: '/api/v1/nothing', headers: headers() }), 'ROUTE_UNKNOWN');
    await refusal(bench.app.inject({ method: 'DELETE', url: '/', headers: headers() }), 'ROUTE_UNKNOWN');
  });

  test('of what the stores do not know', async () => {
    await refusal(ask('GET /api/v1/alerts/{id}', { cookie: cookies.admin }), 'ALERT_UNKNOWN');
    await refusal(ask('GET /api/v1/sightings/{id}', { cookie: cookies.admin }), 'SIGHTING_UNKNOWN');
    await refusal(ask('GET /api/v1/evidence/{id}', { cookie: cookies.admin }), 'EVIDENCE_UNKNOWN');
    await refusal(
      ask('GET /api/v1/subjects/{subject}/trajectory', { cookie: cookies.admin }),
      'SUBJECT_UNKNOWN',
    );
    await refusal(
      bench.app.inject({ url: '/api/v1/alerts?cursor=zzz', headers: headers() }),
      'CURSOR_INVALID',
    );
    await refusal(bench.app.inject({ url: '/api/v1/audit?cursor=-1', headers: headers() }), 'CURSOR_INVALID');
    await refusal(
      bench.app.inject({ url: '/api/v1/sightings?plate=%27', headers: headers() }),
      'PLATE_PATTERN_INVALID',
    );
  });

  test('of what nobody foresaw tells nothing but the request, and logs the rest', async () => {
    const broken = await startHubBench();
    const cookie = await broken.logIn('admin');
    await broken.store.database.schema.dropTable('policy').execute();
    const reply = await broken.app.inject({ url: '/api/v1/policy', headers: { cookie } });

    expect(reply.statusCode).toBe(500);
    expect(reply.json()).toMatchObject({ code: 'INTERNAL', details: { request: expect.any(String) } });
    expect(reply.body).not.toContain('table');
    expect(
      broken.logged.some((line) => line.includes('request failed') && line.includes('no such table')),
    ).toBe(true);
    await broken.stop();
  });
});

describe('limits', () => {
  test('a route has its own limit for each address, and says how long to wait', async () => {
    const attempt = (address: string) =>
      bench.app.inject({
        method: 'POST',
        url: '/api/v1/session',
        remoteAddress: address,
        payload: { username: `nobody-${Math.random()}`, password: 'x' },
      });
    const codes: string[] = [];
    for (let count = 0; count <= perMinute.logIn.max; count++)
      codes.push((await attempt('10.3.0.1')).json().code);

    expect(codes.at(-2)).not.toBe('TOO_MANY_REQUESTS');
    expect(codes.at(-1)).toBe('TOO_MANY_REQUESTS');
    const refused = await attempt('10.3.0.1');
    expect(refused.statusCode).toBe(429);
    expect(refused.json().details.waitSeconds).toBeGreaterThan(0);
    expect(refused.headers['retry-after']).toBe(String(refused.json().details.waitSeconds));
    expect((await attempt('10.3.0.2')).json().code).toBe('LOG_IN_REFUSED');
  });

  test('count the files of the dashboard apart: one address may be that of many tablets', async () => {
    const load = () =>
      bench.app.inject({ url: '/log', headers: { accept: 'text/html' }, remoteAddress: '10.3.0.4' });
    for (let count = 0; count < perMinute.ordinary.max + 10; count++) await load();
    expect((await load()).statusCode).toBe(200);
    expect((await ask('GET /api/v1/health', { cookie: '', address: '10.3.0.4' })).statusCode).toBe(200);
    for (let count = 0; count < perMinute.file.max; count++) await load();
    expect((await load()).statusCode).toBe(429);
    expect((await ask('GET /api/v1/health', { cookie: '', address: '10.3.0.4' })).statusCode).toBe(200);
  });

  test('hold before a session is looked up, so that guessing tokens is slowed down too', async () => {
    const cookie = `gatehouse_session=${'B'.repeat(43)}`;
    const seen = new Set<number>();
    for (let count = 0; count <= perMinute.ordinary.max; count++) {
      seen.add((await ask('GET /api/v1/duty', { cookie, address: '10.3.0.3' })).statusCode);
    }
    expect([...seen]).toEqual([401, 429]);
  });
});

describe('the description', () => {
  test('is OpenAPI 3.1 with unique operations, described parameters and only references that lead somewhere', async () => {
    const reply = await bench.app.inject({
      url: '/api/v1/openapi.json',
      headers: { cookie: cookies.installer },
    });
    const document = reply.json();
    const operations = Object.entries(document.paths as Record<string, Record<string, Operation>>).flatMap(
      ([path, methods]) => Object.values(methods).map((operation) => ({ path, ...operation })),
    );

    expect(document.openapi).toBe('3.1.0');
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
    for (const { path, operationId, summary, parameters = [], responses } of operations) {
      expect([operationId, summary]).toEqual([
        expect.stringMatching(/^[a-z]+[A-Za-z]*$/),
        expect.any(String),
      ]);
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      expect(
        parameters.filter((parameter) => parameter.in === 'path').map((parameter) => parameter.name),
      ).toEqual(inPath);
      expect(Object.keys(responses).some((status) => /^2\d\d$/.test(status))).toBe(true);
      expect(Object.keys(responses)).toEqual(expect.arrayContaining(['4XX', '5XX']));
    }
    const references = [...reply.body.matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, pointer]) =>
      pointer.split('/'),
    );
    for (const pointer of references) {
      expect(pointer.reduce((node, key) => node?.[key], document)).toBeDefined();
    }
  });
});

interface Operation {
  operationId: string;
  summary: string;
  parameters?: { in: string; name: string }[];
  responses: Record<string, unknown>;
}

describe('the log', () => {
  test('names routes, never what was asked for, nor a password or a token', async () => {
    await bench.app.inject({
      url: '/api/v1/sightings?plate=%E8%8B%8FA12345',
      headers: { cookie: cookies.manager },
    });
    await ask('GET /api/v1/subjects/{subject}/trajectory', { cookie: cookies.manager });
    const log = bench.logged.join('');

    expect(log).toContain('"route":"/api/v1/subjects/:subject/trajectory"');
    expect(log).not.toMatch(/A12345|%E8%8B%8F/);
    expect(log).not.toContain(bench.password);
    expect(log).not.toContain(cookies.manager.split('=')[1]);
  });
});

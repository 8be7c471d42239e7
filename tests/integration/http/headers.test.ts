import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LightMyRequestResponse as Response } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildJpeg, describeEvidence } from '../../builders/sighting.ts';
import { type HubBench, startHubBench } from './hub-bench.ts';

const id = '0195500c-0000-7000-8000-000000000000';
const dashboardFolder = mkdtempSync(join(tmpdir(), 'gatehouse-dashboard-'));
let bench: HubBench;
let cookie: string;

beforeAll(async () => {
  mkdirSync(join(dashboardFolder, 'assets'));
  writeFileSync(join(dashboardFolder, 'index.html'), '<!doctype html><title>Gatehouse</title>');
  writeFileSync(join(dashboardFolder, 'assets/app-1234.js'), 'export {};');
  bench = await startHubBench({ dashboardFolder });
  cookie = await bench.logIn('admin');
});
afterAll(async () => {
  await bench.stop();
  rmSync(dashboardFolder, { recursive: true });
});

/** What every answer says, whatever it is [OWASP Secure Headers Project]. */
function expectProtected(what: string, { headers }: Response) {
  const policy = String(headers['content-security-policy']).split(';');
  expect([what, policy.find((directive) => directive.startsWith('script-src '))]).toEqual([
    what,
    "script-src 'self'",
  ]);
  for (const directive of [
    "default-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "form-action 'self'",
  ])
    expect([what, policy]).toEqual([what, expect.arrayContaining([directive])]);
  expect([what, headers]).toEqual([
    what,
    expect.objectContaining({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'permissions-policy': expect.stringContaining('geolocation=()'),
    }),
  ]);
  expect(headers['x-powered-by'] ?? headers.server).toBeUndefined();
}

describe('every answer carries the headers that protect a page', () => {
  test('on every route, whether it is refused for want of a log-in or answered', async () => {
    const document = (await bench.app.inject({ url: '/api/v1/openapi.json', headers: { cookie } })).json();
    const routes = Object.entries(document.paths as Record<string, object>).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => [method.toUpperCase(), path.replace(/\{\w+\}/g, id)] as const),
    );
    expect(routes.length).toBeGreaterThan(45);
    for (const [at, [method, url]] of routes.entries()) {
      if (url === '/api/v1/stream' || (method === 'DELETE' && url.startsWith('/api/v1/session'))) continue;
      for (const headers of [{}, { cookie, 'sec-fetch-site': 'same-origin' }]) {
        const body = ['POST', 'PUT', 'PATCH'].includes(method) && { payload: {} };
        const reply = await bench.app.inject({
          method: method as 'GET',
          url,
          headers,
          remoteAddress: `10.9.0.${at}`,
          ...body,
        });
        expectProtected(`${method} ${url}`, reply);
        expect([url, reply.headers['cache-control']]).toEqual([url, 'no-store']);
      }
    }
  });

  test('on the page, its files, what is not there, and what cannot be read', async () => {
    const answers: [url: string, status: number, cache: string][] = [
      ['/', 200, 'no-cache'],
      ['/log', 200, 'no-cache'],
      ['/assets/app-1234.js', 200, 'public, max-age=31536000, immutable'],
      ['/assets/none.js', 404, 'no-store'],
      ['/api/v1/nothing', 404, 'no-store'],
      ['/api/v1/alerts?limit=0', 400, 'no-store'],
    ];
    for (const [url, status, cache] of answers) {
      const reply = await bench.app.inject({ url, headers: { cookie } });
      expect([url, reply.statusCode, reply.headers['cache-control']]).toEqual([url, status, cache]);
      expectProtected(url, reply);
    }
  });

  test('on a fault of the hub and on a refused rate', async () => {
    const url = '/api/v1/hand-overs?gate=east-gate';
    let reply = await bench.app.inject({ url, headers: { cookie } });
    for (let count = 0; count < 320 && reply.statusCode !== 429; count++)
      reply = await bench.app.inject({ url, headers: { cookie } });
    expect(reply.statusCode).toBe(429);
    expectProtected('429', reply);
  });

  test('on a picture, which only the browser of who asked may keep', async () => {
    const jpeg = buildJpeg();
    const evidence = describeEvidence(jpeg);
    const from = { site: 'demo', box: 'east-box' };
    await bench.store.evidence.keep({
      id: evidence.id,
      from,
      jpeg,
      receivedAt: new Date(bench.clock.now()).toISOString(),
    });
    await bench.commit({ evidence: [evidence] });
    const reply = await bench.app.inject({ url: `/api/v1/evidence/${evidence.id}`, headers: { cookie } });
    expect([reply.statusCode, reply.headers['content-type'], reply.headers['cache-control']]).toEqual([
      200,
      'image/jpeg',
      'private, max-age=86400, immutable',
    ]);
    expectProtected('picture', reply);
  });

  test('on the live stream', async () => {
    const address = await bench.listen();
    const abort = new AbortController();
    const reply = await fetch(`${address}/api/v1/stream`, { headers: { cookie }, signal: abort.signal });
    expectProtected('stream', { headers: Object.fromEntries(reply.headers) } as unknown as Response);
    expect(reply.headers.get('cache-control')).toBe('no-store');
    abort.abort();
  });
});

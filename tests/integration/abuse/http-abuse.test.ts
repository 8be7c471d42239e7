import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type HubBench, startHubBench } from '../http/hub-bench.ts';

const id = '0195500c-0000-7000-8000-000000000000';
const canary = 'outside-of-everything-that-is-served';
const root = mkdtempSync(join(tmpdir(), 'gatehouse-abuse-'));
let bench: HubBench;
let address: string;
let cookie: string;
let operations: { method: string; path: string; operation: Operation }[];

interface Schema {
  type?: string;
  properties?: Record<string, Schema>;
}
interface Operation {
  parameters?: { in: string; name: string }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
}

beforeAll(async () => {
  mkdirSync(join(root, 'dist/assets'), { recursive: true });
  writeFileSync(join(root, 'dist/index.html'), '<title>Gatehouse</title>');
  writeFileSync(join(root, 'secret.txt'), canary);
  bench = await startHubBench({ dashboardFolder: join(root, 'dist') });
  address = await bench.listen();
  cookie = await bench.logIn('admin');
  const document = (await bench.app.inject({ url: '/api/v1/openapi.json', headers: { cookie } })).json();
  operations = Object.entries(document.paths as Record<string, Record<string, Operation>>).flatMap(
    ([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({
        method: method.toUpperCase(),
        path,
        operation,
      })),
  );
});
afterAll(async () => {
  await bench.stop();
  rmSync(root, { recursive: true });
});

let asked = 0;
/** Every question from another address, so that no limit of rates answers instead of the route. */
function ask(method: string, url: string, payload?: string | object, type = 'application/json') {
  asked += 1;
  return bench.app.inject({
    method: method as 'GET',
    url,
    headers: {
      cookie,
      'sec-fetch-site': 'same-origin',
      ...(payload !== undefined && { 'content-type': type }),
    },
    remoteAddress: `10.8.${Math.floor(asked / 250)}.${asked % 250}`,
    ...(payload !== undefined && { payload }),
  });
}

const writing = () => operations.filter(({ operation }) => operation.requestBody);
const plain = (path: string) => path.replace(/\{\w+\}/g, id);

/** How many rows every table has: what an injected statement would change. */
async function rowsOfTables(): Promise<Record<string, number>> {
  const tables = await bench.store.database.introspection.getTables();
  const counted = tables.map(async ({ name }) => {
    const row = await bench.store.database
      .selectFrom(name as 'alert')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow();
    return [name, Number(row.count)] as const;
  });
  return Object.fromEntries(await Promise.all(counted));
}

const nasty = [
  `' OR '1'='1`,
  `'; drop table person; --`,
  `" union select password_hash from person --`,
  `%27%20or%201%3D1`,
  '\\',
  '%',
  '_'.repeat(60),
  '\u0000',
  '\ud800',
  '‮⁦',
  '𠮷'.repeat(20),
  '../../hub.sqlite',
  '{"$ne":null}',
  '__proto__',
  '\r\nset-cookie: x=1',
  'a'.repeat(5000),
];

describe('what is put into questions', () => {
  test('SQL, control characters and broken Unicode in every parameter are answered or refused, and change nothing', async () => {
    await bench.commit({ plate: undefined });
    const { audit: _, ...before } = await rowsOfTables();
    let questions = 0;
    for (const { method, path, operation } of operations) {
      if (method !== 'GET' || path === '/api/v1/stream') continue;
      for (const parameter of operation.parameters ?? []) {
        for (const value of nasty.filter((_, at) => at % 2 === asked % 2)) {
          const given = encodeURIComponent(value.toWellFormed());
          const url =
            parameter.in === 'path'
              ? path.replace(`{${parameter.name}}`, given).replace(/\{\w+\}/g, id)
              : `${plain(path)}?${parameter.name}=${given}`;
          const reply = await ask('GET', url);
          expect([url, reply.statusCode]).toEqual([url, expect.toSatisfy((status: number) => status < 500)]);
          expect(reply.headers['set-cookie']).toBeUndefined();
          questions += 1;
        }
      }
    }
    expect(questions).toBeGreaterThan(200);
    const { audit: __, ...after } = await rowsOfTables();
    expect(after).toEqual(before);
  });

  test('and in every field of every body', async () => {
    const people = (await rowsOfTables()).person;
    for (const { method, path, operation } of writing()) {
      if (path === '/api/v1/session') continue;
      const schema = Object.values(operation.requestBody!.content)[0].schema;
      for (const field of Object.keys(schema.properties ?? {})) {
        for (const value of [
          nasty[1],
          '\u0000',
          '\ud800',
          '__proto__',
          'a'.repeat(5000),
          -1,
          1e308,
          null,
          [[]],
          {},
        ]) {
          const url = plain(path);
          const reply = await ask(method, url, { [field]: value });
          expect([method, url, field, reply.statusCode]).toEqual([
            method,
            url,
            field,
            expect.toSatisfy((status: number) => status < 500),
          ]);
        }
      }
    }
    expect((await rowsOfTables()).person).toBe(people);
  });

  test('a log-in with SQL for a name is a wrong log-in', async () => {
    for (const username of nasty.slice(0, 3)) {
      const reply = await ask('POST', '/api/v1/session', { username, password: `' or '1'='1` });
      expect([reply.statusCode, reply.json().code]).toEqual([401, 'LOG_IN_REFUSED']);
    }
  });
});

describe('bodies', () => {
  test('that are no JSON, or not what was asked for, are refused with a code', async () => {
    const routes = writing();
    const anything = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.json({ maxDepth: 5 }),
      fc.constantFrom(
        '{"__proto__":{"role":"admin"}}',
        '{"constructor":{"prototype":{}}}',
        '['.repeat(20_000),
        '{"a":'.repeat(5_000),
        '"\\ud800"',
        '﻿{}',
        'NaN',
        '',
      ),
    );
    await fc.assert(
      fc.asyncProperty(fc.nat(routes.length - 1), anything, async (at, body) => {
        const { method, path } = routes[at];
        const reply = await ask(method, plain(path), body);
        expect([path, reply.statusCode]).toEqual([
          path,
          expect.toSatisfy((status: number) => status >= 400 && status < 500),
        ]);
        expect(reply.json().code).toMatch(/^[A-Z_]+$/);
      }),
      { numRuns: 80 },
    );
    expect(({} as { role?: string }).role).toBeUndefined();
  });

  test('of 10 MB are refused on every route without being kept, announced or not', async () => {
    const before = process.memoryUsage.rss();
    const chunk = Buffer.alloc(64 * 1024, 0x20);
    // A body of unknown length with DELETE is not read at all: the route answers that it has none.
    for (const { method, path } of writing().filter(({ method: each }) => each !== 'DELETE')) {
      for (const announced of [true, false]) {
        const { status } = await pour(method, plain(path), chunk, announced);
        expect([path, announced, status]).toEqual([path, announced, 413]);
      }
    }
    expect(process.memoryUsage.rss() - before).toBeLessThan(100e6);
  });

  /** Sends 10 MB until the hub answers. */
  function pour(
    method: string,
    path: string,
    chunk: Buffer,
    announced: boolean,
  ): Promise<{ status: number }> {
    return new Promise((resolve) => {
      let sent = 0;
      const length = announced ? { 'content-length': '10000000' } : {};
      const headers = { cookie, origin: address, 'content-type': 'application/json', ...length };
      const pouring = request(`${address}${path}`, { method, headers, agent: false }, (response) => {
        response.resume();
        resolve({ status: response.statusCode ?? 0 });
        pouring.destroy();
      });
      pouring.on('error', () => {});
      const more = () => {
        while (sent < 1e7 && !pouring.destroyed) {
          sent += chunk.length;
          if (!pouring.write(chunk.subarray(0, Math.min(chunk.length, 1e7 - sent + chunk.length)))) {
            pouring.once('drain', more);
            return;
          }
        }
      };
      more();
    });
  }
});

describe('paths', () => {
  /** The path as it is: clients tidy it up before they send it. */
  function askRaw(path: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = connect(Number(new URL(address).port), '127.0.0.1');
      let text = '';
      socket.setEncoding('utf8').on('data', (piece) => {
        text += piece;
      });
      socket.on('close', () => resolve(text)).on('error', reject);
      socket.write(`GET ${path} HTTP/1.1\r\nhost: hub\r\ncookie: ${cookie}\r\nconnection: close\r\n\r\n`);
    });
  }

  test('lead to nothing outside, neither below the page nor as the id of a picture', async () => {
    const ways = [
      '../secret.txt',
      '..%2fsecret.txt',
      '%2e%2e/secret.txt',
      '%2e%2e%2fsecret.txt',
      '..%5csecret.txt',
      '..\\secret.txt',
      '....//secret.txt',
      '..%252fsecret.txt',
      '..%c0%afsecret.txt',
      '%00/../secret.txt',
      './../secret.txt',
    ];
    const starts = [
      '/',
      '/assets/',
      '/assets/../',
      '//',
      '/api/v1/evidence/',
      `/api/v1/evidence/${id}/`,
      '/trust/',
      '/api/../',
    ];
    for (const start of starts) {
      for (const way of ways) {
        const answer = await askRaw(`${start}${way}`);
        expect([start, way, answer]).toEqual([start, way, expect.stringMatching(/^HTTP\/1\.1 [234]\d\d /)]);
        expect(answer).not.toContain(canary);
        expect(answer).not.toContain('SQLite format 3');
      }
    }
  });

  test('that do not decode or are endless are refused with a code and the headers of a bare answer', async () => {
    for (const path of ['/api/v1/alerts/%zz', '/%', `/api/v1/alerts/${'a'.repeat(900)}`]) {
      const answer = await askRaw(path);
      expect([path, answer]).toEqual([
        path,
        expect.stringMatching(/^HTTP\/1\.1 4\d\d [\s\S]*"code":"[A-Z_]+"/),
      ]);
      expect(answer).toMatch(/x-content-type-options: nosniff/i);
      expect(answer).not.toContain('a'.repeat(900));
    }
  });
});

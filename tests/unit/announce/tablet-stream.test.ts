import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { TabletStream } from '../../../hub/announce/tablet-stream.ts';
import type { Person } from '../../../hub/contract/api.ts';
import { Counters } from '../../../hub/counters.ts';

const heartbeatMs = 10_000;
let server: Server;
let stream: TabletStream;
let counters: Counters;
let live: Set<string>;
let failures: unknown[];
let isLive: (tokenHash: string) => Promise<boolean>;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  live = new Set(['one', 'two']);
  failures = [];
  counters = new Counters();
  isLive = async (tokenHash) => live.has(tokenHash);
  stream = new TabletStream({
    log: { after: async () => ({ kind: 'events', events: [], more: false }), lastId: async () => 7 },
    gateOf: async () => undefined,
    isLive: (tokenHash) => isLive(tokenHash),
    counters,
    reportFailure: (error) => failures.push(error),
  });
  stream.start();
  server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(async () => {
  await stream.stop();
  server.close();
  vi.useRealTimers();
});

async function open(tokenHash: string) {
  const opened = once(server, 'request') as Promise<[unknown, ServerResponse]>;
  const socket: Socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.write('GET / HTTP/1.0\r\n\r\n');
  const [, response] = await opened;
  response.writeHead(200);
  const got = { text: '', ended: once(socket, 'close') };
  socket.setEncoding('utf8').on('data', (chunk) => {
    got.text += chunk;
  });
  stream.open({ person: { id: tokenHash, role: 'guard' } as Person, tokenHash }, response, undefined);
  await expect.poll(() => got.text).toContain('id: 7\n\n');
  return got;
}

describe('every ten seconds', () => {
  test('each tablet gets a sign of life with its place', async () => {
    const tablet = await open('one');
    vi.advanceTimersByTime(heartbeatMs);
    await expect.poll(() => tablet.text).toContain(': heartbeat\nid: 7\n\n');
  });

  test('the streams of a session that has run out end, the others stay', async () => {
    const [gone, stays] = [await open('one'), await open('two')];
    live.delete('one');
    vi.advanceTimersByTime(heartbeatMs);
    await gone.ended;
    expect(stream.size).toBe(1);
    expect(counters.read()).toMatchObject({ stream_opened: 2, stream_session_ended: 1 });
    vi.advanceTimersByTime(heartbeatMs);
    await expect.poll(() => stays.text.match(/heartbeat/g)?.length).toBe(2);
  });

  test('a stream whose session cannot be looked up ends, is reported and counted: it may have been taken away', async () => {
    const tablet = await open('one');
    isLive = async () => {
      throw new Error('the database is gone');
    };
    vi.advanceTimersByTime(heartbeatMs);
    await tablet.ended;
    expect(failures).toMatchObject([{ message: 'the database is gone' }]);
    expect(counters.read().stream_failed).toBe(1);
  });
});

test('after the end no stream and no timer is left', async () => {
  const tablets = [await open('one'), await open('two')];
  await stream.stop();
  await Promise.all(tablets.map(({ ended }) => ended));
  expect(stream.size).toBe(0);
  expect(vi.getTimerCount()).toBe(0);
});

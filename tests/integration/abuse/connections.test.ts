import { once } from 'node:events';
import type { Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { Counters } from '../../../hub/counters.ts';
import { answerBrokenRequest, createHttpServer, httpLimits } from '../../../hub/http/http-server.ts';

/** The limits of the hub with its times made short, and a small room. */
const limits = {
  ...httpLimits,
  headersMs: 300,
  requestMs: 500,
  checkMs: 50,
  connections: 40,
  connectionsPerAddress: 5,
};

let server: Server;
let counters: Counters;
const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  server.close();
});

async function listen(): Promise<number> {
  counters = new Counters();
  server = createHttpServer(
    (request, response) => {
      request.resume().on('end', () => response.end('answered'));
    },
    undefined,
    counters,
    limits,
  );
  server.on('clientError', answerBrokenRequest(counters));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** Opens a connection, says something, and collects what comes until it ends. */
async function speak(
  port: number,
  words: string,
  from = '127.0.0.1',
): Promise<{ socket: Socket; answer: () => string; ended: Promise<string> }> {
  const socket = connect({ port, host: '127.0.0.1', localAddress: from });
  sockets.push(socket);
  let text = '';
  socket.setEncoding('utf8').on('data', (chunk) => {
    text += chunk;
  });
  socket.on('error', () => {});
  const ended = new Promise<string>((resolve) => socket.once('close', () => resolve(text)));
  await Promise.race([once(socket, 'connect'), ended]);
  if (words) socket.write(words);
  return { socket, answer: () => text, ended };
}

const question = 'GET / HTTP/1.1\r\nhost: hub\r\n';
const answers = async (port: number, from?: string) => {
  const { ended } = await speak(port, `${question}connection: close\r\n\r\n`, from);
  return (await ended).startsWith('HTTP/1.1 200');
};

describe('a client that is slow on purpose', () => {
  test('has limited time for its headers and for its body; others are answered meanwhile', async () => {
    const port = await listen();
    const slow = await Promise.all([
      ...Array.from({ length: 10 }, () => speak(port, question)),
      ...Array.from({ length: 10 }, () =>
        speak(port, `POST / HTTP/1.1\r\nhost: hub\r\ncontent-length: 100\r\n\r\n{`),
      ),
    ]);
    expect(await answers(port)).toBe(true);
    for (const { ended } of slow)
      expect(await ended).toMatch(/^HTTP\/1\.1 408 [\s\S]*"code":"REQUEST_TIMED_OUT"/);
    expect(counters.read()['refused.REQUEST_TIMED_OUT']).toBe(20);
  });

  test('that says nothing at all is ended too', async () => {
    const port = await listen();
    const silent = await Promise.all(Array.from({ length: 10 }, () => speak(port, '')));
    for (const { ended } of silent) await ended;
  });
});

describe('a flood', () => {
  test('of headers is cut off before it is kept, with a code', async () => {
    const port = await listen();
    const { ended } = await speak(port, `${question}${`x-flood: ${'a'.repeat(1000)}\r\n`.repeat(200)}\r\n`);
    expect(await ended).toMatch(/^HTTP\/1\.1 431 [\s\S]*"code":"REQUEST_HEADERS_TOO_LARGE"/);
    expect(counters.read()['refused.REQUEST_HEADERS_TOO_LARGE']).toBe(1);
    expect(await answers(port)).toBe(true);
  });

  test('of bytes that are no HTTP is refused with a code', async () => {
    const port = await listen();
    const { ended } = await speak(port, '\x16\x03\x01\x02\x00\x01\x00\x01\xfc'.repeat(100));
    expect(await ended).toMatch(/^HTTP\/1\.1 400 [\s\S]*"code":"REQUEST_INVALID"/);
  });

  test('of connections from one address takes nothing from another', async () => {
    const port = await listen();
    await Promise.all(Array.from({ length: 12 }, () => speak(port, '', '127.0.0.2')));
    await vi.waitFor(() => expect(counters.read()['http.connections_refused']).toBe(7));
    expect(await answers(port, '127.0.0.3')).toBe(true);
    expect(await answers(port, '127.0.0.1')).toBe(true);
  });

  test('of connections from everywhere is held to what the hub has room for, and makes room when they end', async () => {
    const port = await listen();
    await Promise.all(Array.from({ length: 45 }, () => speak(port, '')));
    await vi.waitFor(() => expect(counters.read()['http.connections_refused']).toBeGreaterThanOrEqual(5));
    for (const socket of sockets.splice(0)) socket.destroy();
    await vi.waitFor(async () => expect(await answers(port)).toBe(true));
  });
});

import { once } from 'node:events';
import { createServer as createHttp, type IncomingMessage } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo } from 'node:net';
import { loopback } from './loopback-certificate.ts';

/** One request as a provider got it. */
export interface Taken {
  url: URL;
  headers: IncomingMessage['headers'];
  body: Buffer;
  /** The body as JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: each provider has its own
  json(): any;
}

/** What a provider answers; undefined answers never. */
type Reply = { status?: number; headers?: Record<string, string>; body?: unknown } | undefined;

/** A server on loopback that stands where a provider stands. */
export interface Provider {
  /** `http://127.0.0.1:port`, or https. */
  origin: string;
  taken: Taken[];
  /** How it answers from now on. */
  answer: (taken: Taken) => Reply;
  close(): Promise<void>;
}

export async function startProvider(answer: Provider['answer'], { tls = false } = {}): Promise<Provider> {
  const server = tls ? createHttps(loopback) : createHttp();
  server.on('request', async (request: IncomingMessage, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece);
    const body = Buffer.concat(pieces);
    const taken: Taken = {
      url: new URL(request.url ?? '/', provider.origin),
      headers: request.headers,
      body,
      json: () => JSON.parse(body.toString('utf8')),
    };
    provider.taken.push(taken);
    const reply = provider.answer(taken);
    if (!reply) return;
    response.writeHead(reply.status ?? 200, reply.headers);
    response.end(typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body ?? {}));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const provider: Provider = {
    origin: `${tls ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    taken: [],
    answer,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return provider;
}

import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer, Server as SecureServer } from 'node:https';
import type { Socket } from 'node:net';
import type { Counters } from '../counters.ts';
import { hubErrors } from '../errors.ts';
import type { TlsContext } from '../tls/server-identity.ts';

/**
 * What one client may take before it has shown who it is. A tablet has one stream and a few requests; boxes do not
 * come this way.
 */
export const httpLimits = {
  /** Bytes of all headers of a request; cookies and a long search are far below. */
  headerBytes: 16 * 1024,
  headers: 100,
  /** Milliseconds for all headers to arrive [CWE-400, "slowloris"]; a hub in a storm may itself be late to read them. */
  headersMs: 20_000,
  /** Milliseconds for a whole request to arrive; an answer may take as long as it likes. */
  requestMs: 60_000,
  /** Milliseconds a connection may be idle between two requests. */
  idleMs: 65_000,
  handshakeMs: 10_000,
  connections: 2_000,
  /** From one address, but for `proxies`. */
  connectionsPerAddress: 200,
  /** A proxy on this machine speaks for many. */
  proxies: ['127.0.0.1', '::1'],
  /** How often late requests are looked for, milliseconds. */
  checkMs: 2_000,
};

export type HttpLimits = typeof httpLimits;

/** The server that the HTTP door listens with: HTTPS with `secure`, HTTP without. */
export function createHttpServer(
  handler: RequestListener,
  secure: TlsContext | undefined,
  counters: Counters,
  limits: HttpLimits = httpLimits,
): Server {
  const options = {
    maxHeaderSize: limits.headerBytes,
    headersTimeout: limits.headersMs,
    requestTimeout: limits.requestMs,
    keepAliveTimeout: limits.idleMs,
    connectionsCheckingInterval: limits.checkMs,
    keepAlive: true,
    keepAliveInitialDelay: limits.idleMs,
    noDelay: true,
  };
  const server = secure
    ? createSecureServer({ ...options, ...secure, handshakeTimeout: limits.handshakeMs }, handler)
    : createServer(options, handler);
  server.maxHeadersCount = limits.headers;
  server.maxConnections = limits.connections;
  server.on('drop', () => counters.add('http.connections_refused'));
  limitPerAddress(server, counters, limits);
  return server as Server;
}

/** New connections see this certificate; those that are open, live streams among them, stay. */
export function presentCertificate(server: Server, secure: TlsContext): void {
  if (server instanceof SecureServer) server.setSecureContext(secure);
}

/** Answers what never became a request, in the words of the catalogue, and ends the connection. */
export function answerBrokenRequest(
  counters: Counters,
): (error: Error & { code?: string }, socket: Socket) => void {
  return (error, socket) => {
    // Refused already, or gone: Node tells every piece that still comes.
    if (!socket.writable) return;
    if (error.code === 'ECONNRESET' || error.code?.startsWith('ERR_SSL')) {
      counters.add('http.connection_errors');
      socket.destroy();
      return;
    }
    const code = brokenAs[error.code ?? ''] ?? 'REQUEST_INVALID';
    counters.add(`refused.${code}`);
    const { status, message, remedy } = hubErrors[code];
    const body = JSON.stringify({ code, message, remedy });
    const head = [
      `HTTP/1.1 ${status} ${code}`,
      'content-type: application/json; charset=utf-8',
      `content-length: ${Buffer.byteLength(body)}`,
      ...Object.entries(bareHeaders).map(([name, value]) => `${name}: ${value}`),
      'connection: close',
    ];
    socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
  };
}

/** For answers that do not pass the door's own hooks: nothing to show, to run or to keep. */
export const bareHeaders = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
} as const;

const brokenAs: Record<string, 'REQUEST_HEADERS_TOO_LARGE' | 'REQUEST_TIMED_OUT'> = {
  HPE_HEADER_OVERFLOW: 'REQUEST_HEADERS_TOO_LARGE',
  ERR_HTTP_REQUEST_TIMEOUT: 'REQUEST_TIMED_OUT',
};

function limitPerAddress(server: Server, counters: Counters, limits: HttpLimits): void {
  const open = new Map<string, number>();
  server.on('connection', (socket: Socket) => {
    const address = (socket.remoteAddress ?? '').replace(/^::ffff:/, '');
    const count = (open.get(address) ?? 0) + 1;
    if (count > limits.connectionsPerAddress && !limits.proxies.includes(address)) {
      counters.add('http.connections_refused');
      socket.destroy();
      return;
    }
    open.set(address, count);
    socket.once('close', () => {
      const left = (open.get(address) ?? 1) - 1;
      if (left > 0) open.set(address, left);
      else open.delete(address);
    });
  });
}

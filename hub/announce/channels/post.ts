import { lookup } from 'node:dns';
import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import type { SendResult } from './channel.ts';

/** Bytes of an answer that are read; providers answer with a line. */
const answerBytes = 64 * 1024;

/** The longest that an answer can make us wait, milliseconds: by then an alert is nearly over. */
const longestWaitMs = 15 * 60_000;

/** What the other side answered. */
export interface Answer {
  status: number;
  /** At most 64 KiB of it. */
  text: string;
  /** Milliseconds that the answer asks to wait (Retry-After, RFC 9110 §10.2.3), at most 15 minutes. */
  retryAfterMs?: number;
}

interface Post {
  url: URL;
  headers: Record<string, string | number>;
  body: Uint8Array;
  signal: AbortSignal;
  /** Only addresses of the internet are spoken to: for targets that anyone may name. */
  publicOnly?: boolean;
}

/**
 * Posts once. Redirects are not followed: a robot's address never moves, and a key must not be handed on. Gives the
 * result when nothing was answered; its detail is the fault's code alone, never the address.
 */
export async function post(post: Post): Promise<{ answer: Answer } | { failed: SendResult }> {
  try {
    return { answer: await exchange(post) };
  } catch (error) {
    return { failed: failureOf(error as NodeJS.ErrnoException, post.signal) };
  }
}

/** JSON as UTF-8, with the headers that go with it. */
export function jsonBody(value: unknown) {
  const body = Buffer.from(JSON.stringify(value));
  return { body, headers: { 'content-type': 'application/json; charset=utf-8' } };
}

/** What an HTTP status says where the provider's own code says nothing. */
export function resultOfStatus({ status, retryAfterMs }: Answer): SendResult {
  const detail = `HTTP ${status}`;
  if (status >= 200 && status < 300) return { kind: 'delivered' };
  if (status === 429)
    return { kind: 'retry', reason: 'rate_limited', detail, afterMs: retryAfterMs, holdsChannel: true };
  if (status === 408 || status === 425 || status >= 500)
    return { kind: 'retry', reason: 'server_failed', detail, afterMs: retryAfterMs };
  if (status >= 300 && status < 400) return { kind: 'refused', reason: 'redirected', detail };
  return { kind: 'refused', reason: status === 401 ? 'key_refused' : 'refused', detail };
}

/** The number under the first of these names in a JSON answer; undefined when it is not such an answer. */
export function codeOf({ text }: Answer, ...names: string[]): number | undefined {
  try {
    const body = JSON.parse(text) as Record<string, unknown> | null;
    for (const name of names) {
      const code = body?.[name];
      if (typeof code === 'number') return code;
    }
  } catch {}
  return undefined;
}

function exchange({ url, headers, body, signal, publicOnly }: Post): Promise<Answer> {
  return new Promise((resolve, reject) => {
    if (publicOnly && isNamedPrivate(url)) return reject(new PrivateAddressError());
    const send = url.protocol === 'https:' ? requestHttps : requestHttp;
    const request = send(
      url,
      {
        method: 'POST',
        headers: { ...headers, 'content-length': body.byteLength, 'user-agent': 'gatehouse-hub' },
        signal,
        agent: false,
        ...(publicOnly && { lookup: lookupPublic }),
      },
      (response) => void readAnswer(response).then(resolve, reject),
    );
    request.on('error', reject);
    request.end(body);
  });
}

async function readAnswer(response: IncomingMessage): Promise<Answer> {
  const status = response.statusCode ?? 0;
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of response as AsyncIterable<Buffer>) {
    pieces.push(piece.subarray(0, answerBytes - bytes));
    bytes += piece.byteLength;
    if (bytes >= answerBytes) break;
  }
  response.destroy();
  const retryAfterMs = waitOf(response.headers['retry-after']);
  const text = Buffer.concat(pieces).toString('utf8');
  return { status, text, ...(retryAfterMs !== undefined && { retryAfterMs }) };
}

function waitOf(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  const ms = /^\d{1,6}$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.min(longestWaitMs, Math.max(0, ms));
}

function failureOf(error: NodeJS.ErrnoException, signal: AbortSignal): SendResult {
  if (error instanceof PrivateAddressError) return { kind: 'refused', reason: 'address_refused' };
  if (signal.aborted) return { kind: 'retry', reason: 'timed_out' };
  return { kind: 'retry', reason: 'unreachable', detail: error.code ?? 'no answer' };
}

class PrivateAddressError extends Error {}

function isNamedPrivate({ hostname }: URL): boolean {
  const host = hostname.replace(/^\[|\]$/g, '');
  return isIP(host) !== 0 && isPrivate(host);
}

/** Resolves a name, and refuses it when it leads into a network that is not the internet. */
const lookupPublic: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, found) => {
    if (error) return callback(error, '');
    if (found.some(({ address }) => isPrivate(address))) return callback(new PrivateAddressError(), '');
    if (options.all) return callback(null, found);
    callback(null, found[0].address, found[0].family);
  });
};

/** Loopback, private, link-local, shared and reserved (RFC 6890), and IPv4 written as IPv6. */
function isPrivate(address: string): boolean {
  return privateNetworks.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

const privateNetworks = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const)
  privateNetworks.addSubnet(network, prefix, 'ipv4');
for (const [network, prefix] of [
  ['::', 127],
  ['::ffff:0:0', 96],
  ['64:ff9b::', 96],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const)
  privateNetworks.addSubnet(network, prefix, 'ipv6');

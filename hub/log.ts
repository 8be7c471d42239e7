import pino, { type DestinationStream, type Logger } from 'pino';

/** What no log line ever shows, wherever it stands in a line's facts: secrets, and what names or recognises someone. */
const unspoken = new Set([
  'password',
  'passwordHash',
  'token',
  'tokenHash',
  'metricsToken',
  'secret',
  'key',
  'privateKey',
  'cookie',
  'cookies',
  'set-cookie',
  'authorization',
  'plate',
  'subject',
  'displayName',
  'username',
  'note',
  'text',
  'embedding',
  'template',
  'details',
  'payload',
  'body',
]);

/** Facts deeper than this say nothing that a line needs. */
const deepest = 8;

/** JSON lines, on stderr unless told otherwise. */
export function createLog(level: string, to: DestinationStream = pino.destination(2)): Logger {
  return pino(
    {
      level,
      base: null,
      formatters: { log: (facts) => speakable(facts, 0) as Record<string, unknown> },
      serializers: { err: (error) => error },
    },
    to,
  );
}

/** The facts without what is unspoken, at every depth: in lists, in errors and in what caused them. */
function speakable(value: unknown, depth: number): unknown {
  if (value instanceof Error) return speakable(factsOf(value), depth);
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= deepest) return '[deeper]';
  if (Array.isArray(value)) return value.map((entry) => speakable(entry, depth + 1));
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (value instanceof Date) return value.toJSON();
  return Object.fromEntries(
    Object.entries(value).map(([name, entry]) => [
      name,
      unspoken.has(name) ? '[unspoken]' : speakable(entry, depth + 1),
    ]),
  );
}

function factsOf({ name, message, stack, cause, ...rest }: Error): object {
  return { type: name, message, stack, ...rest, ...(cause === undefined ? {} : { cause }) };
}

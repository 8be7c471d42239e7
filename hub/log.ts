import pino, { type Logger } from 'pino';

/** What no log line ever shows, wherever it stands in a line's facts: secrets, and what names or recognises someone. */
const unspoken = [
  'password',
  'passwordHash',
  'token',
  'tokenHash',
  'cookie',
  'authorization',
  'plate',
  'subject',
  'displayName',
  'username',
  'embedding',
  'template',
  'details',
];

/** JSON lines on stderr. */
export function createLog(level: string): Logger {
  return pino(
    { level, base: null, redact: unspoken.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]) },
    pino.destination(2),
  );
}

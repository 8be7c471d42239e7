import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { HubError } from '../errors.ts';
import { KeyRing } from './key-ring.ts';

/**
 * Opens the key of a hub, 64 hex digits in a file that only the hub's user reads; made when there is none.
 * Throws HUB_KEY_UNREADABLE.
 */
export function openKeyRing(path: string): KeyRing {
  return new KeyRing(readKey(path) ?? makeKey(path));
}

function readKey(path: string): Uint8Array | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8').trim();
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new HubError('HUB_KEY_UNREADABLE', path, { cause });
  }
  if (!/^[0-9a-f]{64}$/.test(text)) throw new HubError('HUB_KEY_UNREADABLE', path);
  return Buffer.from(text, 'hex');
}

/** Written beside and linked into place, so that two commands at once end with one key, and never with half of one. */
function makeKey(path: string): Uint8Array {
  const partial = `${path}.${randomBytes(6).toString('hex')}.new`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const file = openSync(partial, 'wx', 0o600);
    writeSync(file, `${randomBytes(32).toString('hex')}\n`);
    fsyncSync(file);
    closeSync(file);
    try {
      linkSync(partial, path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  } catch (cause) {
    throw new HubError('HUB_KEY_UNREADABLE', path, { cause });
  } finally {
    rmSync(partial, { force: true });
  }
  const key = readKey(path);
  if (!key) throw new HubError('HUB_KEY_UNREADABLE', path);
  return key;
}

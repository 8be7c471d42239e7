import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openKeyRing } from '../../../hub/keys/key-file.ts';
import { KeyRing } from '../../../hub/keys/key-ring.ts';

const coded = (code: string) => expect.objectContaining({ code });

describe('a key ring', () => {
  const ring = new KeyRing(Buffer.alloc(32, 7));

  test('opens what it sealed, whatever it was', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.string(), (plain, belongsTo) => {
        const opened = ring.open('totp', belongsTo, ring.seal('totp', belongsTo, plain));
        expect(Buffer.compare(opened, plain)).toBe(0);
      }),
    );
  });

  test('does not open a seal for another purpose, of another thing, or by another key', () => {
    const sealed = ring.seal('totp', 'person-1', Buffer.from('secret'));
    expect(() => ring.open('channel', 'person-1', sealed)).toThrow(coded('SEAL_BROKEN'));
    expect(() => ring.open('totp', 'person-2', sealed)).toThrow(coded('SEAL_BROKEN'));
    expect(() => new KeyRing(Buffer.alloc(32, 8)).open('totp', 'person-1', sealed)).toThrow(
      coded('SEAL_BROKEN'),
    );
  });

  test('does not open a seal of which any one bit was changed', () => {
    const sealed = ring.seal('evidence', 'picture', Buffer.from('a face'));
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const changed = Buffer.from(sealed);
      changed[bit >> 3] ^= 1 << (bit & 7);
      expect(() => ring.open('evidence', 'picture', changed)).toThrow(coded('SEAL_BROKEN'));
    }
  });

  test('does not open what is too short to be a seal', () => {
    expect(() => ring.open('evidence', 'picture', Buffer.alloc(28))).toThrow(coded('SEAL_BROKEN'));
  });
});

describe('the key file', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'gatehouse-keys-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test('is made once, for its owner alone, and opens the same seals afterwards', () => {
    const path = join(folder, 'hub.key');
    const sealed = openKeyRing(path).seal('link', 'x', Buffer.from('later'));
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(openKeyRing(path).open('link', 'x', sealed).toString()).toBe('later');
  });

  test('is refused by its name when it is not a key, and is not replaced', () => {
    const path = join(folder, 'hub.key');
    writeFileSync(path, 'half a key');
    expect(() => openKeyRing(path)).toThrow(coded('HUB_KEY_UNREADABLE'));
    expect(readFileSync(path, 'utf8')).toBe('half a key');
  });
});

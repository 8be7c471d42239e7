import { createCipheriv, createDecipheriv, randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { HubError } from '../errors.ts';

/** First bytes of a backup, with the version of what follows. */
const magic = Buffer.from('GATEHOUSE-BACKUP-1\n');
const saltBytes = 16;
const noncePrefixBytes = 7;
const checkBytes = 16;
const tagBytes = 16;
/** Bytes of what is sealed in one chunk; the last one has less. */
const chunkBytes = 64 * 1024;
const headerBytes = magic.length + 1 + saltBytes + noncePrefixBytes + checkBytes;

/** scrypt (RFC 7914) with r = 8, p = 1 and N = 2^17: 128 MiB and about half a second for each guess. */
const defaultCost = 17;
const blockSize = 8;
/** A file that asks for more than this is not one of ours: nobody is made to spend gigabytes. */
const greatestCost = 20;

const derive = promisify(
  scrypt as (
    passphrase: string,
    salt: Uint8Array,
    length: number,
    options: { N: number; r: number; p: number; maxmem: number },
    done: (error: Error | null, key: Buffer) => void,
  ) => void,
);

/**
 * Seals a stream of any length with a passphrase, in bounded memory: AES-256-GCM in chunks, each with a nonce of
 * prefix (7) ‖ number (4) ‖ whether it is the last (1), so that chunks cannot be left out, swapped, added or cut off
 * (the STREAM construction, Hoang, Reyhanitabar, Rogaway, Vizár 2015). The header is bound to every chunk. `cost`: log2
 * of scrypt's N.
 */
export async function* sealStream(
  passphrase: string,
  plain: AsyncIterable<Uint8Array>,
  cost: number = defaultCost,
): AsyncGenerator<Buffer> {
  const salt = randomBytes(saltBytes);
  const prefix = randomBytes(noncePrefixBytes);
  const { key, check } = await deriveKeys(passphrase, salt, cost);
  const header = Buffer.concat([magic, Buffer.of(cost), salt, prefix, check]);
  yield header;

  const seal = (chunk: Uint8Array, number: number, isLast: boolean) => {
    const cipher = createCipheriv('aes-256-gcm', key, nonceOf(prefix, number, isLast), {
      authTagLength: tagBytes,
    });
    cipher.setAAD(header);
    return Buffer.concat([cipher.update(chunk), cipher.final(), cipher.getAuthTag()]);
  };
  let number = 0;
  for await (const { bytes, isLast } of cut(plain, chunkBytes)) yield seal(bytes, number++, isLast);
}

/** Throws BACKUP_PASSPHRASE_WRONG, or BACKUP_UNREADABLE at the chunk that is missing, changed or out of place. */
export async function* openStream(
  passphrase: string,
  sealed: AsyncIterable<Uint8Array>,
): AsyncGenerator<Buffer> {
  let header: Buffer | undefined;
  let open: ((chunk: Uint8Array, number: number, isLast: boolean) => Buffer) | undefined;
  let number = 0;
  for await (const { bytes, isLast } of cut(sealed, chunkBytes + tagBytes, headerBytes)) {
    if (header === undefined) {
      header = bytes;
      if (isLast || bytes.length < headerBytes) throw new HubError('BACKUP_UNREADABLE');
      open = await readHeader(passphrase, bytes);
    } else if (open) yield open(bytes, number++, isLast);
  }
  if (number === 0) throw new HubError('BACKUP_UNREADABLE');
}

async function readHeader(passphrase: string, header: Buffer) {
  const cost = header[magic.length];
  if (!header.subarray(0, magic.length).equals(magic) || cost > greatestCost || cost === 0)
    throw new HubError('BACKUP_UNREADABLE');
  const salt = header.subarray(magic.length + 1, magic.length + 1 + saltBytes);
  const prefix = header.subarray(magic.length + 1 + saltBytes, -checkBytes);
  const { key, check } = await deriveKeys(passphrase, salt, cost);
  if (!timingSafeEqual(check, header.subarray(-checkBytes))) throw new HubError('BACKUP_PASSPHRASE_WRONG');
  return (chunk: Uint8Array, number: number, isLast: boolean) => {
    if (chunk.length < tagBytes) throw new HubError('BACKUP_UNREADABLE');
    const decipher = createDecipheriv('aes-256-gcm', key, nonceOf(prefix, number, isLast), {
      authTagLength: tagBytes,
    });
    decipher.setAAD(header);
    decipher.setAuthTag(chunk.subarray(-tagBytes));
    try {
      return Buffer.concat([decipher.update(chunk.subarray(0, -tagBytes)), decipher.final()]);
    } catch (cause) {
      throw new HubError('BACKUP_UNREADABLE', undefined, { cause });
    }
  };
}

/** The key, and 16 more bytes by which a wrong passphrase is told from a changed file; they help a guesser not at all. */
async function deriveKeys(passphrase: string, salt: Uint8Array, cost: number) {
  const N = 2 ** cost;
  const maxmem = 256 * N * blockSize;
  const derived = await derive(passphrase.normalize('NFC'), salt, 32 + checkBytes, {
    N,
    r: blockSize,
    p: 1,
    maxmem,
  });
  return { key: derived.subarray(0, 32), check: derived.subarray(32) };
}

function nonceOf(prefix: Uint8Array, number: number, isLast: boolean): Buffer {
  const tail = Buffer.alloc(5);
  tail.writeUInt32BE(number);
  tail[4] = isLast ? 1 : 0;
  return Buffer.concat([prefix, tail]);
}

/** Pieces of exactly `size`, the first of `firstSize`, the last of what is left, which may be nothing. */
async function* cut(
  stream: AsyncIterable<Uint8Array>,
  size: number,
  firstSize = size,
): AsyncGenerator<{ bytes: Buffer; isLast: boolean }> {
  let held: Uint8Array[] = [];
  let length = 0;
  let wanted = firstSize;
  for await (const piece of stream) {
    held.push(piece);
    length += piece.byteLength;
    // One byte more than a piece: only then it is known not to be the last.
    if (length <= wanted) continue;
    let bytes = Buffer.concat(held);
    while (bytes.length > wanted) {
      yield { bytes: bytes.subarray(0, wanted), isLast: false };
      bytes = bytes.subarray(wanted);
      wanted = size;
    }
    held = [bytes];
    length = bytes.length;
  }
  yield { bytes: Buffer.concat(held), isLast: true };
}

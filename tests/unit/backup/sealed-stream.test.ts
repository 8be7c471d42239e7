import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { type ArchiveEntry, type Manifest, packArchive, unpackArchive } from '../../../hub/backup/archive.ts';
import { openStream, sealStream } from '../../../hub/backup/sealed-stream.ts';

const chunk = 64 * 1024;
const header = 59;
/** log2 of scrypt's N, so that the tests are not made to wait. */
const cheap = 4;

async function* inPieces(bytes: Buffer, size = 7000): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function collect(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
}

const seal = (plain: Buffer) => collect(sealStream('a long passphrase', inPieces(plain), cheap));
const open = (sealed: Buffer, passphrase = 'a long passphrase') =>
  collect(openStream(passphrase, inPieces(sealed, 1000)));

test.each([0, 1, chunk - 1, chunk, chunk + 1, 3 * chunk, 200_000])(
  '%i bytes come back as they were',
  async (length) => {
    const plain = randomBytes(length);
    const sealed = await seal(plain);
    expect((await open(sealed)).equals(plain)).toBe(true);
    if (length > 8) expect(sealed.includes(plain.subarray(0, 8))).toBe(false);
  },
);

test('a wrong passphrase is told from a changed file', async () => {
  const sealed = await seal(randomBytes(100));
  await expect(open(sealed, 'another passphrase')).rejects.toMatchObject({ code: 'BACKUP_PASSPHRASE_WRONG' });
  await expect(open(randomBytes(1000))).rejects.toMatchObject({ code: 'BACKUP_UNREADABLE' });
  await expect(open(Buffer.alloc(0))).rejects.toMatchObject({ code: 'BACKUP_UNREADABLE' });
});

test('a file that was cut short anywhere, also between two chunks, does not open', async () => {
  const sealed = await seal(randomBytes(3 * chunk));
  const ends = [10, header, header + 5, header + chunk + 16, header + 2 * (chunk + 16), sealed.length - 1];
  for (const end of ends)
    await expect(open(sealed.subarray(0, end))).rejects.toMatchObject({ code: 'BACKUP_UNREADABLE' });
});

test('one changed bit, a chunk left out, two swapped, or something added does not open', async () => {
  const sealed = await seal(randomBytes(3 * chunk + 10));
  const at = (index: number) => header + index * (chunk + 16);
  const part = (index: number) => sealed.subarray(at(index), at(index + 1));
  const head = sealed.subarray(0, header);
  const flipped = Buffer.from(sealed);
  flipped[at(1) + 100] ^= 1;
  const cheaper = Buffer.from(sealed);
  cheaper[30] ^= 1;
  for (const changed of [
    flipped,
    Buffer.concat([head, part(1), part(2), part(3)]),
    Buffer.concat([head, part(1), part(0), part(2), part(3)]),
    Buffer.concat([sealed, Buffer.alloc(1)]),
    Buffer.concat([sealed, part(3)]),
  ])
    await expect(open(changed)).rejects.toMatchObject({ code: 'BACKUP_UNREADABLE' });
  await expect(open(cheaper)).rejects.toMatchObject({ code: 'BACKUP_PASSPHRASE_WRONG' });
});

test('a file that asks for gigabytes of memory is refused', async () => {
  const sealed = await seal(randomBytes(10));
  sealed[19] = 30;
  await expect(open(sealed)).rejects.toMatchObject({ code: 'BACKUP_UNREADABLE' });
});

const last: Manifest = {
  version: 1,
  madeAt: '2026-03-01T08:00:00.000Z',
  hub: '1',
  rows: {},
  pictures: 0,
  gone: 0,
  hasPictures: true,
};

async function* entries(...files: [string, Buffer][]): AsyncGenerator<ArchiveEntry> {
  for (const [name, bytes] of files) yield { name, bytes: bytes.length, content: inPieces(bytes) };
}

test('an archive gives back its files in order, also those that nobody reads, and its manifest', async () => {
  const [one, two] = [randomBytes(20_000), randomBytes(3)];
  const packed = packArchive(
    entries(['hub.sqlite', one], ['evidence/2026-03-01/x.sealed', two], ['e', Buffer.alloc(0)]),
    () => last,
  );
  const found: [string, number][] = [];
  const manifest = await unpackArchive(packed, async ({ name, content }) => {
    found.push([name, name === 'hub.sqlite' ? 0 : (await collect(content)).length]);
  });
  expect(found).toEqual([
    ['hub.sqlite', 0],
    ['evidence/2026-03-01/x.sealed', 3],
    ['e', 0],
  ]);
  expect(manifest).toEqual(last);
});

test.each(['../hub.sqlite', '/etc/passwd', 'evidence/../../x', 'a/b/c/d'])(
  'a name that leads elsewhere is refused: %s',
  async (name) => {
    const packed = packArchive(entries([name, Buffer.from('x')]), () => last);
    await expect(unpackArchive(packed, async () => {})).rejects.toMatchObject({ code: 'BACKUP_UNREADABLE' });
  },
);

test('an archive that ends without its manifest, or goes on after it, is refused', async () => {
  const whole = await collect(packArchive(entries(['a', Buffer.from('abc')]), () => last));
  const longer = inPieces(Buffer.concat([whole, Buffer.from('x')]));
  await expect(unpackArchive(longer, async () => {})).rejects.toMatchObject({ code: 'BACKUP_UNREADABLE' });
  for (const end of [2, 10, whole.length - 1])
    await expect(unpackArchive(inPieces(whole.subarray(0, end)), async () => {})).rejects.toMatchObject({
      code: 'BACKUP_UNREADABLE',
    });
});

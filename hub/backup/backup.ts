import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { toInstant } from '../clock.ts';
import { tombstonesName } from '../erasure/tombstones.ts';
import { HubError } from '../errors.ts';
import { openKeyRing } from '../keys/key-file.ts';
import { type BackedUpPicture, openBackedUpDatabase } from '../store/backed-up-database.ts';
import { EvidenceFiles } from '../store/evidence-files.ts';
import { copyDatabase } from '../store/sqlite.ts';
import { type ArchiveEntry, type Manifest, packArchive, unpackArchive } from './archive.ts';
import { openStream, sealStream } from './sealed-stream.ts';

/** The files of a data folder beside the pictures. */
export const databaseName = 'hub.sqlite';
export const keyName = 'hub.key';
const scratchPrefix = '.backup-';
/** Pictures that a test restore opens. */
const openedPictures = 50;

/** What a backup is made from and into. */
export interface BackupOptions {
  dataFolder: string;
  /** The file to write. */
  to: string;
  passphrase: string;
  withPictures: boolean;
  /** Restores it into a temporary folder afterwards and looks at what comes out. */
  verify: boolean;
  /** log2 of scrypt's N, unless the one that fits people's passphrases. */
  cost?: number;
  /** Of the hub that makes it. */
  version: string;
  /** ms since the epoch. */
  now: number;
  /** Told now and then: bytes so far, of which phase. */
  progress?: (phase: 'copying' | 'writing' | 'verifying', bytes: number) => void;
}

/** What was written, and what a test restore found. */
export interface BackupReport {
  file: string;
  bytes: number;
  manifest: Manifest;
  /** Pictures that were opened in the test restore; undefined without one. */
  opened?: number;
}

/**
 * Writes one encrypted file with everything a hub keeps: database, key, the list of those who were forgotten, and the
 * pictures as they lie. The hub may run meanwhile: the database is copied as it is at one instant, pictures are never
 * changed once they are there. The file stands under its name only when it is whole and on the disk.
 * Throws DATA_FOLDER_EMPTY, BACKUP_NOT_WRITTEN, BACKUP_NOT_VERIFIED.
 */
export async function backUp(options: BackupOptions): Promise<BackupReport> {
  const { dataFolder, progress } = options;
  if (!(await isThere(join(dataFolder, databaseName)))) throw new HubError('DATA_FOLDER_EMPTY', dataFolder);
  await removeScratch(dataFolder);
  const scratch = await mkdtemp(join(dataFolder, scratchPrefix));
  try {
    progress?.('copying', 0);
    const copy = join(scratch, databaseName);
    await copyDatabase(join(dataFolder, databaseName), copy);
    const { bytes, manifest } = await write(options, copy);
    const file = resolve(options.to);
    if (!options.verify) return { file, bytes, manifest };
    return { file, bytes, manifest, opened: await verify(options, scratch, manifest) };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function write(options: BackupOptions, copy: string): Promise<{ bytes: number; manifest: Manifest }> {
  const { dataFolder, to, passphrase, withPictures, cost, version, now, progress } = options;
  const database = await openBackedUpDatabase(copy);
  const manifest: Manifest = {
    version: 1,
    madeAt: toInstant(now),
    hub: version,
    rows: await database.countRows(),
    pictures: 0,
    gone: 0,
    hasPictures: withPictures,
  };
  try {
    const pictures = withPictures ? database.pictures() : none();
    const packed = packArchive(readEntries({ dataFolder, copy, manifest, pictures }), () => manifest);
    const sealed = sealStream(passphrase, packed, cost);
    const bytes = await writeWhole(to, sealed, (written) => progress?.('writing', written));
    return { bytes, manifest };
  } finally {
    await database.close();
  }
}

/** Database, key and list first, then the pictures; counts them in the manifest. */
async function* readEntries(from: {
  dataFolder: string;
  copy: string;
  manifest: Manifest;
  pictures: AsyncIterable<BackedUpPicture>;
}): AsyncGenerator<ArchiveEntry> {
  const { dataFolder, copy, manifest, pictures } = from;
  for (const [name, path] of [
    [databaseName, copy],
    [keyName, join(dataFolder, keyName)],
    [tombstonesName, join(dataFolder, tombstonesName)],
  ]) {
    const entry = await openEntry(name, path);
    if (entry) yield entry;
  }
  for await (const { file } of pictures) {
    const entry = await openEntry(`evidence/${file}`, join(dataFolder, 'evidence', file));
    if (!entry) {
      manifest.gone++;
      continue;
    }
    manifest.pictures++;
    yield entry;
  }
}

/** As long as it is when it is opened: a list may grow meanwhile. Undefined when there is no such file. */
async function openEntry(name: string, path: string): Promise<ArchiveEntry | undefined> {
  let content: Readable | undefined;
  try {
    const file = await open(path, 'r');
    const { size } = await file.stat();
    if (size === 0) {
      await file.close();
      return { name, bytes: 0, content: none() };
    }
    content = createReadStream(path, { fd: file, start: 0, end: size - 1 });
    return { name, bytes: size, content };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Written beside, flushed, renamed, folder flushed. */
async function writeWhole(
  to: string,
  stream: AsyncIterable<Uint8Array>,
  progress: (bytes: number) => void,
): Promise<number> {
  const partial = `${to}.partial`;
  let bytes = 0;
  try {
    const file = await open(partial, 'w', 0o600);
    try {
      for await (const piece of stream) {
        await file.write(piece);
        bytes += piece.byteLength;
        progress(bytes);
      }
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(partial, to);
    await flushFolder(dirname(resolve(to)));
  } catch (error) {
    await rm(partial, { force: true });
    if (error instanceof HubError || (error as NodeJS.ErrnoException).code === undefined) throw error;
    throw new HubError('BACKUP_NOT_WRITTEN', to, { cause: error });
  }
  return bytes;
}

/** Reads the written file to its end, restores all but the pictures, and opens some of those with the key it holds. */
async function verify(options: BackupOptions, scratch: string, made: Manifest): Promise<number> {
  const { to, passphrase, progress } = options;
  const folder = await mkdtemp(join(scratch, 'verify-'));
  let pictures = 0;
  let bytes = 0;
  const stream = openStream(passphrase, createReadStream(to));
  const found = await unpackArchive(stream, async ({ name, bytes: length, content }) => {
    bytes += length;
    progress?.('verifying', bytes);
    const isPicture = name.startsWith('evidence/');
    if (isPicture) pictures++;
    if (isPicture && !isSampled(pictures, made.pictures)) return;
    await writeContent(join(folder, name), content);
  });
  const database = await openBackedUpDatabase(join(folder, databaseName));
  try {
    const isSame =
      JSON.stringify(found) === JSON.stringify(made) &&
      pictures === made.pictures &&
      JSON.stringify(await database.countRows()) === JSON.stringify(made.rows) &&
      (await database.isWhole());
    if (!isSame) throw new HubError('BACKUP_NOT_VERIFIED', to);
    return await openSamples(folder, database.pictures());
  } catch (cause) {
    if (cause instanceof HubError && cause.code === 'BACKUP_NOT_VERIFIED') throw cause;
    throw new HubError('BACKUP_NOT_VERIFIED', to, { cause });
  } finally {
    await database.close();
  }
}

/** Evenly over all of them, the first and the last among them. */
function isSampled(number: number, all: number): boolean {
  return number === all || (number - 1) % Math.max(1, Math.ceil(all / openedPictures)) === 0;
}

/** Throws when one that was restored does not open as the picture that the database names. */
async function openSamples(folder: string, pictures: AsyncIterable<BackedUpPicture>): Promise<number> {
  const files = new EvidenceFiles(join(folder, 'evidence'), openKeyRing(join(folder, keyName)));
  let opened = 0;
  for await (const { file, sha256, isSealed } of pictures)
    if (await (isSealed ? files.read(file, sha256) : files.readPlain(sha256))) opened++;
  return opened;
}

/** Writes a file of an archive below a folder, on the disk when this resolves. */
export async function writeContent(path: string, content: AsyncIterable<Uint8Array>): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const file = await open(path, 'w', 0o600);
  try {
    for await (const piece of content) await file.write(piece);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The name of a file is on the disk only when its folder is. */
export async function flushFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

export async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}

/** What a backup that died left behind. */
async function removeScratch(dataFolder: string): Promise<void> {
  for (const name of await readdir(dataFolder))
    if (name.startsWith(scratchPrefix)) await rm(join(dataFolder, name), { recursive: true, force: true });
}

async function* none(): AsyncGenerator<never> {}

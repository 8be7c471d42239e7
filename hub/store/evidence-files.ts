import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { HubError } from '../errors.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import { isStorageFull } from './sqlite.ts';

/** Lower-case hex SHA-256 of these bytes. */
export function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Where a picture lay before pictures were sealed, plain, below the folder of the pictures. */
export function plainFile(sha256: string): string {
  return `${sha256.slice(0, 2)}/${sha256}.jpg`;
}

/** A picture to write, with the digest of its bytes. */
export interface PictureToWrite {
  sha256: string;
  jpeg: Uint8Array;
  /** ISO 8601 UTC. */
  receivedAt: string;
}

/** Where a picture was written, below the folder of the pictures, and the bytes it takes there. */
export interface WrittenPicture {
  file: string;
  bytes: number;
}

/**
 * Pictures on the disk, sealed, one file each: `evidence/2026-03-01/<random>.sealed`. The folder is the day it came, so
 * that a group of pictures costs one flush of one folder; the name says nothing, so that whoever finds the folder alone
 * learns how many pictures came when and how large they are, and cannot even look for a picture that he has.
 *
 * Before pictures were sealed they were plain, named by their digest: `evidence/ab/ab12….jpg`. Those are read until re-sealed.
 */
export class EvidenceFiles {
  readonly #folder: string;
  readonly #keys: KeyRing;
  #broken = 0;

  constructor(folder: string, keys: KeyRing) {
    this.#folder = folder;
    this.#keys = keys;
  }

  /** Pictures since the start that did not open, or opened as another picture than the one named. */
  get broken(): number {
    return this.#broken;
  }

  /** On the disk when this resolves: each file flushed, then their folders, once. Rejected ones: STORAGE_FULL. */
  async writeAll(pictures: PictureToWrite[]): Promise<PromiseSettledResult<WrittenPicture>[]> {
    const days = [...new Set(pictures.map(({ receivedAt }) => receivedAt.slice(0, 10)))];
    await asStorageFull(() => Promise.all(days.map((day) => this.#makeFolder(day))));
    const written = await Promise.allSettled(pictures.map((picture) => this.#write(picture)));
    await asStorageFull(() => Promise.all(days.map((day) => flushFolder(join(this.#folder, day)))));
    return written;
  }

  /** Undefined when there is no such file. Throws EVIDENCE_BROKEN rather than giving another picture. */
  async read(file: string, sha256: string): Promise<Uint8Array | undefined> {
    const sealed = await readIfThere(join(this.#folder, file));
    if (!sealed) return undefined;
    try {
      return this.#proved(this.#keys.open('evidence', sha256, sealed), sha256);
    } catch (cause) {
      throw this.#brokenBecause(cause);
    }
  }

  /** Of before pictures were sealed. */
  async readPlain(sha256: string): Promise<Uint8Array | undefined> {
    const jpeg = await readIfThere(this.path(plainFile(sha256)));
    try {
      return jpeg && this.#proved(jpeg, sha256);
    } catch (cause) {
      throw this.#brokenBecause(cause);
    }
  }

  /** For a hub of before pictures were sealed, to which this database is rolled back. */
  async writePlain(sha256: string, jpeg: Uint8Array): Promise<void> {
    const path = this.path(plainFile(sha256));
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await rm(path, { force: true });
    await writeFlushed(path, jpeg);
    await flushFolder(dirname(path));
  }

  /** Off the disk when this resolves, also after a power cut; those that are gone already are gone. */
  async removeAll(files: string[]): Promise<void> {
    for (const file of files) await rm(join(this.#folder, file), { force: true });
    for (const folder of new Set(files.map((file) => dirname(file))))
      await flushFolder(join(this.#folder, folder)).catch(ignoreMissing);
  }

  /** The path of a sealed file, for whoever copies it as it is. */
  path(file: string): string {
    return join(this.#folder, file);
  }

  /**
   * Removes what a crash left behind: half-written files, and whole ones that got no row. Only before anything is
   * written: `isKnown` is asked for the names of one day at a time. Gives how many there were.
   */
  async sweep(known: (day: string) => Promise<Set<string>>): Promise<number> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    let swept = 0;
    for (const folder of await foldersIn(this.#folder)) {
      const isDay = /^\d{4}-\d\d-\d\d$/.test(folder);
      const kept = isDay ? await known(folder) : undefined;
      const names = await readdir(join(this.#folder, folder));
      const left = names.filter((name) =>
        kept ? !kept.has(`${folder}/${name}`) : name.endsWith('.partial'),
      );
      for (const name of left) await rm(join(this.#folder, folder, name), { force: true });
      swept += left.length;
      if (isDay && left.length === names.length)
        await rmdir(join(this.#folder, folder)).catch(ignoreNotEmpty);
    }
    return swept;
  }

  /** Digests of the plain pictures of before pictures were sealed, one of their 256 folders at a time. */
  async *plainDigests(): AsyncGenerator<string[]> {
    for (const folder of await foldersIn(this.#folder)) {
      if (!/^[0-9a-f]{2}$/.test(folder)) continue;
      const path = join(this.#folder, folder);
      const digests = (await readdir(path)).flatMap((name) => /^([0-9a-f]{64})\.jpg$/.exec(name)?.[1] ?? []);
      if (digests.length > 0) yield digests;
      else await rmdir(path).catch(ignoreNotEmpty);
    }
  }

  async #write({ sha256, jpeg, receivedAt }: PictureToWrite): Promise<WrittenPicture> {
    const file = `${receivedAt.slice(0, 10)}/${randomUUID()}.sealed`;
    const sealed = this.#keys.seal('evidence', sha256, jpeg);
    try {
      await asStorageFull(() => writeFlushed(join(this.#folder, file), sealed));
    } catch (error) {
      await rm(join(this.#folder, file), { force: true });
      throw error;
    }
    return { file, bytes: sealed.byteLength };
  }

  /** A folder that was made is on the disk only when the one that holds it is flushed. */
  async #makeFolder(day: string): Promise<void> {
    const path = join(this.#folder, day);
    if (await stat(path).catch(() => undefined)) return;
    await mkdir(path, { recursive: true, mode: 0o700 });
    await flushFolder(this.#folder);
  }

  #proved(jpeg: Uint8Array, sha256: string): Uint8Array {
    if (digest(jpeg) === sha256) return jpeg;
    throw new HubError('SEAL_BROKEN');
  }

  #brokenBecause(cause: unknown): HubError {
    this.#broken++;
    return new HubError('EVIDENCE_BROKEN', undefined, { cause });
  }
}

async function asStorageFull<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isStorageFull(error)) throw new HubError('STORAGE_FULL', undefined, { cause: error });
    throw error;
  }
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

async function writeFlushed(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The name of a file is on the disk only when its folder is. */
async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}

function ignoreMissing(error: unknown): void {
  if (!isMissing(error)) throw error;
}

function ignoreNotEmpty(error: unknown): void {
  const { code } = error as NodeJS.ErrnoException;
  if (code !== 'ENOTEMPTY' && code !== 'EEXIST' && code !== 'ENOENT') throw error;
}

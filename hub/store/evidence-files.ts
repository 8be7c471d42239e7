import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { HubError } from '../errors.ts';
import { isStorageFull } from './sqlite.ts';

/** Lower-case hex SHA-256 of these bytes. */
export function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Pictures on the disk, named by their digest: `evidence/ab/ab12….jpg`. */
export class EvidenceFiles {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** On the disk when this resolves: written beside, flushed, renamed, folder flushed. Throws STORAGE_FULL. */
  async write(sha256: string, bytes: Uint8Array): Promise<void> {
    const folder = join(this.#folder, sha256.slice(0, 2));
    const partial = join(folder, `${randomUUID()}${partialSuffix}`);
    try {
      await mkdir(folder, { recursive: true });
      await writeFlushed(partial, bytes);
      await rename(partial, join(folder, `${sha256}.jpg`));
      await flushFolder(folder);
    } catch (error) {
      await rm(partial, { force: true });
      if (isStorageFull(error)) throw new HubError('STORAGE_FULL', undefined, { cause: error });
      throw error;
    }
  }

  /** Undefined when there is no such file. */
  async read(sha256: string): Promise<Uint8Array | undefined> {
    try {
      return await readFile(join(this.#folder, sha256.slice(0, 2), `${sha256}.jpg`));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  /** Removes what a crash left half written. */
  async sweep(): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    for (const path of await readdir(this.#folder, { recursive: true })) {
      if (path.endsWith(partialSuffix)) await rm(join(this.#folder, path), { force: true });
    }
  }
}

const partialSuffix = '.partial';

async function writeFlushed(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The name of a renamed file is on the disk only when its folder is. */
async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

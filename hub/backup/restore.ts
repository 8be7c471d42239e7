import { createReadStream } from 'node:fs';
import { mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Clock } from '../clock.ts';
import { ErasureDesk } from '../erasure/erasure-desk.ts';
import { Tombstones, tombstonesName, tombstonesOf } from '../erasure/tombstones.ts';
import { HubError } from '../errors.ts';
import { openKeyRing } from '../keys/key-file.ts';
import { openStore } from '../store/open-store.ts';
import { takeFolder } from '../store/sqlite.ts';
import { type Manifest, unpackArchive } from './archive.ts';
import { databaseName, flushFolder, isThere, keyName, writeContent } from './backup.ts';
import { openStream } from './sealed-stream.ts';

/** What is restored and where to. */
export interface RestoreOptions {
  from: string;
  dataFolder: string;
  passphrase: string;
  /** Puts what is in the folder aside instead of refusing. */
  replace: boolean;
  /** A list of those who were forgotten, besides the one in the data folder and the one in the backup. */
  tombstones?: string;
  clock: Clock;
  progress?: (bytes: number) => void;
}

/** What was restored. */
export interface RestoreReport {
  manifest: Manifest;
  /** Erasures from after the backup, which were carried out again. */
  repeatedErasures: number;
  /** Where the data lies that was there before. */
  aside?: string;
}

/**
 * Puts a backup where a hub finds it. It is unpacked beside the folder, brought to this version, and everyone who was
 * forgotten since is forgotten again; only then it takes the folder's place. When anything fails, the folder is as it was.
 * Throws HUB_RUNNING, DATA_FOLDER_TAKEN, BACKUP_PASSPHRASE_WRONG, BACKUP_UNREADABLE, TOMBSTONES_UNREADABLE.
 */
export async function restore(options: RestoreOptions): Promise<RestoreReport> {
  const dataFolder = resolve(options.dataFolder);
  const letGo = takeFolder(dataFolder);
  try {
    const isTaken = (await readdir(dataFolder)).some((name) => !name.startsWith('hub.lock'));
    if (isTaken && !options.replace) throw new HubError('DATA_FOLDER_TAKEN', dataFolder);
    const fresh = await mkdtemp(`${dataFolder}.restoring-`);
    try {
      const manifest = await unpack(options, fresh);
      const repeatedErasures = await forgetAgain(options, fresh);
      const aside = isTaken ? await putAside(dataFolder, options.clock) : await putAway(dataFolder);
      await rename(fresh, dataFolder);
      await flushFolder(dirname(dataFolder));
      return { manifest, repeatedErasures, ...(aside ? { aside } : {}) };
    } finally {
      await rm(fresh, { recursive: true, force: true });
    }
  } finally {
    letGo();
  }
}

async function unpack({ from, passphrase, progress }: RestoreOptions, fresh: string): Promise<Manifest> {
  if (!(await isThere(from))) throw new HubError('BACKUP_UNREADABLE', from);
  let bytes = 0;
  const folders = new Set<string>();
  const manifest = await unpackArchive(
    openStream(passphrase, createReadStream(from)),
    async ({ name, bytes: length, content }) => {
      const path = join(fresh, name);
      await writeContent(path, content);
      folders.add(dirname(path));
      bytes += length;
      progress?.(bytes);
    },
  );
  for (const folder of folders) await flushFolder(folder);
  if (!(await isThere(join(fresh, databaseName)))) throw new HubError('BACKUP_UNREADABLE', from);
  return manifest;
}

/** The list in the folder is newer than the one in the backup, and `--tombstones` may be newer than both. */
async function forgetAgain(options: RestoreOptions, fresh: string): Promise<number> {
  const { dataFolder, tombstones, clock } = options;
  const keys = openKeyRing(join(fresh, keyName));
  const list = tombstonesOf(fresh, keys);
  if (tombstones !== undefined && !(await isThere(tombstones)))
    throw new HubError('TOMBSTONES_UNREADABLE', tombstones);
  for (const path of [join(dataFolder, tombstonesName), tombstones])
    if (path !== undefined)
      for (const buried of await new Tombstones(path, keys).read()) await list.add(buried);

  const store = await openStore({
    database: join(fresh, databaseName),
    evidence: join(fresh, 'evidence'),
    keys,
  });
  try {
    const desk = new ErasureDesk({
      store: store.erasures,
      erasers: store.erasers,
      tombstones: list,
      keys,
      // The boxes are told by the hub when it starts.
      publish: async () => {},
      announcer: { announce: () => {} },
      clock,
    });
    const missing = await desk.reconcile();
    await desk.carryOutAll();
    return missing;
  } finally {
    await store.close();
  }
}

async function putAside(dataFolder: string, clock: Clock): Promise<string> {
  const aside = `${dataFolder}.before-restore-${clock.now()}`;
  await rename(dataFolder, aside);
  return aside;
}

/** A folder with nothing but the lock of this command. */
async function putAway(dataFolder: string): Promise<undefined> {
  await rm(dataFolder, { recursive: true });
}

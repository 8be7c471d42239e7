import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import { ErasureDesk } from '../erasure/erasure-desk.ts';
import { tombstonesOf } from '../erasure/tombstones.ts';
import { HubError } from '../errors.ts';
import { openKeyRing } from '../keys/key-file.ts';
import { openEarlierDatabase } from '../store/earlier-database.ts';
import { EvidenceFiles } from '../store/evidence-files.ts';
import { copyDatabase, takeFolder } from '../store/sqlite.ts';
import { copiesBefore } from '../store/upgrade.ts';
import { databaseName, flushFolder, isThere, keyName } from './backup.ts';

/** What taking an upgrade back would lose. */
export interface RollbackPlan {
  /** The copy that would be put back. */
  copy: string;
  /** The version that it was made before. */
  before: number;
  /** ISO 8601 UTC: the newest sighting in it. */
  reaches?: string;
  /** Rows that came since, by table. */
  lost: Record<string, number>;
}

/** Shows what `rollBack` would lose. Throws HUB_RUNNING, ROLLBACK_NOTHING, DATA_FOLDER_EMPTY. */
export async function planRollback(dataFolder: string): Promise<RollbackPlan> {
  const letGo = await takeData(dataFolder);
  try {
    return await plan(dataFolder);
  } finally {
    letGo();
  }
}

/**
 * Takes the newest upgrade back: the copy from before it takes the place of the database, which is kept beside it.
 * Everyone who was forgotten since is forgotten in the copy too, and pictures that an earlier hub cannot open are laid
 * down for it as it knows them. When anything fails before the last step, all is as it was.
 */
export async function rollBack(dataFolder: string, clock: Clock): Promise<RollbackPlan> {
  const letGo = await takeData(dataFolder);
  const path = join(dataFolder, databaseName);
  const earlier = `${path}.rolling-back`;
  try {
    const planned = await plan(dataFolder);
    await rm(earlier, { force: true });
    await copyDatabase(planned.copy, earlier);
    await prepare(dataFolder, earlier, clock);
    await rename(path, `${path}.rolled-back-${clock.now()}`);
    await rename(earlier, path);
    await flushFolder(dataFolder);
    return planned;
  } finally {
    for (const name of await readdir(dataFolder))
      if (name.startsWith(`${databaseName}.rolling-back`)) await rm(join(dataFolder, name), { force: true });
    letGo();
  }
}

async function takeData(dataFolder: string): Promise<() => void> {
  if (!(await isThere(join(dataFolder, databaseName)))) throw new HubError('DATA_FOLDER_EMPTY', dataFolder);
  return takeFolder(dataFolder);
}

async function plan(dataFolder: string): Promise<RollbackPlan> {
  const path = join(dataFolder, databaseName);
  const [copy] = copiesBefore(path);
  if (!copy) throw new HubError('ROLLBACK_NOTHING', dataFolder);
  const [then, now] = [openEarlierDatabase(copy.path), openEarlierDatabase(path)];
  try {
    const [before, after] = [await then.countRows(), await now.countRows()];
    const lost: Record<string, number> = {};
    for (const [table, rows] of Object.entries(after)) {
      const more = rows - (before[table] ?? 0);
      if (more > 0) lost[table] = more;
    }
    const reaches = await then.newestSighting();
    return { copy: copy.path, before: copy.version, lost, ...(reaches ? { reaches } : {}) };
  } finally {
    await then.close();
    // Also takes what was written last out of the log beside the database and into it.
    await now.close();
  }
}

async function prepare(dataFolder: string, earlierPath: string, clock: Clock): Promise<void> {
  const keys = openKeyRing(join(dataFolder, keyName));
  const files = new EvidenceFiles(join(dataFolder, 'evidence'), keys);
  const earlier = openEarlierDatabase(earlierPath);
  const now = openEarlierDatabase(join(dataFolder, databaseName));
  try {
    const { store, erasers } = await earlier.forErasing(files);
    const desk = new ErasureDesk({
      store,
      erasers,
      tombstones: tombstonesOf(dataFolder, keys),
      keys,
      publish: async () => {},
      announcer: { announce: () => {} },
      clock,
    });
    await desk.reconcile();
    await desk.carryOutAll();
    for await (const { file, sha256 } of earlier.picturesThatItCannotOpen(now)) {
      const jpeg = await files.read(file, sha256);
      if (jpeg) await files.writePlain(sha256, jpeg);
    }
  } finally {
    await earlier.close();
    await now.close();
  }
}

import { closeSync, fsyncSync, openSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Kysely } from 'kysely';
import type { HubKysely } from './hub-database.ts';
import { migrate, readVersions } from './migrate.ts';
import { copyDatabase } from './sqlite.ts';

/** Copies from before an upgrade that are kept. */
const keptCopies = 2;

/** A copy of the database from before it was brought to this version. */
export interface CopyBefore {
  path: string;
  version: number;
}

/**
 * Brings a database to this code's version. One that has been used is copied beside itself first
 * (`hub.sqlite.before-v8`), so that the upgrade can be taken back; the newest two copies are kept. Throws DATABASE_NEWER,
 * STORAGE_FULL.
 */
export async function upgrade(path: string, database: HubKysely): Promise<void> {
  const db = database as unknown as Kysely<unknown>;
  const { version, newest } = await readVersions(db);
  if (path !== ':memory:' && version > 0 && version < newest) await copyBefore(path, newest);
  await migrate(db);
}

/** Newest first. */
export function copiesBefore(path: string): CopyBefore[] {
  const prefix = `${basename(path)}.before-v`;
  return readdirSync(dirname(path))
    .filter((name) => name.startsWith(prefix) && /^\d+$/.test(name.slice(prefix.length)))
    .map((name) => ({ path: join(dirname(path), name), version: Number(name.slice(prefix.length)) }))
    .sort((a, b) => b.version - a.version);
}

/** Removes copies that were made before this instant (ms since the epoch): they hold what is no longer to be kept. */
export function removeCopiesOf(path: string, before: number): number {
  const names = readdirSync(dirname(path)).filter((name) => /\.(before-v\d+|rolled-back-\d+)$/.test(name));
  const old = names
    .filter((name) => name.startsWith(basename(path)))
    .map((name) => join(dirname(path), name))
    .filter((copy) => statSync(copy).mtimeMs < before);
  for (const copy of old) rmSync(copy, { force: true });
  return old.length;
}

async function copyBefore(path: string, version: number): Promise<void> {
  const partial = `${path}.before.partial`;
  rmSync(partial, { force: true });
  try {
    await copyDatabase(path, partial);
    renameSync(partial, `${path}.before-v${version}`);
    const folder = openSync(dirname(path), 'r');
    fsyncSync(folder);
    closeSync(folder);
  } finally {
    rmSync(partial, { force: true });
  }
  for (const { path: old } of copiesBefore(path).slice(keptCopies)) rmSync(old, { force: true });
}

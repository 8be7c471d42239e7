import { type Kysely, sql } from 'kysely';
import { HubError } from '../errors.ts';
import * as sightings from './migrations/0001-sightings.ts';
import * as accounts from './migrations/0002-accounts.ts';
import * as erasures from './migrations/0003-erasures.ts';
import * as duty from './migrations/0004-duty.ts';
import * as notices from './migrations/0005-notices.ts';
import * as log from './migrations/0006-log.ts';
import * as trust from './migrations/0007-trust.ts';
import * as keeping from './migrations/0008-keeping.ts';
import * as corrections from './migrations/0009-corrections.ts';
import * as viid from './migrations/0010-viid.ts';
import * as fewerIndexes from './migrations/0011-fewer-indexes.ts';
import * as accountEnds from './migrations/0012-account-ends.ts';

/** One numbered step forward; once released it is never edited. */
interface Migration {
  up(db: Kysely<unknown>): Promise<void>;
}

/** In order; the version of a database is how many of these it has had. */
const migrations: Migration[] = [
  sightings,
  accounts,
  erasures,
  duty,
  notices,
  log,
  trust,
  keeping,
  corrections,
  viid,
  fewerIndexes,
  accountEnds,
];

/** The version of databases that this code writes. */
export const newestVersion = migrations.length;

/**
 * Brings the database to this code's version, or to an earlier one, each step in its own transaction. Throws
 * DATABASE_NEWER.
 */
export async function migrate(db: Kysely<unknown>, to: number = newestVersion): Promise<void> {
  const { version } = await readVersions(db);
  for (const [at, migration] of migrations.entries()) {
    if (at < version || at >= to) continue;
    await db.transaction().execute(async (transaction) => {
      await migration.up(transaction);
      await sql`delete from database_version`.execute(transaction);
      await sql`insert into database_version (version) values (${at + 1})`.execute(transaction);
    });
  }
}

/** The version of a database, 0 for an empty one, and the one that this code brings it to. Throws DATABASE_NEWER. */
export async function readVersions(db: Kysely<unknown>): Promise<{ version: number; newest: number }> {
  await sql`create table if not exists database_version (version integer not null)`.execute(db);
  const version = await readVersion(db);
  const newest = migrations.length;
  if (version > newest) throw new HubError('DATABASE_NEWER', `version ${version}, this hub knows ${newest}`);
  return { version, newest };
}

async function readVersion(db: Kysely<unknown>): Promise<number> {
  const { rows } = await sql<{ version: number }>`select version from database_version`.execute(db);
  return rows[0]?.version ?? 0;
}

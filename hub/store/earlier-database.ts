import { sql } from 'kysely';
import type { Eraser } from '../erasure/eraser.ts';
import type { ErasureStore } from '../erasure/erasure-store.ts';
import { countRows } from './backed-up-database.ts';
import type { EvidenceFiles } from './evidence-files.ts';
import { HubKysely } from './hub-database.ts';
import { SqlEraser } from './sql-eraser.ts';
import { SqlErasureStore } from './sql-erasure-store.ts';
import { SqlSnoozeEraser } from './sql-snooze-eraser.ts';
import { openSqlite } from './sqlite.ts';

/** A database of this or an earlier version, as it is: nothing in it is brought to this version. */
export interface EarlierDatabase {
  countRows(): Promise<Record<string, number>>;
  /** ISO 8601 UTC of the lens; undefined when nothing was seen. */
  newestSighting(): Promise<string | undefined>;
  /** What forgets people in it; what its version has no table for is kept in temporary ones until it is closed. */
  forErasing(files: EvidenceFiles): Promise<{ store: ErasureStore; erasers: Eraser[] }>;
  /** Pictures that it has rows for, and that `later` has sealed in a way that a hub of its version does not know. */
  picturesThatItCannotOpen(later: EarlierDatabase): AsyncGenerator<{ file: string; sha256: string }>;
  /** For another one of these. */
  readonly database: HubKysely;
  close(): Promise<void>;
}

/** Pictures that are looked up at once. */
const readAtOnce = 200;

/** Opens it; the caller closes it. */
export function openEarlierDatabase(path: string): EarlierDatabase {
  const database = new HubKysely(openSqlite(path));
  return {
    database,
    countRows: () => countRows(database),
    newestSighting: async () => {
      const row = await database
        .selectFrom('sighting')
        .select(({ fn }) => fn.max<string | null>('occurred_at').as('at'))
        .executeTakeFirst();
      return row?.at ?? undefined;
    },
    forErasing: async (files) => {
      if (!(await hasTable(database, 'erasure_state'))) await addTemporaryTables(database);
      const erasers: Eraser[] = [new SqlEraser(database, files)];
      if (await hasTable(database, 'snooze')) erasers.push(new SqlSnoozeEraser(database));
      return { store: new SqlErasureStore(database), erasers };
    },
    picturesThatItCannotOpen: (later) => unopenable(database, later.database),
    close: () => database.destroy(),
  };
}

async function hasTable(database: HubKysely, name: string): Promise<boolean> {
  const { rows } = await sql`select 1 from sqlite_master where type = 'table' and name = ${name}`.execute(
    database,
  );
  return rows.length > 0;
}

/** As migration 0008 makes them; no hold and no sealed picture is known to a database of before. */
async function addTemporaryTables(database: HubKysely): Promise<void> {
  for (const statement of [
    sql`create temp table erasure_state
      (erasure text primary key, until_at text not null, carried_out_at text, held text)`,
    sql`insert into erasure_state (erasure, until_at) select id, asked_at from erasure`,
    sql`create temp table erasure_removed
      (id integer primary key, erasure text, kind text, at text, count integer, digest text)`,
    sql`create temp table erasure_picture (erasure text, sha256 text, primary key (erasure, sha256))`,
    sql`create temp table evidence_file (sha256 text primary key, file text, bytes integer, received_at text)`,
    sql`create temp table evidence_removal (file text primary key)`,
    sql`create temp table held_alert (id text)`,
    sql`create temp table held_sighting (id text)`,
    sql`create temp table held_picture (sha256 text)`,
  ])
    await statement.execute(database);
}

async function* unopenable(
  database: HubKysely,
  later: HubKysely,
): AsyncGenerator<{ file: string; sha256: string }> {
  const knowsSealed = await sql`select 1 from main.sqlite_master where name = 'evidence_file'`.execute(
    database,
  );
  if (knowsSealed.rows.length > 0 || !(await hasTable(later, 'evidence_file'))) return;
  for (let last = ''; ; ) {
    const rows = await database
      .selectFrom('evidence')
      .select('sha256')
      .distinct()
      .where('sha256', '>', last)
      .orderBy('sha256')
      .limit(readAtOnce)
      .execute();
    const contents = rows.map(({ sha256 }) => sha256);
    if (contents.length > 0)
      yield* await later
        .selectFrom('evidence_file')
        .select(['file', 'sha256'])
        .where('sha256', 'in', contents)
        .execute();
    if (rows.length < readAtOnce) return;
    last = contents[contents.length - 1];
  }
}

import { type Kysely, sql } from 'kysely';
import { plainFile } from './evidence-files.ts';
import { HubKysely } from './hub-database.ts';
import { migrate } from './migrate.ts';
import { openSqlite } from './sqlite.ts';

/** A picture that a database names; `file` is below the folder of the pictures. */
export interface BackedUpPicture {
  file: string;
  sha256: string;
  /** False for a picture of before pictures were sealed that has not been sealed yet. */
  isSealed: boolean;
}

/** A copy of the database of a hub, as a backup looks at it. */
export interface BackedUpDatabase {
  /** Of every table. */
  countRows(): Promise<Record<string, number>>;
  /** Every picture once. */
  pictures(): AsyncGenerator<BackedUpPicture>;
  /** Whether SQLite finds every page and index in order. */
  isWhole(): Promise<boolean>;
  close(): Promise<void>;
}

/** Pictures that are read at once. */
const readAtOnce = 500;

/** Opens a copy and brings it to this version; nobody else has it open. The caller closes it. */
export async function openBackedUpDatabase(path: string): Promise<BackedUpDatabase> {
  const database = new HubKysely(openSqlite(path));
  try {
    await migrate(database as unknown as Kysely<unknown>);
  } catch (error) {
    await database.destroy();
    throw error;
  }
  return {
    countRows: () => countRows(database),
    pictures: () => pictures(database),
    isWhole: async () => {
      const { rows } = await sql<{ integrity_check: string }>`pragma integrity_check`.execute(database);
      return rows.length === 1 && rows[0].integrity_check === 'ok';
    },
    close: () => database.destroy(),
  };
}

/** Of every table of a database, whatever its version. */
export async function countRows(database: HubKysely): Promise<Record<string, number>> {
  const tables = await sql<{ name: string }>`
    select name from sqlite_master where type = 'table' and name not like 'sqlite\\_%' escape '\\' order by name
  `.execute(database);
  const counts: Record<string, number> = {};
  for (const { name } of tables.rows) {
    const { rows } = await sql<{ count: number }>`select count(*) as count from ${sql.table(name)}`.execute(
      database,
    );
    counts[name] = rows[0].count;
  }
  return counts;
}

async function* pictures(database: HubKysely): AsyncGenerator<BackedUpPicture> {
  for (let last = ''; ; ) {
    const rows = await database
      .selectFrom('evidence_file')
      .select(['file', 'sha256'])
      .where('sha256', '>', last)
      .orderBy('sha256')
      .limit(readAtOnce)
      .execute();
    for (const row of rows) yield { ...row, isSealed: true };
    if (rows.length < readAtOnce) break;
    last = rows[rows.length - 1].sha256;
  }
  for (let last = ''; ; ) {
    const rows = await database
      .selectFrom('evidence')
      .select('sha256')
      .distinct()
      .where('sha256', '>', last)
      .where('sha256', 'not in', (eb) => eb.selectFrom('evidence_file').select('sha256'))
      .orderBy('sha256')
      .limit(readAtOnce)
      .execute();
    for (const { sha256 } of rows) yield { file: plainFile(sha256), sha256, isSealed: false };
    if (rows.length < readAtOnce) return;
    last = rows[rows.length - 1].sha256;
  }
}

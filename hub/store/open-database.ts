import type { Kysely } from 'kysely';
import { HubKysely } from './hub-database.ts';
import { migrate } from './migrate.ts';
import { openSqlite } from './sqlite.ts';

/** The database alone, beside a hub that may be running on it: for commands. The caller destroys it. */
export async function openDatabase(path: string): Promise<HubKysely> {
  const database = new HubKysely(openSqlite(path));
  try {
    await migrate(database as unknown as Kysely<unknown>);
    return database;
  } catch (error) {
    await database.destroy();
    throw error;
  }
}

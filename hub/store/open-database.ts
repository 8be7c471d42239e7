import { HubKysely } from './hub-database.ts';
import { openSqlite } from './sqlite.ts';
import { upgrade } from './upgrade.ts';

/** The database alone, beside a hub that may be running on it: for commands. The caller destroys it. */
export async function openDatabase(path: string): Promise<HubKysely> {
  const database = new HubKysely(openSqlite(path));
  try {
    await upgrade(path, database);
    return database;
  } catch (error) {
    await database.destroy();
    throw error;
  }
}

import { HubError } from '../errors.ts';
import type { HubKysely, HubTransaction } from './hub-database.ts';
import { isStorageFull } from './sqlite.ts';

/** Runs one unit of work: all of it is on the disk when this resolves, or none of it. Throws STORAGE_FULL. */
export async function inTransaction<T>(
  db: HubKysely,
  work: (transaction: HubTransaction) => Promise<T>,
): Promise<T> {
  try {
    return await db.transaction().execute(work);
  } catch (error) {
    if (isStorageFull(error)) throw new HubError('STORAGE_FULL', undefined, { cause: error });
    throw error;
  }
}

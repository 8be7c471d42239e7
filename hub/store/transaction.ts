import type { HubKysely, HubTransaction } from './hub-database.ts';

/**
 * Runs one unit of work: all of it is on the disk when this resolves, or none of it. Those that wait at the same time
 * are committed together, so the work may be begun twice and must not wait for anything but the transaction. Throws
 * STORAGE_FULL.
 */
export function inTransaction<T>(
  db: HubKysely,
  work: (transaction: HubTransaction) => Promise<T>,
): Promise<T> {
  return db.units.run(work);
}

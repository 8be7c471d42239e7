import { chainHash } from '../accounts/audit-chain.ts';
import { HubError } from '../errors.ts';
import type { HubTransaction } from './hub-database.ts';
import { readCheckpoint } from './sql-audit-trail.ts';

/**
 * Removes the entries of the audit trail from before this instant, oldest first, at most so many, and leaves a
 * checkpoint from which those that stay are proven. Throws AUDIT_BROKEN, and removes nothing, when one of them does not
 * follow from those before it: who has changed the trail must not have retention carry the traces away.
 */
export async function retireAudit(
  transaction: HubTransaction,
  before: string,
  atMost: number,
): Promise<{ id: string; at: string }[]> {
  const oldest = await transaction.selectFrom('audit').selectAll().orderBy('id').limit(atMost).execute();
  const young = oldest.findIndex(({ at }) => at >= before);
  const due = young < 0 ? oldest : oldest.slice(0, young);
  const last = due.at(-1);
  if (!last) return [];

  let { hash } = await readCheckpoint(transaction);
  for (const { actor_name: actorName, ...entry } of due) {
    hash = chainHash(hash, { ...entry, actorName });
    if (hash !== entry.hash) throw new HubError('AUDIT_BROKEN', `entry ${entry.id}`);
  }
  await transaction.insertInto('audit_checkpoint').values({ id: last.id, hash, at: last.at }).execute();
  await transaction.deleteFrom('audit').where('id', '<=', last.id).execute();
  return due.map(({ id, at }) => ({ id: String(id), at }));
}

import { setImmediate as nextTurn } from 'node:timers/promises';
import { HubError } from '../errors.ts';
import { type EvidenceFiles, plainFile } from './evidence-files.ts';
import type { HubKysely } from './hub-database.ts';
import { addFile } from './sql-evidence-store.ts';
import { inTransaction } from './transaction.ts';

/** Pictures of one step; between two steps whatever else waits has its turn. */
const resealedAtOnce = 20;

/**
 * Seals the pictures that a hub of before pictures were sealed left plain, and takes the plain ones off the disk; a plain one
 * that no row names is what a crash left, and goes. Ends early, between two steps, when asked to; what is left is done
 * after the next start. Gives how many were sealed. A picture that is broken stays as it is, and is counted by `files`.
 */
export async function resealPlain(db: HubKysely, files: EvidenceFiles, signal: AbortSignal): Promise<number> {
  let sealed = 0;
  for await (const digests of files.plainDigests()) {
    for (let at = 0; at < digests.length; at += resealedAtOnce) {
      if (signal.aborted) return sealed;
      for (const sha256 of digests.slice(at, at + resealedAtOnce)) sealed += await reseal(db, files, sha256);
      await nextTurn();
    }
  }
  return sealed;
}

async function reseal(db: HubKysely, files: EvidenceFiles, sha256: string): Promise<number> {
  const receivedAt = await newestReceivedAt(db, sha256);
  if (receivedAt !== undefined && !(await writeSealed(db, files, sha256, receivedAt))) return 0;
  await files.removeAll([plainFile(sha256)]);
  return receivedAt === undefined ? 0 : 1;
}

/** False when the plain picture is broken. */
async function writeSealed(
  db: HubKysely,
  files: EvidenceFiles,
  sha256: string,
  receivedAt: string,
): Promise<boolean> {
  let jpeg: Uint8Array | undefined;
  try {
    jpeg = await files.readPlain(sha256);
  } catch (error) {
    if (error instanceof HubError) return false;
    throw error;
  }
  if (!jpeg) return false;
  const [written] = await files.writeAll([{ sha256, jpeg, receivedAt }]);
  if (written.status === 'rejected') throw written.reason;
  const { file, bytes } = written.value;
  const isNamed = await inTransaction(db, async (transaction) => {
    const isStillKept = (await newestReceivedAt(transaction, sha256)) !== undefined;
    return isStillKept && (await addFile(transaction, { sha256, file, bytes, received_at: receivedAt }));
  });
  if (!isNamed) await files.removeAll([file]);
  return true;
}

async function newestReceivedAt(
  db: Pick<HubKysely, 'selectFrom'>,
  sha256: string,
): Promise<string | undefined> {
  const row = await db
    .selectFrom('evidence')
    .select(({ fn }) => fn.max('received_at').as('at'))
    .where('sha256', '=', sha256)
    .executeTakeFirst();
  return row?.at ?? undefined;
}

import { type EvidenceFiles, plainFile } from './evidence-files.ts';
import type { HubKysely, HubTransaction } from './hub-database.ts';

/** Files that are taken off the disk before their names are. */
const removedAtOnce = 200;

/**
 * Notes for removal, inside a unit of work, the files of these contents that no row of evidence has any more. Their
 * names are kept until `finishRemovals` has taken them off the disk, so that no crash in between leaves a picture
 * behind. Gives the contents that go.
 */
export async function dropUnusedFiles(transaction: HubTransaction, contents: string[]): Promise<string[]> {
  const used = await transaction
    .selectFrom('evidence')
    .select('sha256')
    .where('sha256', 'in', contents)
    .execute();
  const stays = new Set(used.map(({ sha256 }) => sha256));
  const gone = [...new Set(contents)].filter((sha256) => !stays.has(sha256));
  for (const sha256 of gone) {
    const sealed = await transaction
      .deleteFrom('evidence_file')
      .where('sha256', '=', sha256)
      .returning('file')
      .executeTakeFirst();
    await transaction
      .insertInto('evidence_removal')
      .values({ file: sealed?.file ?? plainFile(sha256) })
      .onConflict((conflict) => conflict.column('file').doNothing())
      .execute();
  }
  return gone;
}

/** Takes off the disk what was noted for removal, also by a hub that died before it came to it. */
export async function finishRemovals(db: HubKysely, files: EvidenceFiles): Promise<void> {
  for (;;) {
    const rows = await db.selectFrom('evidence_removal').select('file').limit(removedAtOnce).execute();
    if (rows.length === 0) return;
    const names = rows.map(({ file }) => file);
    await files.removeAll(names);
    await db.deleteFrom('evidence_removal').where('file', 'in', names).execute();
  }
}

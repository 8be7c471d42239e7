import type { GateScope } from '../accounts/scope.ts';
import type { EvidenceOutcome, EvidenceStore, KeptEvidence, NewEvidence } from '../ingest/evidence-store.ts';
import { digest, type EvidenceFiles } from './evidence-files.ts';
import type { HubKysely, HubTransaction } from './hub-database.ts';
import { inTransaction } from './transaction.ts';

/** Rows of evidence in the database, beside the files. */
export class SqlEvidenceStore implements EvidenceStore {
  readonly #db: HubKysely;
  readonly #files: EvidenceFiles;

  constructor(db: HubKysely, files: EvidenceFiles) {
    this.#db = db;
    this.#files = files;
  }

  async keep({ id, from, jpeg, receivedAt }: NewEvidence): Promise<EvidenceOutcome> {
    const sha256 = digest(jpeg);
    const before = await compare(this.#db, id, sha256);
    if (before !== 'new') return before;

    await this.#files.write(sha256, jpeg);
    return inTransaction(this.#db, async (transaction) => {
      const now = await compare(transaction, id, sha256);
      if (now !== 'new') return now;
      const { site, box } = from;
      const row = { id, site, box, sha256, bytes: jpeg.byteLength, received_at: receivedAt };
      await transaction.insertInto('evidence').values(row).execute();
      return 'kept';
    });
  }

  /** Only what a sighting names is handed out, and only with the bytes that it names. */
  async read(id: string, scope: GateScope): Promise<KeptEvidence | undefined> {
    const row = await this.#db
      .selectFrom('evidence')
      .innerJoin('evidence_name', (join) =>
        join
          .onRef('evidence_name.evidence_id', '=', 'evidence.id')
          .onRef('evidence_name.sha256', '=', 'evidence.sha256'),
      )
      .innerJoin('sighting', 'sighting.id', 'evidence_name.sighting_id')
      .select(['evidence.id', 'evidence.site', 'evidence.box', 'evidence.sha256', 'evidence.received_at'])
      .where('evidence.id', '=', id)
      .$if(scope !== 'all', (query) => query.where('sighting.gate', 'in', scope as readonly string[]))
      .limit(1)
      .executeTakeFirst();
    const jpeg = row && (await this.#files.read(row.sha256));
    if (!jpeg) return undefined;
    const { site, box, sha256, received_at } = row;
    return { id, site, box, sha256, jpeg, receivedAt: received_at };
  }
}

/** A picture is new, here already, or not the one that was named or kept under this id. */
async function compare(
  db: HubKysely | HubTransaction,
  id: string,
  sha256: string,
): Promise<'new' | 'duplicate' | 'mismatch'> {
  const kept = await db.selectFrom('evidence').select('sha256').where('id', '=', id).executeTakeFirst();
  if (kept) return kept.sha256 === sha256 ? 'duplicate' : 'mismatch';
  const named = await db.selectFrom('evidence_name').select('sha256').where('evidence_id', '=', id).execute();
  return named.some((name) => name.sha256 !== sha256) ? 'mismatch' : 'new';
}

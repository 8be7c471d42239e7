import type { GateScope } from '../accounts/scope.ts';
import type {
  EvidenceOutcome,
  EvidenceStore,
  EvidenceUse,
  KeptEvidence,
  NewEvidence,
} from '../ingest/evidence-store.ts';
import { digest, type EvidenceFiles, type WrittenPicture } from './evidence-files.ts';
import { Grouped } from './grouped.ts';
import type { HubKysely, HubTransaction } from './hub-database.ts';
import { dropUnusedFiles, finishRemovals } from './picture-removal.ts';
import { inTransaction } from './transaction.ts';

/** Pictures that are flushed together, at most; bounds the memory of a group, not the number that may wait. */
const groupedPictures = 64;

/** A picture on its way to the disk. */
type Arriving = NewEvidence & { sha256: string };

/** Rows of evidence in the database, beside the files. */
export class SqlEvidenceStore implements EvidenceStore {
  readonly #db: HubKysely;
  readonly #files: EvidenceFiles;
  readonly #arriving = new Grouped<Arriving, EvidenceOutcome>(
    (group) => this.#keepAll(group),
    groupedPictures,
  );

  constructor(db: HubKysely, files: EvidenceFiles) {
    this.#db = db;
    this.#files = files;
  }

  /** Pictures that come at once share the flushes of disk and database. Throws STORAGE_FULL. */
  async keep(evidence: NewEvidence): Promise<EvidenceOutcome> {
    const sha256 = digest(evidence.jpeg);
    const before = await compare(this.#db, evidence.id, sha256);
    return before === 'new' ? this.#arriving.add({ ...evidence, sha256 }) : before;
  }

  /** Only what a sighting names is handed out, and only with the bytes that it names. Throws EVIDENCE_BROKEN. */
  async read(id: string, scope: GateScope): Promise<KeptEvidence | undefined> {
    const row = await this.#db
      .selectFrom('evidence')
      .innerJoin('evidence_name', (join) =>
        join
          .onRef('evidence_name.evidence_id', '=', 'evidence.id')
          .onRef('evidence_name.sha256', '=', 'evidence.sha256'),
      )
      .innerJoin('sighting', 'sighting.id', 'evidence_name.sighting_id')
      .leftJoin('evidence_file', 'evidence_file.sha256', 'evidence.sha256')
      .select([
        'evidence.id',
        'evidence.site',
        'evidence.box',
        'evidence.sha256',
        'evidence.received_at',
        'file',
      ])
      .where('evidence.id', '=', id)
      .$if(scope !== 'all', (query) => query.where('sighting.gate', 'in', scope as readonly string[]))
      .limit(1)
      .executeTakeFirst();
    if (!row) return undefined;
    const { site, box, sha256, received_at, file } = row;
    const jpeg = file === null ? await this.#files.readPlain(sha256) : await this.#files.read(file, sha256);
    return jpeg && { id, site, box, sha256, jpeg, receivedAt: received_at };
  }

  async use(): Promise<EvidenceUse> {
    const { pictures, bytes } = await this.#db
      .selectFrom('evidence_file')
      .select(({ fn }) => [fn.countAll<number>().as('pictures'), fn.sum<number | null>('bytes').as('bytes')])
      .executeTakeFirstOrThrow();
    return { pictures, bytes: bytes ?? 0, broken: this.#files.broken };
  }

  async forget(ids: string[]): Promise<void> {
    await inTransaction(this.#db, async (transaction) => {
      const gone = await transaction
        .deleteFrom('evidence')
        .where('id', 'in', ids)
        .where('id', 'not in', (eb) =>
          eb.selectFrom('evidence_name').select('evidence_id').where('evidence_id', 'in', ids),
        )
        .returning('sha256')
        .execute();
      const contents = gone.map(({ sha256 }) => sha256);
      if (contents.length > 0) await dropUnusedFiles(transaction, contents);
    });
    await finishRemovals(this.#db, this.#files);
  }

  /** Files first, then all rows in one unit of work; what has no row after that is taken off the disk again. */
  async #keepAll(group: Arriving[]): Promise<PromiseSettledResult<EvidenceOutcome>[]> {
    const written = await this.#files.writeAll(group);
    const unnamed: string[] = [];
    try {
      return await inTransaction(this.#db, async (transaction) => {
        const outcomes: PromiseSettledResult<EvidenceOutcome>[] = [];
        for (const [at, picture] of group.entries()) {
          const result = written[at];
          outcomes.push(
            result.status === 'rejected'
              ? result
              : {
                  status: 'fulfilled',
                  value: await addRows(transaction, picture, result.value, unnamed),
                },
          );
        }
        return outcomes;
      });
    } catch (error) {
      unnamed.splice(0);
      for (const result of written) if (result.status === 'fulfilled') unnamed.push(result.value.file);
      throw error;
    } finally {
      await this.#files.removeAll(unnamed);
    }
  }
}

/** Adds to `unnamed` the file that no row names: the picture is here already, or is not the one that was named. */
async function addRows(
  transaction: HubTransaction,
  { id, from, jpeg, receivedAt, sha256 }: Arriving,
  { file, bytes }: WrittenPicture,
  unnamed: string[],
): Promise<EvidenceOutcome> {
  const now = await compare(transaction, id, sha256);
  if (now !== 'new') {
    unnamed.push(file);
    return now;
  }
  const { site, box } = from;
  const row = { id, site, box, sha256, bytes: jpeg.byteLength, received_at: receivedAt };
  await transaction.insertInto('evidence').values(row).execute();
  if (!(await addFile(transaction, { sha256, file, bytes, received_at: receivedAt }))) unnamed.push(file);
  return 'kept';
}

/** False when the same content lies in another file already; that one then counts as received now. */
export async function addFile(
  transaction: HubTransaction,
  row: { sha256: string; file: string; bytes: number; received_at: string },
): Promise<boolean> {
  const inserted = await transaction
    .insertInto('evidence_file')
    .values(row)
    .onConflict((conflict) => conflict.column('sha256').doNothing())
    .executeTakeFirst();
  if (inserted.numInsertedOrUpdatedRows) return true;
  await transaction
    .updateTable('evidence_file')
    .set({ received_at: row.received_at })
    .where('sha256', '=', row.sha256)
    .where('received_at', '<', row.received_at)
    .execute();
  return false;
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

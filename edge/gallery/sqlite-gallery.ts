import type { SqliteDatabase } from '../sqlite.ts';
import type { Gallery, GalleryMatch, TemplateKind } from './gallery.ts';
import { openTemplate, type SealedTemplate, sealTemplate, type TemplateBinding } from './template-seal.ts';
import { TemplateTable } from './template-table.ts';

/** MobileFaceNet. */
const embeddingLength = 192;
/**
 * How much more alike two masked faces of different people are than a masked and a bare one: 0.14 to 0.19 from the median up,
 * over 962 pairs of 65 photographs with masks painted on. Taken off when the nearest is looked for, not in what is answered.
 */
const maskedLikeness = 0.15;
/** Templates kept of one subject and kind; past this the one that expires first makes room. */
const templatesPerSubject = 6;

interface Row extends TemplateBinding, SealedTemplate {
  row: number;
}

/**
 * The gallery in SQLite: every template is sealed with the site's key before it touches the disk, and opened once, into
 * memory, when the gallery opens. A template that does not open is left alone and counted.
 */
export class SqliteGallery implements Gallery {
  /** Rising counters of what the disk did not take, by reason. */
  readonly drops = { template_not_kept: 0, expiry_not_written: 0 };
  readonly #database: SqliteDatabase;
  readonly #key: Buffer;
  readonly #dimension: number;
  readonly #table: TemplateTable;
  readonly #unreadable = new Set<number>();

  /** `key`: 32 bytes, see `loadSiteKey`. `dimension`: numbers per embedding. */
  constructor(database: SqliteDatabase, key: Buffer, dimension: number = embeddingLength) {
    this.#database = database;
    this.#key = key;
    this.#dimension = dimension;
    this.#table = new TemplateTable(dimension);
    // What is deleted is overwritten, in the file as well.
    database.pragma('secure_delete = ON');
    database.exec(`
      CREATE TABLE IF NOT EXISTS template (
        row INTEGER PRIMARY KEY AUTOINCREMENT,
        subject TEXT NOT NULL, category TEXT NOT NULL, kind TEXT NOT NULL, expiresAt INTEGER NOT NULL,
        nonce BLOB NOT NULL, tag BLOB NOT NULL, sealed BLOB NOT NULL
      );
      CREATE INDEX IF NOT EXISTS template_by_subject ON template (subject, kind, expiresAt);`);
    this.#load();
  }

  get size(): number {
    return this.#table.size;
  }

  get unreadable(): number {
    return this.#unreadable.size;
  }

  /** A masked face is compared with every template, a bare one with bare ones alone: everybody enrolled has one of those. */
  nearest(embedding: Float32Array, kind: TemplateKind, now: number): GalleryMatch | undefined {
    this.#demandLength(embedding);
    const found = this.#table.nearest(
      embedding,
      (template) => template.expiresAt > now && (kind === 'masked' || template.kind === 'bare'),
      (template) => (template.kind === 'masked' ? maskedLikeness : 0),
    );
    if (!found) return undefined;
    const { subject, category, kind: templateKind } = found.template;
    return { subject, category, kind: templateKind, similarity: found.similarity };
  }

  enrol({ embedding, ...template }: TemplateBinding & { embedding: Float32Array }): void {
    this.#demandLength(embedding);
    const binding = { ...template, expiresAt: Math.round(template.expiresAt) };
    const sealed = sealTemplate(this.#key, binding, embedding);
    const surplus = this.#database.prepare<[string, string, number], { row: number }>(
      'SELECT row FROM template WHERE subject = ? AND kind = ? ORDER BY expiresAt DESC, row DESC LIMIT -1 OFFSET ?',
    );
    const insert = this.#database.prepare(
      `INSERT INTO template (subject, category, kind, expiresAt, nonce, tag, sealed)
       VALUES (@subject, @category, @kind, @expiresAt, @nonce, @tag, @sealed)`,
    );
    this.#orCount('template_not_kept', () => {
      const { row, surplusRows } = this.#database.transaction(() => {
        const row = Number(insert.run({ ...binding, ...sealed }).lastInsertRowid);
        const surplusRows = surplus
          .all(binding.subject, binding.kind, templatesPerSubject)
          .map((entry) => entry.row);
        this.#delete(surplusRows);
        return { row, surplusRows };
      })();
      this.#table.add({ ...binding, row }, embedding);
      this.#takeOut(surplusRows);
    });
  }

  forget(subject: string): number {
    const rows = this.#database
      .prepare<[string], { row: number }>('SELECT row FROM template WHERE subject = ?')
      .all(subject)
      .map(({ row }) => row);
    this.#deleteForGood(rows);
    this.#takeOut(rows);
    return rows.length;
  }

  expire(now: number): number {
    const rows = this.#database
      .prepare<[number], { row: number }>('SELECT row FROM template WHERE expiresAt <= ?')
      .all(now)
      .map(({ row }) => row);
    this.#takeOut(rows);
    return this.#orCount('expiry_not_written', () => this.#deleteForGood(rows)) ?? 0;
  }

  close(): void {
    this.#table.clear();
    this.#database.close();
  }

  #load(): void {
    const rows = this.#database.prepare<[], Row>('SELECT * FROM template ORDER BY row');
    for (const { row, subject, category, kind, expiresAt, ...sealed } of rows.iterate()) {
      const binding = { subject, category, kind, expiresAt };
      const embedding = openTemplate(this.#key, binding, sealed);
      if (embedding?.length === this.#dimension) this.#table.add({ ...binding, row }, embedding);
      else this.#unreadable.add(row);
    }
  }

  /** The log is cut short after the commit, or it would still hold what was erased. */
  #deleteForGood(rows: number[]): number {
    if (rows.length === 0) return 0;
    this.#database.transaction(() => this.#delete(rows))();
    this.#database.pragma('wal_checkpoint(TRUNCATE)');
    return rows.length;
  }

  #delete(rows: number[]): void {
    const remove = this.#database.prepare('DELETE FROM template WHERE row = ?');
    for (const row of rows) remove.run(row);
  }

  /** Out of memory; rows that were never opened were not in it. */
  #takeOut(rows: number[]): void {
    const meant = new Set(rows);
    this.#table.remove(({ row }) => meant.has(row));
    for (const row of rows) this.#unreadable.delete(row);
  }

  /** A full or failing disk must not stop the decisions at the gate: what was not written is counted. */
  #orCount<Value>(reason: keyof SqliteGallery['drops'], write: () => Value): Value | undefined {
    try {
      return write();
    } catch (error) {
      if (!isDiskTrouble(error)) throw error;
      this.drops[reason]++;
      return undefined;
    }
  }

  /** Another length is another model's: a fault of the program, not of the data. */
  #demandLength(embedding: Float32Array): void {
    if (embedding.length !== this.#dimension)
      throw new RangeError(`an embedding of ${embedding.length} numbers where ${this.#dimension} are kept`);
  }
}

function isDiskTrouble(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return ['SQLITE_FULL', 'SQLITE_IOERR', 'SQLITE_READONLY', 'SQLITE_BUSY'].some((kind) =>
    code.startsWith(kind),
  );
}

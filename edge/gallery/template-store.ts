import type { SqliteDatabase, SqliteStatement } from '../sqlite.ts';
import type { TemplateKind } from './gallery.ts';
import {
  openTemplate,
  type SealedTemplate,
  sealTemplate,
  type TemplateBinding,
  type TemplateSeal,
} from './template-seal.ts';
import { type HeldTemplate, TemplateTable } from './template-table.ts';

/** One template on the disk. */
export interface StoredTemplate extends TemplateBinding, SealedTemplate {
  row: number;
  /** The same on every box that has it. */
  id: string;
}

/** What one change may do; the disk has all of it or nothing. */
export interface TemplateEdit {
  add(template: TemplateBinding & { id: string }, embedding: Float32Array): void;
  remove(templates: readonly { row: number }[]): void;
}

/**
 * Templates in SQLite and in memory: sealed with the site's key before they touch the disk, opened once, when the store
 * opens. One that does not open is left alone and counted.
 */
export class TemplateStore {
  readonly #database: SqliteDatabase;
  readonly #seal: TemplateSeal;
  readonly #dimensions: Record<TemplateKind, number>;
  readonly #tables: Record<TemplateKind, TemplateTable>;
  readonly #unreadable = new Set<number>();
  /** Prepared once: a box that comes back asks both for every subject of the site. */
  readonly #ofSubject: SqliteStatement<[string], StoredTemplate>;
  readonly #withId: SqliteStatement<[string]>;

  /** `dimensions`: numbers per embedding. */
  constructor(database: SqliteDatabase, seal: TemplateSeal, dimensions: Record<TemplateKind, number>) {
    this.#database = database;
    this.#seal = seal;
    this.#dimensions = dimensions;
    this.#tables = {
      whole: new TemplateTable(dimensions.whole),
      upper: new TemplateTable(dimensions.upper),
    };
    // What is deleted is overwritten, in the file as well.
    database.pragma('secure_delete = ON');
    database.exec(`
      CREATE TABLE IF NOT EXISTS template (
        row INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
        subject TEXT NOT NULL, category TEXT NOT NULL, kind TEXT NOT NULL, expiresAt INTEGER NOT NULL,
        nonce BLOB NOT NULL, tag BLOB NOT NULL, sealed BLOB NOT NULL
      );
      CREATE INDEX IF NOT EXISTS template_by_subject ON template (subject);
      CREATE INDEX IF NOT EXISTS template_by_expiry ON template (expiresAt);`);
    this.#ofSubject = this.#select<[string]>('subject = ?');
    this.#withId = database.prepare('SELECT 1 FROM template WHERE id = ?');
    this.#load();
  }

  get size(): number {
    return this.#tables.whole.size + this.#tables.upper.size;
  }

  get unreadable(): number {
    return this.#unreadable.size;
  }

  nearest(kind: TemplateKind, embedding: Float32Array, now: number) {
    this.#demandLength(kind, embedding);
    return this.#tables[kind].nearest(embedding, now);
  }

  ofSubject(subject: string): StoredTemplate[] {
    return this.#ofSubject.all(subject);
  }

  /** Under whatever subject: two boxes may not have merged the same ones yet. */
  has(id: string): boolean {
    return this.#withId.get(id) !== undefined;
  }

  expired(now: number): StoredTemplate[] {
    return this.#select<[number]>('expiresAt <= ?').all(now);
  }

  /** Undefined when it does not open, or is of another length. */
  open(template: TemplateBinding & SealedTemplate): Float32Array | undefined {
    const { subject, category, kind, expiresAt } = template;
    const embedding = openTemplate(this.#seal, { subject, category, kind, expiresAt }, template);
    return embedding?.length === this.#dimensions[kind] ? embedding : undefined;
  }

  /** On the disk first, then in memory; what is removed is overwritten in both. Throws when the disk refuses. */
  change<Result>(work: (edit: TemplateEdit) => Result): Result {
    const added: { template: HeldTemplate; embedding: Float32Array }[] = [];
    const removed: number[] = [];
    const result = this.#database.transaction(() =>
      work({
        add: (template, embedding) => added.push({ template: this.#insert(template, embedding), embedding }),
        remove: (templates) => {
          for (const { row } of templates) removed.push(this.#delete(row));
        },
      }),
    )();
    // The log is cut short after the commit, or it would still hold what was erased.
    if (removed.length > 0) this.#database.pragma('wal_checkpoint(TRUNCATE)');
    for (const { template, embedding } of added) this.#tables[template.kind].add(template, embedding);
    this.takeOut(removed);
    return result;
  }

  /** Out of memory alone; rows that were never opened were not in it. */
  takeOut(rows: readonly number[]): void {
    if (rows.length === 0) return;
    const meant = new Set(rows);
    for (const table of Object.values(this.#tables)) table.remove(({ row }) => meant.has(row));
    for (const row of rows) this.#unreadable.delete(row);
  }

  clear(): void {
    for (const table of Object.values(this.#tables)) table.clear();
  }

  #load(): void {
    for (const stored of this.#select<[]>('TRUE').iterate()) {
      const embedding = this.open(stored);
      if (embedding) this.#tables[stored.kind].add(heldOf(stored), embedding);
      else this.#unreadable.add(stored.row);
    }
  }

  #insert(template: TemplateBinding & { id: string }, embedding: Float32Array): HeldTemplate {
    this.#demandLength(template.kind, embedding);
    const { id, ...binding } = template;
    const sealed = sealTemplate(this.#seal, binding, embedding);
    const { lastInsertRowid } = this.#database
      .prepare(
        `INSERT INTO template (id, subject, category, kind, expiresAt, nonce, tag, sealed)
         VALUES (@id, @subject, @category, @kind, @expiresAt, @nonce, @tag, @sealed)`,
      )
      .run({ ...template, ...sealed });
    return { ...binding, row: Number(lastInsertRowid) };
  }

  #delete(row: number): number {
    this.#database.prepare('DELETE FROM template WHERE row = ?').run(row);
    return row;
  }

  #select<Parameters extends unknown[]>(condition: string) {
    return this.#database.prepare<Parameters, StoredTemplate>(
      `SELECT * FROM template WHERE ${condition} ORDER BY row`,
    );
  }

  /** Another length is another network's: a fault of the program, not of the data. */
  #demandLength(kind: TemplateKind, { length }: Float32Array): void {
    const expected = this.#dimensions[kind];
    if (length !== expected)
      throw new RangeError(`an embedding of ${length} numbers where ${expected} are kept`);
  }
}

function heldOf({ row, subject, category, kind, expiresAt }: StoredTemplate): HeldTemplate {
  return { row, subject, category, kind, expiresAt };
}

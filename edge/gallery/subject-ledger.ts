import type { ErasureReply } from '../../hub/contract/gallery.ts';
import type { SqliteDatabase } from '../sqlite.ts';

/** What became of a subject of which nothing is kept under its own name. */
export type Fate =
  | { state: 'merged'; into: string; at: number }
  | { state: 'forgotten'; erasure: string; at: number };

/** How long it is remembered that a subject was merged or forgotten: longer than any template may be kept. */
const remembered = 400 * 86_400_000;

/** Beside the templates: who was merged or forgotten, what other boxes must still be told, and the hub. No faces. */
export class SubjectLedger {
  readonly #database: SqliteDatabase;

  constructor(database: SqliteDatabase) {
    this.#database = database;
    database.exec(`
      CREATE TABLE IF NOT EXISTS fate (
        subject TEXT PRIMARY KEY, state TEXT NOT NULL, other TEXT NOT NULL, at INTEGER NOT NULL
      );
      CREATE TABLE IF NOT EXISTS to_publish (number INTEGER PRIMARY KEY AUTOINCREMENT, subject TEXT NOT NULL UNIQUE);
      CREATE TABLE IF NOT EXISTS to_confirm (
        erasure TEXT NOT NULL, subject TEXT NOT NULL, at INTEGER NOT NULL, templates INTEGER NOT NULL,
        PRIMARY KEY (erasure, subject)
      );`);
  }

  fateOf(subject: string): Fate | undefined {
    const row = this.#database
      .prepare<[string], { state: Fate['state']; other: string; at: number }>(
        'SELECT state, other, at FROM fate WHERE subject = ?',
      )
      .get(subject);
    if (!row) return undefined;
    const { state, other, at } = row;
    return state === 'merged' ? { state, into: other, at } : { state, erasure: other, at };
  }

  /** A subject that was forgotten stays forgotten. */
  decide(subject: string, fate: Fate): void {
    this.#database
      .prepare('REPLACE INTO fate (subject, state, other, at) VALUES (?, ?, ?, ?)')
      .run(subject, fate.state, fate.state === 'merged' ? fate.into : fate.erasure, fate.at);
  }

  /** The subject's last name: a merged one into another is that one. Names only get lesser, so this ends. */
  nameOf(subject: string): string {
    const fate = this.fateOf(subject);
    return fate?.state === 'merged' ? this.nameOf(fate.into) : subject;
  }

  /** All that ended under this name, itself not among them. */
  mergedInto(subject: string): string[] {
    const direct = this.#database
      .prepare<[string], { subject: string }>("SELECT subject FROM fate WHERE state = 'merged' AND other = ?")
      .all(subject);
    return direct.flatMap((each) => [each.subject, ...this.mergedInto(each.subject)]);
  }

  /** The other boxes are to be told how things stand with this subject. */
  markForPublishing(subject: string): void {
    this.#database.prepare('REPLACE INTO to_publish (subject) VALUES (?)').run(subject);
  }

  toPublish(limit: number): { number: number; subject: string }[] {
    return this.#database
      .prepare<[number], { number: number; subject: string }>(
        'SELECT number, subject FROM to_publish ORDER BY number LIMIT ?',
      )
      .all(limit);
  }

  /** Nothing happens when there was a later change. */
  published(number: number): void {
    this.#database.prepare('DELETE FROM to_publish WHERE number = ?').run(number);
  }

  markForConfirming(erasure: string, subject: string, at: number, templates: number): void {
    this.#database
      .prepare('REPLACE INTO to_confirm (erasure, subject, at, templates) VALUES (?, ?, ?, ?)')
      .run(erasure, subject, at, templates);
  }

  toConfirm(): ErasureReply[] {
    return this.#database
      .prepare<[], { erasure: string; subject: string; at: number; templates: number }>(
        'SELECT erasure, subject, at, templates FROM to_confirm ORDER BY at LIMIT 100',
      )
      .all()
      .map(({ at, ...rest }) => ({
        schema: 1,
        reply: 'forgotten',
        at: new Date(at).toISOString(),
        ...rest,
      }));
  }

  confirmed(erasure: string, subject: string): void {
    this.#database.prepare('DELETE FROM to_confirm WHERE erasure = ? AND subject = ?').run(erasure, subject);
  }

  /** Forgets what can no longer matter. */
  expire(now: number): void {
    this.#database.prepare('DELETE FROM fate WHERE at <= ?').run(now - remembered);
  }
}

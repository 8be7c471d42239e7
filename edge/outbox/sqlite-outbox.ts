import type { Receipt, Sighting } from '../../hub/contract/sighting.ts';
import type { SqliteDatabase } from '../sqlite.ts';
import type { Outbox, OutboxDepth, OutboxItem } from './outbox.ts';

interface Entry {
  sighting: Sighting;
  pictures: { id: string; jpeg: Buffer }[];
  queuedAt: number;
}

interface Row {
  sequence: number;
  kind: 'evidence' | 'sighting';
  id: string;
  revision: number;
  payload: Buffer;
}

/** Pictures held in memory while the disk is full; past this the oldest pictures are let go and counted, never the sightings. */
const waitingBytesMax = 64 * 1024 * 1024;

/**
 * The outbox in SQLite. AUTOINCREMENT is part of the promise: without it row ids start again once the table empties and
 * a cursor would skip rows.
 */
export class SqliteOutbox implements Outbox {
  /** Rising counters of what could not be kept, by reason. */
  readonly drops: Record<string, number> = {};
  /** True while the disk refuses writes; what comes meanwhile waits in memory. */
  get isFull(): boolean {
    return this.#waiting.length > 0;
  }

  readonly #database: SqliteDatabase;
  readonly #onPut: () => void;
  #waiting: Entry[] = [];

  /** `onPut` is called after every durable put, so that the uplink need not poll. */
  constructor(database: SqliteDatabase, onPut: () => void = () => {}) {
    this.#database = database;
    this.#onPut = onPut;
    database.exec(`
      CREATE TABLE IF NOT EXISTS item (
        sequence INTEGER PRIMARY KEY AUTOINCREMENT,
        kind TEXT NOT NULL, id TEXT NOT NULL, revision INTEGER NOT NULL,
        payload BLOB NOT NULL, queued_at INTEGER NOT NULL,
        UNIQUE (kind, id, revision)
      );
      CREATE TABLE IF NOT EXISTS refused (
        kind TEXT NOT NULL, id TEXT NOT NULL, revision INTEGER NOT NULL,
        payload BLOB NOT NULL, code TEXT NOT NULL, refused_at INTEGER NOT NULL,
        PRIMARY KEY (kind, id, revision)
      );`);
  }

  put(sighting: Sighting, pictures: { id: string; jpeg: Buffer }[], now: number): void {
    this.#waiting.push({ sighting, pictures, queuedAt: now });
    this.retry();
  }

  /** Tries again to write what a full disk made wait, oldest first. */
  retry(): void {
    while (this.#waiting.length > 0) {
      try {
        this.#write(this.#waiting[0]);
      } catch (error) {
        if (!isDiskFull(error)) throw error;
        this.#boundWaiting();
        return;
      }
      this.#waiting.shift();
      this.#onPut();
    }
  }

  next(sequence: number, limit: number): OutboxItem[] {
    return this.#database
      .prepare<[number, number], Row>(
        'SELECT sequence, kind, id, revision, payload FROM item WHERE sequence > ? ORDER BY sequence LIMIT ?',
      )
      .all(sequence, limit)
      .map(({ kind, revision, ...rest }) =>
        kind === 'sighting' ? { kind, revision, ...rest } : { kind, ...rest },
      );
  }

  settle(receipt: Receipt, now: number): void {
    const remove = this.#database.prepare('DELETE FROM item WHERE kind = ? AND id = ? AND revision = ?');
    const keepApart = this.#database.prepare(
      `INSERT OR REPLACE INTO refused (kind, id, revision, payload, code, refused_at)
       SELECT kind, id, revision, payload, ?, ? FROM item WHERE kind = ? AND id = ? AND revision = ?`,
    );
    this.#database.transaction(() => {
      for (const { id, revision } of receipt.sightings) remove.run('sighting', id, revision);
      for (const id of receipt.evidence) remove.run('evidence', id, 0);
      for (const { kind, id, revision = 0, code } of receipt.refused) {
        keepApart.run(code, now, kind, id, revision);
        remove.run(kind, id, revision);
      }
    })();
    this.retry();
  }

  depth(): OutboxDepth {
    const count = this.#database
      .prepare<[], { sightings: number; evidence: number; bytes: number; oldestAt: number | null }>(
        `SELECT count(*) FILTER (WHERE kind = 'sighting') AS sightings, count(*) FILTER (WHERE kind = 'evidence') AS evidence,
                coalesce(sum(length(payload)), 0) AS bytes, min(queued_at) AS oldestAt FROM item`,
      )
      .get()!;
    const refused = this.#database.prepare<[], { n: number }>('SELECT count(*) AS n FROM refused').get()!.n;
    return {
      sightings: count.sightings + this.#waiting.length,
      evidence: count.evidence + this.#waiting.reduce((sum, { pictures }) => sum + pictures.length, 0),
      bytes: count.bytes,
      oldestAt: count.oldestAt ?? this.#waiting[0]?.queuedAt,
      refused,
    };
  }

  /** What the hub refused, newest first, without the payloads. */
  refused(limit: number): { kind: string; id: string; revision: number; code: string; refusedAt: number }[] {
    return this.#database
      .prepare<[number], { kind: string; id: string; revision: number; code: string; refusedAt: number }>(
        'SELECT kind, id, revision, code, refused_at AS refusedAt FROM refused ORDER BY refused_at DESC LIMIT ?',
      )
      .all(limit);
  }

  close(): void {
    this.#database.close();
  }

  #write({ sighting, pictures, queuedAt }: Entry): void {
    const insert = this.#database.prepare(
      'INSERT OR IGNORE INTO item (kind, id, revision, payload, queued_at) VALUES (?, ?, ?, ?, ?)',
    );
    this.#database.transaction(() => {
      for (const { id, jpeg } of pictures) insert.run('evidence', id, 0, jpeg, queuedAt);
      insert.run('sighting', sighting.id, sighting.revision, Buffer.from(JSON.stringify(sighting)), queuedAt);
    })();
  }

  #boundWaiting(): void {
    let bytes = this.#waiting.reduce((sum, entry) => sum + pictureBytes(entry), 0);
    for (const entry of this.#waiting) {
      if (bytes <= waitingBytesMax) return;
      bytes -= pictureBytes(entry);
      this.drops.evidence_disk_full = (this.drops.evidence_disk_full ?? 0) + entry.pictures.length;
      entry.pictures = [];
    }
  }
}

function pictureBytes({ pictures }: Entry): number {
  return pictures.reduce((sum, { jpeg }) => sum + jpeg.length, 0);
}

function isDiskFull(error: unknown): boolean {
  const code = (error as { code?: string }).code ?? '';
  return code === 'SQLITE_FULL' || code.startsWith('SQLITE_IOERR');
}

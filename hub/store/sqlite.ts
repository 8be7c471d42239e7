import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { SqliteDialect } from 'kysely';
import { HubError } from '../errors.ts';

/** An open SQLite file, as Kysely wants it, and what only SQLite can say about itself. */
export interface SqliteFile {
  dialect: SqliteDialect;
  /** Bytes of the database in pages, without the write-ahead log. */
  bytes(): number;
  /** Refuses to grow beyond this many bytes, as a full disk would. */
  limitBytes(bytes: number): void;
}

/** Preparing costs more than running: the hub has about a hundred statements, searches add their combinations. */
const keptStatements = 500;

/** Opens a database that survives a power cut: write-ahead log, every commit on the disk before it returns. */
export function openSqlite(path: string): SqliteFile {
  const database = open(path);
  const prepared = new Map<string, Statement>();
  return {
    dialect: new SqliteDialect({
      database: { close: () => database.close(), prepare: (sql) => prepare(database, prepared, sql) },
    }),
    bytes: () => pragma(database, 'page_count') * pragma(database, 'page_size'),
    limitBytes: (bytes) => {
      database.pragma(`max_page_count = ${Math.max(1, Math.floor(bytes / pragma(database, 'page_size')))}`);
    },
  };
}

/**
 * Looks into a database without changing it, also beside a hub that runs on it. SQLite lays files beside a database in
 * WAL mode, and only a connection that may write takes them away again: left behind by another user, they would keep
 * the hub out. Throws what SQLite throws.
 */
export function readSqlite<T>(path: string, read: (firstValue: (sql: string) => unknown) => T): T {
  const database = new Database(path, { readonly: existsSync(`${path}-wal`), fileMustExist: true });
  try {
    return read((sql) => database.prepare(sql).pluck().get());
  } finally {
    database.close();
  }
}

/** Whether this error means that the disk, or the room the database may take, is used up. */
export function isStorageFull(error: unknown): boolean {
  const code = (error as { code?: unknown } | undefined)?.code;
  return code === 'SQLITE_FULL' || code === 'ENOSPC' || code === 'EDQUOT';
}

function open(path: string): Database.Database {
  try {
    if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true });
    const database = new Database(path);
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = FULL');
    database.pragma('busy_timeout = 5000');
    database.pragma('foreign_keys = ON');
    return database;
  } catch (cause) {
    throw new HubError('DATABASE_UNREADABLE', path, { cause });
  }
}

/**
 * Units of work write, so they take the write lock at once: a command that writes to the same file at the same time
 * is waited for, instead of failing half-way. SQLite ends a transaction by itself when the disk is full; the rollback
 * that follows has nothing left to do.
 */
function prepare(database: Database.Database, prepared: Map<string, Statement>, sql: string): Statement {
  if (sql === 'rollback' && !database.inTransaction) return nothingToRollBack;
  const known = prepared.get(sql);
  if (known) return known;
  if (prepared.size >= keptStatements) prepared.clear();
  const statement: Statement = database.prepare(sql === 'begin' ? 'begin immediate' : sql);
  prepared.set(sql, statement);
  return statement;
}

interface Statement {
  readonly reader: boolean;
  all(parameters: readonly unknown[]): unknown[];
  run(parameters: readonly unknown[]): { changes: number | bigint; lastInsertRowid: number | bigint };
  iterate(parameters: readonly unknown[]): IterableIterator<unknown>;
}

const nothingToRollBack: Statement = {
  reader: false,
  all: () => [],
  run: () => ({ changes: 0, lastInsertRowid: 0 }),
  iterate: () => [][Symbol.iterator](),
};

function pragma(database: Database.Database, name: 'page_count' | 'page_size'): number {
  return database.pragma(name, { simple: true }) as number;
}

import { closeSync, existsSync, fsyncSync, mkdirSync, openSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { SqliteDialect } from 'kysely';
import { HubError } from '../errors.ts';
import { LogFlush } from './log-flush.ts';

/** An open SQLite file, as Kysely wants it, and what only SQLite can say about itself. */
export interface SqliteFile {
  dialect: SqliteDialect;
  raw: RawSql;
  commits: SharedCommits;
  /** Bytes of the database in pages, without the write-ahead log. */
  bytes(): number;
  /** Refuses to grow beyond this many bytes, as a full disk would. */
  limitBytes(bytes: number): void;
}

/** For each `?` a value, or for each `@name` one of that name. */
type Parameters = readonly unknown[] | Readonly<Record<string, unknown>>;

/** SQL straight to the database: no builder, no waiting. Who uses it makes sure that no other unit of work is half-way. */
export interface RawSql {
  get<Row>(sql: string, parameters: Parameters): Row | undefined;
  all<Row>(sql: string, parameters: Parameters): Row[];
  /** Rows one by one, for what is too much at once. Nothing else may use the database meanwhile. */
  iterate<Row>(sql: string, parameters: Parameters): IterableIterator<Row>;
  run(sql: string, parameters: Parameters): { changes: number };
}

/** Commits that are brought onto the disk together, while the next ones are already being written. */
export interface SharedCommits {
  /** Commits within are not on the disk when this resolves, but after the next `flush`. */
  unflushed<T>(work: () => Promise<T>): Promise<T>;
  flush(): Promise<void>;
}

/** Memory for pages; the rest is the operating system's cache. Mapping the file instead would count as the hub's own. */
const cacheKibibytes = 32 * 1024;
/** Pages of the write-ahead log after which they are brought home: often enough for a quick start, seldom enough that a page is written once for many commits. */
const checkpointPages = 32_000;
/** Bytes to which the write-ahead log is cut when it is idle: all of one round, because writing over costs half of growing. */
const largestIdleLogBytes = 136 * 1024 * 1024;

/** Nothing is flushed: tests that have no use for a disk. */
const synchronousOff = 0;
/** The write-ahead log is flushed before its pages are brought home, but not after each commit. */
const synchronousNormal = 1;

/** Preparing costs more than running: the hub has about a hundred statements, searches add their combinations. */
const keptStatements = 500;

/** Opens a database that survives a power cut: write-ahead log, every commit on the disk before it returns. */
export function openSqlite(path: string): SqliteFile {
  const database = open(path);
  const prepared = new Map<string, Statement>();
  const statement = (sql: string) => prepare(database, prepared, sql);
  // SQLite checks and flushes it before it brings pages home, and keeps the file as long as this connection is open.
  const writeAheadLog = path === ':memory:' ? undefined : new LogFlush(`${path}-wal`);
  const close = () => {
    writeAheadLog?.close();
    database.close();
  };
  return {
    dialect: new SqliteDialect({ database: { close, prepare: statement } }),
    commits: {
      unflushed: async (work) => {
        const before = pragma(database, 'synchronous');
        if (before > synchronousNormal) database.pragma(`synchronous = ${synchronousNormal}`);
        try {
          return await work();
        } finally {
          if (before > synchronousNormal) database.pragma(`synchronous = ${before}`);
        }
      },
      flush: async () => {
        if (pragma(database, 'synchronous') > synchronousOff) await writeAheadLog?.flush();
      },
    },
    raw: {
      get: <Row>(sql: string, parameters: Parameters) => statement(sql).get(parameters) as Row | undefined,
      all: <Row>(sql: string, parameters: Parameters) => statement(sql).all(parameters) as Row[],
      iterate: <Row>(sql: string, parameters: Parameters) =>
        database.prepare(sql).iterate(parameters) as IterableIterator<Row>,
      run: (sql, parameters) => ({ changes: Number(statement(sql).run(parameters).changes) }),
    },
    bytes: () => pragma(database, 'page_count') * pragma(database, 'page_size'),
    limitBytes: (bytes) => {
      database.pragma(`max_page_count = ${Math.max(1, Math.floor(bytes / pragma(database, 'page_size')))}`);
    },
  };
}

/**
 * Takes a folder for this process: an exclusive lock on a file in it, which the system lets go when the process ends,
 * however it ends. Throws HUB_RUNNING when another has it. Gives what lets it go.
 */
export function takeFolder(folder: string): () => void {
  let database: Database.Database | undefined;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    database = new Database(join(folder, 'hub.lock'), { timeout: 0 });
    database.exec('begin exclusive');
    const taken = database;
    return () => void taken.close();
  } catch (cause) {
    database?.close();
    const isTaken = (cause as { code?: unknown }).code === 'SQLITE_BUSY';
    throw new HubError(isTaken ? 'HUB_RUNNING' : 'DATABASE_UNREADABLE', folder, { cause });
  }
}

/**
 * Copies a database as it is at one instant, beside whoever is writing to it (SQLite's online backup, all pages in one
 * step: in smaller ones it would begin again with every write). On the disk when this resolves. Throws
 * DATABASE_UNREADABLE, STORAGE_FULL.
 */
export async function copyDatabase(from: string, to: string): Promise<void> {
  try {
    const database = new Database(from, { readonly: true, fileMustExist: true });
    try {
      await database.backup(to, { progress: () => allPages });
    } finally {
      database.close();
    }
    const copy = openSync(to, 'r');
    fsyncSync(copy);
    closeSync(copy);
  } catch (cause) {
    throw new HubError(isStorageFull(cause) ? 'STORAGE_FULL' : 'DATABASE_UNREADABLE', from, { cause });
  }
}

const allPages = 0x7fff_ffff;

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
    database.pragma(`cache_size = -${cacheKibibytes}`);
    database.pragma(`wal_autocheckpoint = ${checkpointPages}`);
    database.pragma(`journal_size_limit = ${largestIdleLogBytes}`);
    database.pragma('foreign_keys = ON');
    // What is deleted is overwritten in the file: who is forgotten must not be found in a free page.
    database.pragma('secure_delete = ON');
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
  const statement = database.prepare(sql === 'begin' ? 'begin immediate' : sql) as Statement;
  prepared.set(sql, statement);
  return statement;
}

interface Statement {
  readonly reader: boolean;
  get(parameters: Parameters): unknown;
  all(parameters: Parameters): unknown[];
  run(parameters: Parameters): { changes: number | bigint; lastInsertRowid: number | bigint };
  iterate(parameters: readonly unknown[]): IterableIterator<unknown>;
}

const nothingToRollBack: Statement = {
  reader: false,
  get: () => undefined,
  all: () => [],
  run: () => ({ changes: 0, lastInsertRowid: 0 }),
  iterate: () => [][Symbol.iterator](),
};

function pragma(database: Database.Database, name: 'page_count' | 'page_size' | 'synchronous'): number {
  return database.pragma(name, { simple: true }) as number;
}

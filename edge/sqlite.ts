import Database from 'better-sqlite3';

export type SqliteDatabase = Database.Database;
export type SqliteStatement<Parameters extends unknown[], Row = unknown> = Database.Statement<
  Parameters,
  Row
>;

/** Opens a database that survives a power cut: write-ahead log, every commit on the disk before it returns. */
export function openSqlite(path: string): SqliteDatabase {
  const database = new Database(path);
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.pragma('busy_timeout = 5000');
  database.pragma('foreign_keys = ON');
  return database;
}

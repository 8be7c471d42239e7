import { existsSync, statSync } from 'node:fs';
import { HubError } from '../errors.ts';
import { newestVersion } from './migrate.ts';
import { readSqlite } from './sqlite.ts';

/** Bytes up to which every page is looked at; beyond that it takes minutes. */
const wholeCheckBytes = 500_000_000;

/**
 * What a start would find, without changing it; undefined when there is no database yet. `behind`: how many
 * migrations a start would run. Throws DATABASE_UNREADABLE and DATABASE_NEWER.
 */
export function inspectDatabase(
  path: string,
): { version: number; behind: number; bytes: number } | undefined {
  if (!existsSync(path)) return undefined;
  const bytes = statSync(path).size;
  const version = readVersion(path, bytes);
  if (version > newestVersion) {
    throw new HubError('DATABASE_NEWER', `version ${version}, this hub knows ${newestVersion}`);
  }
  return { version, behind: newestVersion - version, bytes };
}

function readVersion(path: string, bytes: number): number {
  try {
    return readSqlite(path, (firstValue) => {
      const verdict = bytes <= wholeCheckBytes ? firstValue('pragma quick_check(1)') : 'ok';
      if (verdict !== 'ok') throw new Error(String(verdict));
      const isNew = firstValue(`select 1 from sqlite_schema where name = 'database_version'`) === undefined;
      return isNew ? 0 : Number(firstValue('select version from database_version') ?? 0);
    });
  } catch (cause) {
    throw new HubError('DATABASE_UNREADABLE', path, { cause });
  }
}

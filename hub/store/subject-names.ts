import type { RawSql } from './sqlite.ts';

/**
 * All names that are known to be this person's, least first: boxes that find out that two ids are one person's go on
 * with the lesser. A vehicle has one.
 */
export function namesOf(raw: RawSql, site: string, subject: string): string[] {
  const names = [subject];
  for (const name of names) {
    const others = raw.all<{ other: string }>(
      `select into_subject as other from subject_merge where site = ? and subject = ?
       union all select subject from subject_merge where site = ? and into_subject = ?`,
      [site, name, site, name],
    );
    for (const { other } of others) if (!names.includes(other)) names.push(other);
  }
  return names.sort();
}

/**
 * A condition on a subject under any of its names, with as many values as there are names. The cast keeps SQLite from
 * planning by the value, which it would do anew for every other one: that costs ten times the search.
 */
export function isOneOf(column: string, names: readonly string[]): string {
  if (names.length === 1) return `${column} = cast(? as text)`;
  return `${column} in (${names.map(() => 'cast(? as text)').join(', ')})`;
}

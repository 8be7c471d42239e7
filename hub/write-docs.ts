import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hubErrors } from './errors.ts';

/** The README beside this file. */
export const hubReadmePath = join(import.meta.dirname, 'README.md');

/** `hub/README.md` as it should be: the errors from the catalogue. Throws when the markers are missing. */
export function hubReadme(current: string): string {
  const pattern = /(<!-- errors:[^>]*-->\n)[\s\S]*?(<!-- \/errors -->)/;
  if (!pattern.test(current)) throw new Error('the markers of "errors" are missing in hub/README.md');
  const rows = Object.entries(hubErrors).map(
    ([code, { status, message, remedy }]) => `| \`${code}\` | ${status} | ${message} | ${remedy} |`,
  );
  const table = ['| code | status | what happened | what to do |', '|---|---|---|---|', ...rows].join('\n');
  return current.replace(pattern, (_, begin: string, end: string) => `${begin}${table}\n${end}`);
}

if (import.meta.main) writeFileSync(hubReadmePath, hubReadme(readFileSync(hubReadmePath, 'utf8')));

import type { Cell, Table } from './table.ts';

/** Excel takes a CSV for UTF-8 only when it begins with this. */
const byteOrderMark = '\ufeff';

/** What a spreadsheet takes for the beginning of a formula, also in full-width signs, and what hides one (OWASP, CSV injection). */
const beginsFormula = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;

/** The table as CSV (RFC 4180): one chunk for each page, and never more than one page in memory. */
export async function* writeCsv({ columns, pages }: Table): AsyncGenerator<Buffer> {
  yield Buffer.from(byteOrderMark + toLine(columns.map(({ heading }) => heading)));
  for await (const page of pages) yield Buffer.from(page.map(toLine).join(''));
}

function toLine(cells: Cell[]): string {
  return `${cells.map(toField).join(',')}\r\n`;
}

function toField(cell: Cell): string {
  if (cell === undefined) return '';
  if (typeof cell === 'number') return String(cell);
  if (typeof cell === 'object') return cell.wallClock;
  const text = beginsFormula.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

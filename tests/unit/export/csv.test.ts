import fc from 'fast-check';
import { expect, test } from 'vitest';
import { writeCsv } from '../../../hub/export/csv.ts';
import { type Cell, wallClockOf } from '../../../hub/export/table.ts';

async function csvOf(rows: Cell[][]): Promise<string> {
  const columns = rows[0].map((_, at) => ({ heading: `column ${at}`, width: 10 }));
  async function* pages() {
    for (const row of rows) yield [row];
  }
  const chunks: Buffer[] = [];
  for await (const chunk of writeCsv({ name: 'test', columns, pages: pages() })) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

/** RFC 4180, 2: an own parser, strict about what ends a field. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/y;
  while (field.lastIndex < text.length) {
    const at = field.lastIndex;
    const match = field.exec(text);
    if (!match) throw new Error(`not RFC 4180 at ${at}: ${JSON.stringify(text.slice(at, at + 40))}`);
    const [, quoted, plain, end] = match;
    rows.at(-1)?.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === '\r\n') rows.push([]);
  }
  rows.pop();
  return rows;
}

test('begins with a byte order mark, so that a Chinese Excel reads it as UTF-8', async () => {
  expect(await csvOf([['苏A12345']])).toBe('\ufeffcolumn 0\r\n苏A12345\r\n');
});

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '＝1+1', '＋1', '－1', '＠SUM(A1)'])(
  'defuses %j, which a spreadsheet would take for a formula',
  async (text) => {
    const [, [cell]] = parseCsv((await csvOf([[text]])).slice(1));
    expect(cell).toBe(`'${text}`);
  },
);

test('leaves numbers and times as they are', async () => {
  const local = wallClockOf('Asia/Shanghai')('2026-03-01T16:30:00.000Z');
  const [, cells] = parseCsv((await csvOf([[-5, 0.5, undefined, local]])).slice(1));
  expect(cells).toEqual(['-5', '0.5', '', '2026-03-02 00:30:00']);
});

test('comes back as it was written, whatever stands in it', async () => {
  const text = fc.string({ unit: fc.constantFrom(...'",;\r\n\t =+-@＝a苏\'\\') });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(text, text), { minLength: 1, maxLength: 6 }), async (rows) => {
      const [, ...read] = parseCsv((await csvOf(rows)).slice(1));
      expect(read.map((row) => row.map((cell) => cell.replace(/^'(?=[=+\-@\t\r\n＝])/, '')))).toEqual(
        rows.map((row) => row.map((cell) => cell.replace(/^'(?=[=+\-@\t\r\n＝])/, ''))),
      );
      expect(read.flat().filter((cell) => /^[=+\-@\t\r\n＝]/.test(cell))).toEqual([]);
    }),
  );
});

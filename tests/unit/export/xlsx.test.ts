import { expect, test } from 'vitest';
import { type Cell, wallClockOf } from '../../../hub/export/table.ts';
import { writeXlsx } from '../../../hub/export/xlsx.ts';
import { readWorkbook } from '../../builders/workbook-reader.ts';

const columns = [
  { heading: '时间', width: 20 },
  { heading: 'what', width: 30 },
];

async function* inPages(rows: Cell[][], size = 3) {
  for (let at = 0; at < rows.length; at += size) yield rows.slice(at, at + size);
}

async function workbookOf(pages: AsyncIterable<Cell[][]>, maxRows?: number) {
  const chunks: Buffer[] = [];
  for await (const chunk of writeXlsx({ name: '出入记录', columns, pages }, maxRows)) chunks.push(chunk);
  return readWorkbook(Buffer.concat(chunks));
}

test('holds a frozen heading, real dates, numbers and texts', async () => {
  const at = wallClockOf('Asia/Shanghai')('2026-03-01T16:30:05.000Z');
  const [sheet] = await workbookOf(
    inPages([
      [at, '苏A12345'],
      [undefined, 97.5],
    ]),
  );

  expect(sheet.name).toBe('出入记录');
  expect(sheet.rows).toEqual([
    ['时间', 'what'],
    ['2026-03-02T00:30:05', '苏A12345'],
    [undefined, 97.5],
  ]);
  expect(sheet.xml).toContain('state="frozen"');
  expect(sheet.xml).toContain('<col min="1" max="1" width="20" customWidth="1"/>');
});

test('never holds a formula, and what looks like one is a text', async () => {
  const risky = ['=HYPERLINK("http://a.example")', '+1', '<f>1+1</f>', '＝1', '&lt;', "'quoted'"];
  const [sheet] = await workbookOf(inPages(risky.map((text) => [undefined, text])));
  expect(sheet.rows.slice(1).map(([, text]) => text)).toEqual(risky);
  expect(sheet.xml).not.toMatch(/<f[ >]/);
});

test('leaves out what XML forbids and keeps text that looks like an escape', async () => {
  const [sheet] = await workbookOf(
    inPages([
      [undefined, 'a\u0000b\u0008\u001f\ud800c\ufffe'],
      [undefined, '_x0041_ stays'],
      [undefined, 'a\nb'],
    ]),
  );
  expect(sheet.rows.slice(1).map(([, text]) => text)).toEqual(['abc', '_x0041_ stays', 'a\nb']);
});

test('goes on in a next sheet with its own heading when one is full, and has no empty sheet after a last full one', async () => {
  const rows = Array.from({ length: 8 }, (_, at) => [undefined, at]);
  const sheets = await workbookOf(inPages(rows), 5);
  expect(sheets.map(({ name }) => name)).toEqual(['出入记录', '出入记录 2']);
  expect(sheets.map(({ rows }) => rows.length)).toEqual([5, 5]);
  expect(sheets.flatMap(({ rows }) => rows.slice(1).map(([, at]) => at))).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
});

test('of nothing is a sheet with a heading', async () => {
  const [sheet, ...rest] = await workbookOf(inPages([]));
  expect(sheet.rows).toEqual([['时间', 'what']]);
  expect(rest).toEqual([]);
});

test('fails where the rows fail, instead of ending as if they were all', async () => {
  async function* failing(): AsyncGenerator<Cell[][]> {
    yield [[undefined, 1]];
    throw new Error('the database is gone');
  }
  await expect(workbookOf(failing())).rejects.toThrow('the database is gone');
});

test('given up half-way gives up its rows too', async () => {
  let isOver = false;
  async function* endless(): AsyncGenerator<Cell[][]> {
    try {
      for (;;) yield Array.from({ length: 500 }, () => [undefined, Math.random()]);
    } finally {
      isOver = true;
    }
  }
  let chunks = 0;
  for await (const _ of writeXlsx({ name: 'endless', columns, pages: endless() })) if (++chunks > 20) break;
  expect(isOver).toBe(true);
});

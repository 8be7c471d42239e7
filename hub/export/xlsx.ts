import { Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import type { Cell, Column, Table } from './table.ts';
import { partsAround, type SheetLook, toCellXml } from './xlsx-parts.ts';

/** Rows of a sheet with its heading: the most that spreadsheets take. */
const rowsOfSheet = 1_048_576;

/** Rows that are written at once. */
const rowsOfChunk = 500;

/** Little effort: twice as fast as the best, for a tenth more bytes. */
const compressionLevel = 3;

/**
 * The table as a workbook (ECMA-376): sheet after sheet as the rows are read, never more than one page of them in
 * memory. Texts are inline strings and never formulas. Ending early ends the reading.
 */
export async function* writeXlsx(table: Table, maxRows = rowsOfSheet): AsyncGenerator<Buffer> {
  const zip = new ZipFile();
  const output = zip.outputStream as Readable;
  const rows = new RowReader(table.pages);
  const names: string[] = [];
  let reading: Readable | undefined;
  const fail = (error: Error) => output.destroy(error);
  zip.on('error', fail);

  function addSheet(): void {
    names.push(names.length === 0 ? table.name : `${table.name} ${names.length + 1}`);
    zip.addReadStreamLazy(`xl/worksheets/sheet${names.length}.xml`, { compressionLevel }, (begin) => {
      reading = Readable.from(writeSheet(table.columns, rows, maxRows), { objectMode: false });
      reading.once('error', fail);
      reading.once('end', () => (rows.isAtEnd ? finish() : addSheet()));
      begin(null, reading);
    });
  }
  function finish(): void {
    for (const [path, xml] of partsAround(names)) zip.addBuffer(Buffer.from(xml), path, { compressionLevel });
    zip.end();
  }

  addSheet();
  try {
    for await (const chunk of output) yield chunk as Buffer;
  } finally {
    reading?.destroy();
    await rows.end();
  }
}

/** Hands pages out in portions of any size, and knows one page ahead whether there is more. */
class RowReader {
  readonly #pages: AsyncIterator<Cell[][]>;
  #waiting: Cell[][] = [];
  /** True once nothing is left; known after every `take`. */
  isAtEnd = false;

  constructor(pages: AsyncIterable<Cell[][]>) {
    this.#pages = pages[Symbol.asyncIterator]();
  }

  async take(count: number): Promise<Cell[][]> {
    await this.#fill();
    const taken = this.#waiting.splice(0, count);
    await this.#fill();
    return taken;
  }

  async end(): Promise<void> {
    await this.#pages.return?.();
  }

  async #fill(): Promise<void> {
    while (this.#waiting.length === 0 && !this.isAtEnd) {
      const page = await this.#pages.next();
      if (page.done) this.isAtEnd = true;
      else this.#waiting = page.value;
    }
  }
}

async function* writeSheet(columns: Column[], rows: RowReader, maxRows: number): AsyncGenerator<Buffer> {
  const widths = columns.map(
    ({ width }, at) => `<col min="${at + 1}" max="${at + 1}" width="${width}" customWidth="1"/>`,
  );
  const heading = columns.map(({ heading }) => heading);
  yield Buffer.from(
    `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n` +
      `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">` +
      `<sheetViews><sheetView workbookViewId="0">` +
      `<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>` +
      `<cols>${widths.join('')}</cols><sheetData>${toRowXml(heading, 1, 'heading')}`,
  );
  for (let row = 2; row <= maxRows; ) {
    const taken = await rows.take(Math.min(rowsOfChunk, maxRows - row + 1));
    if (taken.length === 0) break;
    const from = row;
    yield Buffer.from(taken.map((cells, at) => toRowXml(cells, from + at)).join(''));
    row += taken.length;
  }
  yield Buffer.from('</sheetData></worksheet>');
}

function toRowXml(cells: Cell[], row: number, look?: SheetLook): string {
  return `<row r="${row}">${cells.map((cell, at) => toCellXml(cell, at, row, look)).join('')}</row>`;
}

/** What stands in a cell: a text, a number, nothing, or a wall clock in a time zone. */
export type Cell = string | number | undefined | WallClock;

/** `2026-03-01 16:00:00` as the wall clock of some zone shows it: what spreadsheets hold as a date. */
export interface WallClock {
  wallClock: string;
}

/** One column of a table: its heading and its width in characters. */
export interface Column {
  heading: string;
  width: number;
}

/** A table of any length: rows come page by page, and no page is asked for before the one before it is taken. */
export interface Table {
  /** Of the sheet in a workbook. */
  name: string;
  columns: Column[];
  pages: AsyncIterable<Cell[][]>;
}

/** Shows instants on the wall clock of one time zone. */
export function wallClockOf(timeZone: string): (instant: string) => WallClock {
  // The Swedish form is the ISO 8601 one.
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  return (instant) => ({ wallClock: format.format(Date.parse(instant)) });
}

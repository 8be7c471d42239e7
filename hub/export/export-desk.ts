import { setImmediate } from 'node:timers/promises';
import type { AlertExportQuery, ExportFormat, SightingExportQuery } from '../contract/export.ts';
import type { Counters } from '../counters.ts';
import { HubError } from '../errors.ts';
import { placeName } from '../place-names.ts';
import type { Place } from '../trajectory/cursor.ts';
import { parsePlatePattern } from '../trajectory/plate-pattern.ts';
import { writeCsv } from './csv.ts';
import type { ExportSource } from './export-source.ts';
import { alertLayout, type Layout, type Showing, sightingLayout } from './export-tables.ts';
import { exportWords } from './export-words.ts';
import { type Cell, type Table, wallClockOf } from './table.ts';
import { writeXlsx } from './xlsx.ts';

/** Rows that are read at once: some milliseconds, so that an alert never waits for an export. */
export const rowsOfPage = 250;

/** Exports that run at the same time; each costs processor time of the hub for as long as it runs. */
const mostAtOnce = 3;

/** Rows that are counted before; beyond, the number is only said to be larger. */
const mostCounted = 200_000;

/** What the export ended with: told once, also when the client went away. */
export interface ExportEnd {
  rows: number;
  /** False when the client went away or something failed on the way. */
  complete: boolean;
}

/** An export that is about to run. */
export interface Export {
  /** The bytes of the file; ending early ends the reading of rows. */
  bytes: AsyncIterable<Buffer>;
  /** How many rows there will be; undefined when that is not known beforehand. */
  expectedRows: number | undefined;
}

/** What the desk works with. */
export interface ExportDeskParts {
  source: ExportSource;
  /** The time zone of the site. */
  timeZone: () => Promise<string>;
  counters: Counters;
}

type OnEnd = (end: ExportEnd) => Promise<void>;

/** Makes files out of the log and the alerts, of any length, in the memory of a page. */
export class ExportDesk {
  readonly #parts: ExportDeskParts;
  readonly #endings = new Set<Promise<void>>();
  #running = 0;
  #isStopping = false;

  constructor(parts: ExportDeskParts) {
    this.#parts = parts;
  }

  /** Throws what is wrong with the filter, so that it can be told before anything is recorded or sent. */
  check({ plate }: Pick<SightingExportQuery, 'plate'>): void {
    if (plate !== undefined) parsePlatePattern(plate);
    if (this.#running >= mostAtOnce) throw new HubError('EXPORTS_BUSY');
  }

  async sightings(
    { language, timeZone, subjects, ...filter }: SightingExportQuery,
    format: ExportFormat,
    onEnd: OnEnd,
  ): Promise<Export> {
    const { source } = this.#parts;
    const showing = await this.#showing(language, timeZone, subjects === 'true');
    return this.#export({
      name: showing.words.sightings,
      layout: sightingLayout(showing),
      read: (after) => source.sightings(filter, after, rowsOfPage),
      placeOf: ({ occurredAt, id }) => ({ at: occurredAt, id }),
      expectedRows: await source.countSightings(filter, mostCounted + 1),
      format,
      onEnd,
    });
  }

  async alerts(
    { language, timeZone, ...filter }: AlertExportQuery,
    format: ExportFormat,
    onEnd: OnEnd,
  ): Promise<Export> {
    const { source } = this.#parts;
    const showing = await this.#showing(language, timeZone, false);
    return this.#export({
      name: showing.words.alerts,
      layout: alertLayout(showing),
      read: (after) => source.alerts(filter, after, rowsOfPage),
      placeOf: ({ openedAt, id }) => ({ at: openedAt, id }),
      expectedRows: await source.countAlerts(filter, mostCounted + 1),
      format,
      onEnd,
    });
  }

  /** Resolves when what runs has ended and is recorded; whoever closes the connections ends them. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    await Promise.all(this.#endings);
  }

  async #showing(
    language: SightingExportQuery['language'],
    asked: string | undefined,
    subjects: boolean,
  ): Promise<Showing> {
    const timeZone = asked ?? (await this.#parts.timeZone());
    const [local, utc] = [wallClockOf(timeZone), wallClockOf('UTC')];
    const place = (slug: string) => placeName(slug, language);
    return { words: exportWords(language), place, timeZone, local, utc, subjects };
  }

  #export<T>(of: {
    name: string;
    layout: Layout<T>;
    read: (after: Place | undefined) => Promise<T[]>;
    placeOf: (row: T) => Place;
    expectedRows: number | undefined;
    format: ExportFormat;
    onEnd: OnEnd;
  }): Export {
    const { name, layout, read, placeOf, format, onEnd } = of;
    const end: ExportEnd = { rows: 0, complete: false };
    const isStopping = () => this.#isStopping;

    async function* pages(): AsyncGenerator<Cell[][]> {
      let after: Place | undefined;
      while (!isStopping()) {
        const page = await read(after);
        if (page.length > 0) yield page.map(layout.row);
        end.rows += page.length;
        const last = page.at(-1);
        if (!last || page.length < rowsOfPage) {
          end.complete = true;
          return;
        }
        after = placeOf(last);
        // The database answers at once and so might the client: others get their turn between two pages.
        await setImmediate();
      }
      throw new HubError('HUB_STOPPING');
    }

    const table: Table = { name, columns: layout.columns, pages: pages() };
    const written = format === 'csv' ? writeCsv(table) : writeXlsx(table);
    const isKnown = of.expectedRows !== undefined && of.expectedRows <= mostCounted;
    return {
      bytes: this.#watch(written, end, onEnd),
      expectedRows: isKnown ? of.expectedRows : undefined,
    };
  }

  async *#watch(written: AsyncIterable<Buffer>, end: ExportEnd, onEnd: OnEnd): AsyncGenerator<Buffer> {
    const ending = Promise.withResolvers<void>();
    this.#endings.add(ending.promise);
    this.#running += 1;
    let isThrough = false;
    try {
      yield* written;
      isThrough = true;
    } finally {
      this.#running -= 1;
      end.complete &&= isThrough;
      this.#parts.counters.add(end.complete ? 'exports.complete' : 'exports.broken_off');
      try {
        await onEnd(end);
      } finally {
        this.#endings.delete(ending.promise);
        ending.resolve();
      }
    }
  }
}

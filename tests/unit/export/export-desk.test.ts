import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { TrajectoryEntry } from '../../../hub/contract/api.ts';
import type { ExportFormat } from '../../../hub/contract/export.ts';
import { Counters } from '../../../hub/counters.ts';
import { ExportDesk, type ExportEnd, rowsOfPage } from '../../../hub/export/export-desk.ts';
import type { ExportSource } from '../../../hub/export/export-source.ts';
import { buildSighting } from '../../builders/sighting.ts';
import { readWorkbook } from '../../builders/workbook-reader.ts';

/** A log of any length without keeping it: what is given grows with what is asked for and with nothing else. */
class LongLog implements ExportSource {
  reads = 0;
  readonly #rows: number;
  readonly #entry: TrajectoryEntry = {
    ...buildSighting({ flags: [] }),
    receivedAt: '2026-03-01T08:00:01.000Z',
  };

  constructor(rows: number) {
    this.#rows = rows;
  }

  async sightings(_filter: object, _after: object | undefined, limit: number) {
    const left = this.#rows - this.reads * limit;
    this.reads += 1;
    return Array.from({ length: Math.max(0, Math.min(limit, left)) }, () => ({
      ...this.#entry,
      id: randomUUID(),
    }));
  }

  async alerts() {
    return [];
  }

  async countSightings(_filter: object, most: number) {
    return Math.min(most, this.#rows);
  }

  async countAlerts() {
    return 0;
  }
}

async function begin(source: ExportSource, format: ExportFormat) {
  const counters = new Counters();
  const ends: ExportEnd[] = [];
  const desk = new ExportDesk({ source, timeZone: async () => 'Asia/Shanghai', counters });
  const query = { language: 'en' as const, subjects: 'false' as const };
  const made = await desk.sightings(query, format, async (end) => void ends.push({ ...end }));
  return { ...made, desk, ends, counters, bytes: made.bytes[Symbol.asyncIterator]() };
}

describe.each(['csv', 'xlsx'] as const)('50 000 rows as %s', (format) => {
  test('are all there, read page by page', async () => {
    const source = new LongLog(50_000);
    const { bytes, ends, expectedRows, counters } = await begin(source, format);
    const chunks: Buffer[] = [];
    for await (const chunk of { [Symbol.asyncIterator]: () => bytes }) chunks.push(chunk);
    const file = Buffer.concat(chunks);
    const rows =
      format === 'csv'
        ? file.toString('utf8').split('\r\n').length - 1
        : readWorkbook(file)[0].xml.split('<row ').length - 1;

    expect(rows).toBe(50_001);
    expect(source.reads).toBe(50_000 / rowsOfPage + 1);
    expect(expectedRows).toBe(50_000);
    expect(ends).toEqual([{ rows: 50_000, complete: true }]);
    expect(counters.read()).toEqual({ 'exports.complete': 1 });
  });

  test('are read no faster than they are taken', async () => {
    const source = new LongLog(50_000);
    const { bytes } = await begin(source, format);
    await bytes.next();
    const before = source.reads;
    await new Promise((resolve) => setTimeout(resolve, 50));

    expect(before).toBeLessThan(60);
    expect(source.reads - before).toBeLessThan(60);
    await bytes.return?.();
  });

  test('are read no further once the client is gone, and the end is told', async () => {
    const source = new LongLog(50_000);
    const { bytes, ends, counters, desk } = await begin(source, format);
    await bytes.next();
    await bytes.next();
    await bytes.return?.();
    await desk.stop();
    const reads = source.reads;
    await new Promise((resolve) => setTimeout(resolve, 20));

    expect(source.reads).toBe(reads);
    expect(reads).toBeLessThan(120);
    expect(ends).toMatchObject([{ complete: false }]);
    expect(counters.read()).toEqual({ 'exports.broken_off': 1 });
  });
});

test('a hub that stops breaks an export off, so that half a file does not pass for the whole', async () => {
  const { bytes, ends, desk } = await begin(new LongLog(50_000), 'csv');
  await bytes.next();
  await bytes.next();
  const stopped = desk.stop();
  await expect(
    (async () => {
      for await (const _ of { [Symbol.asyncIterator]: () => bytes });
    })(),
  ).rejects.toMatchObject({ code: 'HUB_STOPPING' });
  await stopped;
  expect(ends).toMatchObject([{ complete: false }]);
});

test('no more than three run at once', async () => {
  const source = new LongLog(50_000);
  const desk = new ExportDesk({ source, timeZone: async () => 'UTC', counters: new Counters() });
  const query = { language: 'en' as const, subjects: 'false' as const };
  const running: AsyncIterator<Buffer>[] = [];
  for (let count = 0; count < 3; count++) {
    desk.check({});
    const { bytes } = await desk.sightings(query, 'csv', async () => {});
    running.push(bytes[Symbol.asyncIterator]());
    await running.at(-1)?.next();
  }
  expect(() => desk.check({})).toThrow(expect.objectContaining({ code: 'EXPORTS_BUSY' }));
  for (const each of running) await each.return?.();
  expect(() => desk.check({})).not.toThrow();
});

import type { PlateList, PlateQuery } from '../contract/log.ts';
import type { PlateIndex } from '../trajectory/log-readers.ts';
import {
  foldPlate,
  isExact,
  knownPairs,
  knownPrefix,
  type PlatePattern,
  pairsOf,
  parsePlatePattern,
} from '../trajectory/plate-pattern.ts';
import type { HubKysely } from './hub-database.ts';
import type { SightingFacts } from './sighting-facts.ts';
import type { RawSql } from './sqlite.ts';

/** A plate that fits, with its span. */
export interface KnownPlate {
  text: string;
  first: string;
  last: string;
  sightings: number;
}

/** The plates in the database, and the pairs of characters by which parts of them are found. */
export class SqlPlateIndex implements PlateIndex {
  readonly #db: HubKysely;

  constructor(db: HubKysely) {
    this.#db = db;
  }

  async find({ pattern, similar, limit }: PlateQuery): Promise<PlateList> {
    const parsed = parsePlatePattern(pattern, similar);
    const found = await this.#db.read((raw) => fittingPlates(raw, parsed, limit + 1));
    return {
      items: found.slice(0, limit).map(({ text, first, last, sightings }) => ({
        plate: text,
        firstSeenAt: first,
        lastSeenAt: last,
        sightings,
      })),
      more: found.length > limit,
    };
  }
}

/**
 * The plates that fit, last seen first. Two neighbouring characters that are known lead to few candidates; with less
 * to go by, all plates are walked from the last seen on, which ends early because most of them fit.
 */
export function fittingPlates(raw: RawSql, pattern: PlatePattern, limit: number): KnownPlate[] {
  const columns = 'text, first_seen_at as first, last_seen_at as last, sightings';
  if (isExact(pattern)) return raw.all(`select ${columns} from plate where text = ?`, [pattern.text]);

  const { column, glob } = toGlob(pattern);
  const pairs = knownPairs(pattern);
  const prefix = pattern.similar ? '' : knownPrefix(pattern);
  if (pairs.length > 0)
    return raw.all(
      `select ${columns} from plate where text in (${pairs.map(() => 'select plate from plate_pair where pair = ?').join(' intersect ')})
       and ${column} glob ? order by last_seen_at desc, text desc limit ?`,
      [...pairs, glob, limit],
    );
  if (prefix.length > 2)
    return raw.all(
      `select ${columns} from plate where text >= ? and text < ? and text glob ?
       order by last_seen_at desc, text desc limit ?`,
      [prefix, `${prefix}\u{10ffff}`, glob, limit],
    );
  return raw.all(
    `select ${columns} from plate where text in (
       select text from plate indexed by plate_by_last_seen_at where ${column} glob ?
       order by last_seen_at desc, text desc limit ?)
     order by last_seen_at desc, text desc`,
    [glob, limit],
  );
}

/** The pattern as SQLite's GLOB has it, which takes `?` and `*` for the same, and the column that it is about. */
export function toGlob({ text, similar }: PlatePattern): { column: 'text' | 'folded'; glob: string } {
  return similar ? { column: 'folded', glob: foldPlate(text) } : { column: 'text', glob: text };
}

/** Takes a sighting from the plate it was read as, and gives it to the one it is read as now. */
export function reindex(raw: RawSql, before: SightingFacts | undefined, after: SightingFacts): void {
  const [was, is] = [plateOf(before), plateOf(after)];
  if (was === is && before?.occurredAt === after.occurredAt) return;
  if (was !== null) remove(raw, was);
  if (is !== null) add(raw, is, after.occurredAt);
}

/** Makes the index anew from all sightings. */
export function reindexAll(raw: RawSql): void {
  raw.run('delete from plate_pair', []);
  raw.run('delete from plate', []);
  const plates = raw.iterate<{ text: string; first: string; last: string; sightings: number }>(
    `select subject as text, min(occurred_at) as first, max(occurred_at) as last, count(*) as sightings
     from sighting where kind = 'vehicle' and subject is not null group by subject`,
    [],
  );
  for (const { text, first, last, sightings } of [...plates]) {
    raw.run(
      'insert into plate (text, folded, first_seen_at, last_seen_at, sightings) values (?, ?, ?, ?, ?)',
      [text, foldPlate(text), first, last, sightings],
    );
    addPairs(raw, text);
  }
}

function add(raw: RawSql, text: string, at: string): void {
  const kept = raw.get<{ sightings: number }>(
    `insert into plate (text, folded, first_seen_at, last_seen_at, sightings) values (?, ?, ?, ?, 1)
     on conflict do update set sightings = sightings + 1,
       first_seen_at = min(first_seen_at, excluded.first_seen_at),
       last_seen_at = max(last_seen_at, excluded.last_seen_at)
     returning sightings`,
    [text, foldPlate(text), at, at],
  );
  if (kept?.sightings === 1) addPairs(raw, text);
}

function addPairs(raw: RawSql, text: string): void {
  for (const pair of pairsOf(foldPlate(text)))
    raw.run('insert into plate_pair (pair, plate) values (?, ?)', [pair, text]);
}

/** The sighting itself has left already, so the span is that of the others; the last one takes the plate along. */
function remove(raw: RawSql, text: string): void {
  raw.run(
    `update plate set sightings = sightings - 1,
       first_seen_at = coalesce((select min(occurred_at) from sighting where subject = cast(? as text)), first_seen_at),
       last_seen_at = coalesce((select max(occurred_at) from sighting where subject = cast(? as text)), last_seen_at)
     where text = ?`,
    [text, text, text],
  );
  raw.run('delete from plate where text = ? and sightings <= 0', [text]);
}

function plateOf(facts: SightingFacts | undefined): string | null {
  return facts?.kind === 'vehicle' ? facts.subject : null;
}

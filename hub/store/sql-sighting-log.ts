import { type Expression, expressionBuilder, type SqlBool, sql } from 'kysely';
import { covers, type GateScope } from '../accounts/scope.ts';
import type {
  SightingPage,
  SightingQuery,
  Trajectory,
  TrajectoryEntry,
  TrajectoryQuery,
} from '../contract/api.ts';
import { type Place, parseCursor, toCursor } from '../trajectory/cursor.ts';
import { type PlatePattern, parsePlatePattern } from '../trajectory/plate-pattern.ts';
import type { SightingLog, SubjectAddress } from '../trajectory/sighting-log.ts';
import { toStep } from '../trajectory/trajectory-step.ts';
import type { PairedVisit } from '../trajectory/visits.ts';
import type { HubDatabase, HubKysely } from './hub-database.ts';
import { type EntryRow, readEntry } from './sighting-row.ts';
import { fittingPlates, type KnownPlate, toGlob } from './sql-plate-index.ts';
import { type KnownPassing, timesOf, visitsWithin } from './sql-visit-book.ts';
import type { RawSql } from './sqlite.ts';
import { isOneOf, namesOf } from './subject-names.ts';

/** How many visits a trajectory shows at most. */
const shownVisits = 500;
/** So many plates that fit are sought one by one; when that does not suffice, the log is walked until enough fit. */
const soughtPlates = 1000;

/** What to search for, and where the searcher may look. */
type Wanted = SightingQuery & { scope: GateScope };

/** The trajectory log in the database. */
export class SqlSightingLog implements SightingLog {
  readonly #db: HubKysely;

  constructor(db: HubKysely) {
    this.#db = db;
  }

  async search(query: SightingQuery, scope: GateScope): Promise<SightingPage> {
    const wanted = { ...query, scope };
    const rows = query.plate === undefined ? await this.#rows(wanted) : await this.#rowsOfPlates(wanted);
    return toPage(rows, query.limit);
  }

  async get(id: string, scope: GateScope): Promise<TrajectoryEntry | undefined> {
    const row = await this.#db
      .selectFrom('sighting')
      .select(['received_at', 'alert_id', 'corrected', 'body'])
      .where('id', '=', id)
      .where(({ and }) => and(withinScope(scope)))
      .executeTakeFirst();
    return row && readEntry(row);
  }

  async trajectory(
    { site, subject }: SubjectAddress,
    { from, to, cursor, limit }: TrajectoryQuery,
    scope: GateScope,
  ): Promise<Trajectory | undefined> {
    const found = await this.#db.read((raw) => {
      const subjects = namesOf(raw, site, subject);
      const span = readSpan(raw, subjects, scope);
      if (!span) return undefined;
      const window = { from: from ?? '', to: to ?? '9', limit: shownVisits };
      const visits = visitsWithin(raw, subjects, window);
      return {
        subjects,
        span,
        visits,
        rows: rowsOfSubject(raw, subjects, { from, to, cursor, limit }, scope),
      };
    });
    if (!found) return undefined;

    const { subjects, span, visits, rows } = found;
    const page = toPage(rows, limit);
    return {
      subject,
      subjects,
      kind: span.kind,
      firstSeenAt: span.first,
      lastSeenAt: span.last,
      visits: visits.filter((visit) => isWithin(visit, scope)).map(timesOf),
      ...page,
      items: page.items.map(toStep),
    };
  }

  #rows(query: Wanted): Promise<EntryRow[]> {
    return this.#db
      .selectFrom('sighting')
      .select(['received_at', 'alert_id', 'corrected', 'body'])
      .where(({ and }) => and(conditions(query)))
      .orderBy('occurred_at', 'desc')
      .orderBy('id', 'desc')
      .limit(query.limit + 1)
      .execute();
  }

  async #rowsOfPlates(query: Wanted): Promise<EntryRow[]> {
    const pattern = parsePlatePattern(query.plate ?? '', query.similar);
    const { plate: _, ...rest } = query;
    const ofOnePlate = this.#db
      .selectFrom('sighting')
      .select(['id', 'occurred_at as at'])
      .where(sql<SqlBool>`subject = cast(${''} as text) and occurred_at >= cast(${''} as text)`)
      .where(({ and }) => and(conditions({ ...rest, kind: rest.kind ?? 'vehicle' })))
      .orderBy('occurred_at', 'desc')
      .orderBy('id', 'desc')
      .limit(query.limit + 1)
      .compile();
    const [, , ...parameters] = ofOnePlate.parameters;
    const rows = await this.#db.read((raw) => {
      const plates = fittingPlates(raw, pattern, soughtPlates + 1);
      const newest = newestOfPlates(plates, query.limit + 1, (plate, earliest) =>
        raw.all<Place>(ofOnePlate.sql, [plate, earliest, ...parameters]),
      );
      return newest?.flatMap(({ id }) => raw.get<EntryRow>(entryById, [id]) ?? []);
    });
    return rows ?? this.#rows(query);
  }
}

/** `rows`: one more than `limit` when there is a further page. */
function toPage(rows: readonly EntryRow[], limit: number): SightingPage {
  const items = rows.slice(0, limit).map(readEntry);
  const last = items.at(-1);
  if (!last || rows.length <= limit) return { items };
  return { items, nextCursor: toCursor({ at: last.occurredAt, id: last.id }) };
}

/** A visit is shown to those who may see a gate of it. */
function isWithin({ entry, exit }: PairedVisit<KnownPassing>, scope: GateScope): boolean {
  return [entry, exit].some((passing) => passing && covers(scope, passing.gate));
}

const entryById = 'select received_at, alert_id, corrected, body from sighting where id = ?';

/**
 * The newest sightings of many plates. They come last seen first, so that the search ends at the first plate that was
 * last seen before everything that is wanted already. Undefined when it did not end and there are more plates.
 */
function newestOfPlates(
  plates: readonly KnownPlate[],
  wanted: number,
  sightingsOf: (plate: string, earliest: string) => Place[],
): Place[] | undefined {
  let newest: Place[] = [];
  for (const { text, last } of plates.slice(0, soughtPlates)) {
    const earliest = newest.length === wanted ? newest[wanted - 1].at : '';
    if (last < earliest) return newest;
    const found = sightingsOf(text, earliest);
    if (found.length === 0) continue;
    newest = [...newest, ...found]
      .sort((a, b) => (a.at === b.at ? (a.id < b.id ? 1 : -1) : a.at < b.at ? 1 : -1))
      .slice(0, wanted);
  }
  return plates.length > soughtPlates ? undefined : newest;
}

/** A subject's sightings in a window, newest first; one more than `limit` when there are more. */
function rowsOfSubject(
  raw: RawSql,
  names: readonly string[],
  { from, to, cursor, limit }: TrajectoryQuery,
  scope: GateScope,
): EntryRow[] {
  const before = cursor === undefined ? undefined : parseCursor(cursor);
  const conditions: [sql: string, ...values: unknown[]][] = [[isOneOf('subject', names), ...names]];
  if (scope !== 'all') conditions.push([`gate in (${scope.map(() => '?').join(', ')})`, ...scope]);
  if (from !== undefined) conditions.push(['occurred_at >= cast(? as text)', from]);
  if (to !== undefined) conditions.push(['occurred_at < cast(? as text)', to]);
  if (before)
    conditions.push(['(occurred_at, id) < (cast(? as text), cast(? as text))', before.at, before.id]);
  return raw.all<EntryRow>(
    `select received_at, alert_id, corrected, body from sighting
     where ${conditions.map(([condition]) => condition).join(' and ')}
     order by occurred_at desc, id desc limit ?`,
    [...conditions.flatMap(([, ...values]) => values), limit + 1],
  );
}

function readSpan(
  raw: RawSql,
  names: readonly string[],
  scope: GateScope,
): { first: string; last: string; kind: 'person' | 'vehicle' } | undefined {
  const gates = gatesOf(scope);
  const within = scope === 'all' ? '' : ` and gate in (${gates.map(() => '?').join(', ')})`;
  const spans = names.flatMap((name) => {
    const first = raw.get<{ at: string; kind: 'person' | 'vehicle' }>(
      `select occurred_at as at, kind from sighting where subject = cast(? as text)${within} order by occurred_at, id limit 1`,
      [name, ...gates],
    );
    const last = raw.get<{ at: string }>(
      `select occurred_at as at from sighting where subject = cast(? as text)${within} order by occurred_at desc, id desc limit 1`,
      [name, ...gates],
    );
    return first && last ? [{ first: first.at, last: last.at, kind: first.kind }] : [];
  });
  if (spans.length === 0) return undefined;
  return {
    first: spans.map(({ first }) => first).sort()[0],
    last: spans.map(({ last }) => last).sort()[spans.length - 1],
    kind: spans[0].kind,
  };
}

/** What a row must meet, one condition for each field that was asked for. */
export function conditions(query: Omit<Wanted, 'limit'>): Expression<SqlBool>[] {
  const eb = expressionBuilder<HubDatabase, 'sighting'>();
  const { subject, plate, similar, gate, camera, kind, flag, from, to, cursor, scope } = query;
  const found = withinScope(scope);
  if (subject !== undefined) found.push(sql<SqlBool>`subject = ${asText(subject)}`);
  if (gate !== undefined) found.push(eb('gate', '=', gate));
  if (camera !== undefined) found.push(eb('camera', '=', camera));
  if (kind !== undefined) found.push(eb('kind', '=', kind));
  if (from !== undefined) found.push(sql<SqlBool>`sighting.occurred_at >= ${asText(from)}`);
  if (to !== undefined) found.push(sql<SqlBool>`sighting.occurred_at < ${asText(to)}`);
  if (plate !== undefined) found.push(plateCondition(parsePlatePattern(plate, similar)));
  if (flag !== undefined) {
    const flagged = eb.selectFrom('sighting_flag').select('sighting_id').where('flag', '=', flag);
    found.push(eb('id', 'in', flagged));
  }
  if (cursor !== undefined) {
    const { at, id } = parseCursor(cursor);
    found.push(eb(eb.refTuple('occurred_at', 'id'), '<', eb.tuple(at, id)));
  }
  return found;
}

/** A value that does not make SQLite plan anew. */
function asText(value: string) {
  return sql<string>`cast(${value} as text)`;
}

/** Sightings at the gates of a scope. */
function withinScope(scope: GateScope): Expression<SqlBool>[] {
  if (scope === 'all') return [];
  return [expressionBuilder<HubDatabase, 'sighting'>()('gate', 'in', scope)];
}

/** None for the whole site. */
function gatesOf(scope: GateScope): readonly string[] {
  return scope === 'all' ? [] : scope;
}

/** Asked for each row on the way: only for patterns that many plates fit. */
function plateCondition(pattern: PlatePattern): Expression<SqlBool> {
  const eb = expressionBuilder<HubDatabase, 'sighting'>();
  const { column, glob } = toGlob(pattern);
  return eb.exists(
    eb
      .selectFrom('plate')
      .select('text')
      .whereRef('plate.text', '=', 'sighting.subject')
      .where(sql<SqlBool>`${sql.ref(`plate.${column}`)} glob ${glob}`),
  );
}

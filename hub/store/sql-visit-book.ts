import { type SqlBool, sql } from 'kysely';
import type { GateScope } from '../accounts/scope.ts';
import type { Trajectory } from '../contract/api.ts';
import type { InsideCounts, InsideQuery, Likeness, Visit, VisitPage, VisitQuery } from '../contract/log.ts';
import { type Place, parseCursor, toCursor } from '../trajectory/cursor.ts';
import type { VisitBook } from '../trajectory/log-readers.ts';
import {
  decideAnew,
  type PairedVisit,
  type Passing,
  pairVisits,
  surroundings,
} from '../trajectory/visits.ts';
import { atGates, gatesOf } from './gate-condition.ts';
import type { HubKysely, VisitRow } from './hub-database.ts';
import { lastLikeness, likenessIn } from './likeness.ts';
import type { SightingFacts } from './sighting-facts.ts';
import type { RawSql } from './sqlite.ts';
import { isOneOf, namesOf } from './subject-names.ts';

/** A passing as the index of a subject in time has it. */
export interface KnownPassing extends Passing {
  id: string;
  gate: string;
}

const hourMs = 3_600_000;

/** Passings that make up a visit at most, but for those that many cameras see. */
const passingsPerVisit = 3;

/** Passings that are read at once, on the way from a place: mostly enough. */
const passingsAtOnce = 3;

/** Visits in the database: kept by each commit, so that who is in now need not be searched for. */
export class SqlVisitBook implements VisitBook {
  readonly #db: HubKysely;

  constructor(db: HubKysely) {
    this.#db = db;
  }

  async list(query: VisitQuery, now: string, scope: GateScope): Promise<VisitPage> {
    const { state, hours, gate, kind, from, to, cursor, limit } = query;
    let rows = this.#db
      .selectFrom('visit')
      .selectAll()
      .orderBy('started_at', 'desc')
      .orderBy('id', 'desc')
      .limit(limit + 1);
    // Written out, so that the index of those who are in is used.
    if (state === 'closed') rows = rows.where(sql<SqlBool>`is_over = 1`);
    else if (state) rows = rows.where(sql<SqlBool>`is_over = 0`);
    if (state === 'overstayed') rows = rows.where('started_at', '<', longestStay(now, hours));
    if (scope !== 'all')
      rows = rows.where((eb) => eb.or([eb('entry_gate', 'in', scope), eb('exit_gate', 'in', scope)]));
    if (gate) rows = rows.where((eb) => eb.or([eb('entry_gate', '=', gate), eb('exit_gate', '=', gate)]));
    if (kind) rows = rows.where('kind', '=', kind);
    if (from) rows = rows.where('started_at', '>=', from);
    if (to) rows = rows.where('started_at', '<', to);
    if (cursor) {
      const { at, id } = parseCursor(cursor);
      rows = rows.where(({ eb, refTuple, tuple }) => eb(refTuple('started_at', 'id'), '<', tuple(at, id)));
    }
    const found = await rows.execute();
    const items = await this.#db.read((raw) =>
      found.slice(0, limit).map((row) => ({ ...readVisit(row), ...likenessOf(raw, row, scope) })),
    );
    if (found.length <= limit) return { items };
    const last = found[limit - 1];
    return { items, nextCursor: toCursor({ at: last.started_at, id: last.id }) };
  }

  async inside({ hours, from = '' }: InsideQuery, now: string, scope: GateScope): Promise<InsideCounts> {
    const rows = await this.#db.read((raw) =>
      raw.all<Record<'people' | 'peopleLong' | 'vehicles' | 'vehiclesLong', number> & { gate: string }>(
        `select entry_gate as gate,
           sum(kind = 'person') as people, sum(kind = 'person' and started_at < @latest) as peopleLong,
           sum(kind = 'vehicle') as vehicles, sum(kind = 'vehicle' and started_at < @latest) as vehiclesLong
         from visit
         where is_over = 0 and started_at >= @from and entry_gate is not null and ${atGates('entry_gate')}
         group by entry_gate order by entry_gate`,
        { latest: longestStay(now, hours), from, gates: gatesOf(scope) },
      ),
    );
    return {
      items: rows.map(({ gate, people, peopleLong, vehicles, vehiclesLong }) => ({
        gate,
        person: { open: people, overstayed: peopleLong },
        vehicle: { open: vehicles, overstayed: vehiclesLong },
      })),
    };
  }
}

/** Who came in before has been in for longer than so many hours. */
function longestStay(now: string, hours: number): string {
  return new Date(Date.parse(now) - hours * hourMs).toISOString();
}

/** As the visit began, or else as it was last seen during it. */
function likenessOf(raw: RawSql, row: VisitRow, scope: GateScope): Likeness {
  const within = { from: row.started_at, until: row.exit_at ?? row.started_at };
  return likenessIn(raw, row.id, scope) ?? lastLikeness(raw, row.subject, within, scope);
}

/** When and through which gates. */
export function timesOf({ entry, exit }: PairedVisit<KnownPassing>): Trajectory['visits'][number] {
  return {
    ...(entry && { entry: entry.at, entryGate: entry.gate }),
    ...(exit && { exit: exit.at, exitGate: exit.gate }),
  };
}

function readVisit(row: VisitRow): Omit<Visit, keyof Likeness> {
  return {
    subject: row.subject,
    kind: row.kind as Visit['kind'],
    isOver: row.is_over === 1,
    ...(row.entry_at === null ? {} : { entry: row.entry_at }),
    ...(row.entry_gate === null ? {} : { entryGate: row.entry_gate }),
    ...(row.exit_at === null ? {} : { exit: row.exit_at }),
    ...(row.exit_gate === null ? {} : { exitGate: row.exit_gate }),
  };
}

/** Pairs anew what a revision can touch: around where the sighting stood, and around where it stands now. */
export function repair(raw: RawSql, before: SightingFacts | undefined, after: SightingFacts): void {
  const wasThere = before?.subject === after.subject && before.occurredAt === after.occurredAt;
  if (before && isPassing(before)) {
    const isStill = wasThere && isPassing(after);
    repairAround(raw, before, isStill ? after : undefined, true);
    if (isStill) return;
  }
  if (isPassing(after)) repairAround(raw, after, after, before !== undefined);
}

/** A subject's visits that a window falls into, newest first: paired from its passings, of which an index knows all. */
export function visitsWithin(
  raw: RawSql,
  names: readonly string[],
  { from, to, limit }: { from: string; to: string; limit: number },
): PairedVisit<KnownPassing>[] {
  const within = raw.all<KnownPassing>(
    `${passingsOf(names)} and occurred_at >= cast(? as text) and occurred_at < cast(? as text) ${newestFirst} limit ?`,
    [...names, from, to, passingsPerVisit * limit],
  );
  const isCut = within.length === passingsPerVisit * limit;
  const { passings: before } = surroundings(
    isCut ? [] : walk(raw, names, { at: from, id: '' }, 'earlier'),
    undefined,
    [],
  );
  const { passings: after } = surroundings([], undefined, walk(raw, names, { at: to, id: '' }, 'later'));
  const visits = pairVisits([...before, ...within.reverse(), ...after]);
  if (isCut) visits.pop();
  return visits
    .filter(({ entry, exit, isOver }) => {
      const [begin, end] = [entry ?? exit, exit ?? (isOver ? entry : undefined)];
      return begin !== undefined && begin.at < to && (end === undefined || end.at >= from);
    })
    .slice(0, limit);
}

/** Pairs all visits of one person anew, under all names. */
export function repairSubject(raw: RawSql, site: string, subject: string): void {
  const names = namesOf(raw, site, subject);
  raw.run(
    `delete from visit where id in (select id from sighting where ${isOneOf('subject', names)})`,
    names,
  );
  pairAll(raw, names, 'person');
}

/** Pairs everybody's visits anew. */
export function repairAll(raw: RawSql): void {
  raw.run('delete from visit', []);
  const subjects = raw.all<{ site: string; subject: string; kind: string }>(
    `select subject, min(site) as site, min(kind) as kind from sighting where subject is not null group by subject`,
    [],
  );
  for (const { site, subject, kind } of subjects) pairAll(raw, namesOf(raw, site, subject), kind);
}

function pairAll(raw: RawSql, names: readonly string[], kind: string): void {
  const passings = raw.all<KnownPassing>(`${passingsOf(names)} order by occurred_at, id`, [...names]);
  for (const visit of pairVisits(passings)) save(raw, rowOf(visit, names[0], kind));
}

function isPassing({ subject, direction }: SightingFacts): boolean {
  return subject !== null && direction !== 'unknown';
}

/** `there`: what stands at the place now. `isKnown`: a visit may begin with the sighting of the place already. */
function repairAround(
  raw: RawSql,
  place: SightingFacts,
  there: SightingFacts | undefined,
  isKnown: boolean,
): void {
  const subject = place.subject as string;
  const names = place.kind === 'person' ? namesOf(raw, place.site, subject) : [subject];
  const from = { at: place.occurredAt, id: place.id };
  const around = surroundings(
    walk(raw, names, from, 'earlier'),
    there && passingOf(there),
    walk(raw, names, from, 'later'),
  );
  const { visits, decided } = decideAnew(around);
  const rows = visits.map((visit) => rowOf(visit, names[0], place.kind));
  const begun = new Set(rows.map(({ id }) => id));
  for (const { id } of decided) if (id !== place.id && !begun.has(id)) remove(raw, id);
  if (isKnown && !begun.has(place.id)) remove(raw, place.id);
  for (const row of rows) save(raw, row);
}

function passingOf({ id, occurredAt, direction, gate }: SightingFacts): KnownPassing {
  return { id, at: occurredAt, direction: direction as Passing['direction'], gate };
}

function remove(raw: RawSql, id: string): void {
  raw.run('delete from visit where id = ?', [id]);
}

function passingsOf(names: readonly string[]): string {
  return `select id, occurred_at as at, direction, gate from sighting
    where ${isOneOf('subject', names)} and direction in ('entry', 'exit')`;
}

const newestFirst = 'order by occurred_at desc, id desc';

/** A subject's passings from a place on, nearest first. */
function* walk(
  raw: RawSql,
  names: readonly string[],
  from: Place,
  towards: 'earlier' | 'later',
): Generator<KnownPassing> {
  const [than, order] = towards === 'earlier' ? ['<', newestFirst] : ['>', 'order by occurred_at, id'];
  const sql = `${passingsOf(names)} and (occurred_at, id) ${than} (cast(? as text), cast(? as text))
    ${order} limit ${passingsAtOnce}`;
  let place = from;
  for (;;) {
    const passings = raw.all<KnownPassing>(sql, [...names, place.at, place.id]);
    yield* passings;
    if (passings.length < passingsAtOnce) return;
    place = passings[passings.length - 1];
  }
}

function rowOf({ entry, exit, isOver }: PairedVisit<KnownPassing>, subject: string, kind: string): VisitRow {
  const first = (entry ?? exit) as KnownPassing;
  return {
    id: first.id,
    subject,
    kind,
    started_at: first.at,
    entry_at: entry?.at ?? null,
    entry_gate: entry?.gate ?? null,
    exit_at: exit?.at ?? null,
    exit_gate: exit?.gate ?? null,
    is_over: isOver ? 1 : 0,
  };
}

/** Writes only what differs. */
function save(raw: RawSql, row: VisitRow): void {
  raw.run(
    `insert into visit (id, subject, kind, started_at, entry_at, entry_gate, exit_at, exit_gate, is_over)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?)
     on conflict (id) do update set subject = excluded.subject, kind = excluded.kind,
       started_at = excluded.started_at, entry_at = excluded.entry_at, entry_gate = excluded.entry_gate,
       exit_at = excluded.exit_at, exit_gate = excluded.exit_gate, is_over = excluded.is_over
     where (subject, kind, started_at, entry_at, entry_gate, exit_at, exit_gate, is_over) is not
       (excluded.subject, excluded.kind, excluded.started_at, excluded.entry_at, excluded.entry_gate,
        excluded.exit_at, excluded.exit_gate, excluded.is_over)`,
    [
      row.id,
      row.subject,
      row.kind,
      row.started_at,
      row.entry_at,
      row.entry_gate,
      row.exit_at,
      row.exit_gate,
      row.is_over,
    ],
  );
}

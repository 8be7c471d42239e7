import type { GateScope } from '../accounts/scope.ts';
import type {
  CompanionList,
  CompanionQuery,
  Likeness,
  PresencePage,
  PresenceQuery,
} from '../contract/log.ts';
import type { PresenceLog } from '../trajectory/log-readers.ts';
import type { SubjectAddress } from '../trajectory/sighting-log.ts';
import { atGates, gatesOf } from './gate-condition.ts';
import type { HubKysely } from './hub-database.ts';
import { lastLikeness } from './likeness.ts';
import type { RawSql } from './sqlite.ts';
import { isOneOf, namesOf } from './subject-names.ts';

/** Somebody of a list, before it is said how they look. */
type Present = Omit<PresencePage['items'][number], keyof Likeness>;
type Companion = Omit<CompanionList['items'][number], keyof Likeness>;

const dayMs = 24 * 3_600_000;

/** How many of a subject's newest sightings are compared with everybody else's. */
const comparedSightings = 1000;

/** Questions about who was there, answered from sightings and visits. */
export class SqlPresenceLog implements PresenceLog {
  readonly #db: HubKysely;

  constructor(db: HubKysely) {
    this.#db = db;
  }

  present(query: PresenceQuery, scope: GateScope): Promise<PresencePage> {
    return this.#db.read((raw) => {
      const found = presentSubjects(raw, query, scope);
      const items = found.slice(0, query.limit);
      const last = items.at(-1);
      return {
        items: items.map((item) => ({
          ...item,
          ...lastLikeness(raw, item.subject, { until: query.to }, scope),
        })),
        unknown: countUnknown(raw, query, scope),
        ...(last && found.length > query.limit ? { nextCursor: last.subject } : {}),
      };
    });
  }

  companions(
    { site, subject }: SubjectAddress,
    query: CompanionQuery,
    scope: GateScope,
  ): Promise<CompanionList> {
    return this.#db.read((raw) => {
      const names = namesOf(raw, site, subject);
      const isMyGate = scope === 'all' ? '' : 'and gate in (select value from json_each(?))';
      const mine = raw.all<{ at: string; gate: string }>(
        `select occurred_at as at, gate from sighting
         where ${isOneOf('subject', names)} and occurred_at >= ? and occurred_at < ? ${isMyGate}
         order by occurred_at desc, id desc limit ?`,
        [
          ...names,
          query.from ?? '',
          query.to ?? '9',
          ...(scope === 'all' ? [] : [gatesOf(scope)]),
          comparedSightings,
        ],
      );
      const beside = new Map<string, Companion>();
      for (const { at, gate } of mine)
        for (const other of seenAround(raw, gate, at, query.seconds)) {
          if (names.includes(other.subject)) continue;
          const known = beside.get(other.subject);
          if (known) known.times++;
          else beside.set(other.subject, { ...other, times: 1, lastAt: at });
        }
      const items = [...beside.values()].sort(
        (a, b) => b.times - a.times || b.lastAt.localeCompare(a.lastAt) || a.subject.localeCompare(b.subject),
      );
      return {
        sightings: mine.length,
        items: items
          .slice(0, query.limit)
          .map((item) => ({ ...item, ...lastLikeness(raw, item.subject, { until: query.to }, scope) })),
      };
    });
  }
}

/**
 * By name, one more than the limit when there are more. Visits that the window falls into are those that are not over,
 * those that began in it or on the day before, and, by an index of their own, those that lasted longer than a day.
 */
function presentSubjects(raw: RawSql, query: PresenceQuery, scope: GateScope): Present[] {
  const { from, to, gate = null, kind = null, cursor = '', limit } = query;
  const rows = raw.all<{
    subject: string;
    kind: Present['kind'];
    sightings: number;
    first: string | null;
    last: string | null;
    since: string | null;
  }>(
    `select subject, min(kind) as kind, sum(seen) as sightings, min(first) as first, max(last) as last,
       max(since) as since
     from (
       select subject, kind, count(*) as seen, min(occurred_at) as first, max(occurred_at) as last, null as since
       from sighting
       where occurred_at >= @from and occurred_at < @to and subject > @cursor
         and (@gate is null or gate = @gate) and (@kind is null or kind = @kind) and ${atGates('gate')}
       group by subject
       union all
       select subject, kind, 0, null, null, max(entry_at)
       from (
         select * from visit where is_over = 0 and started_at < @to
         union all
         select * from visit where started_at >= @dayBefore and started_at < @to and exit_at >= @from
         union all
         select * from visit where julianday(exit_at) - julianday(entry_at) > 1
           and started_at < @dayBefore and exit_at >= @from
       )
       where entry_at is not null and subject > @cursor
         and (@gate is null or entry_gate = @gate) and (@kind is null or kind = @kind)
         and (${atGates('entry_gate')} or ${atGates('exit_gate')})
       group by subject
     )
     group by subject order by subject limit @limit`,
    {
      from,
      to,
      gate,
      kind,
      cursor,
      gates: gatesOf(scope),
      limit: limit + 1,
      dayBefore: new Date(Date.parse(from) - dayMs).toISOString(),
    },
  );
  return rows.map((row) => ({
    subject: row.subject,
    kind: row.kind,
    sightings: row.sightings,
    ...(row.first === null ? {} : { firstSeenAt: row.first }),
    ...(row.last === null ? {} : { lastSeenAt: row.last }),
    ...(row.since === null ? {} : { insideSince: row.since }),
  }));
}

function countUnknown(
  raw: RawSql,
  { from, to, gate }: PresenceQuery,
  scope: GateScope,
): PresencePage['unknown'] {
  const counts = { person: 0, vehicle: 0 };
  const rows = raw.all<{ kind: 'person' | 'vehicle'; count: number }>(
    `select kind, count(*) as count from sighting
     where occurred_at >= @from and occurred_at < @to and subject is null and (@gate is null or gate = @gate)
       and ${atGates('gate')}
     group by kind`,
    { from, to, gate: gate ?? null, gates: gatesOf(scope) },
  );
  for (const { kind, count } of rows) counts[kind] = count;
  return counts;
}

/** The plus keeps SQLite from walking everybody's names instead of the minute in question. */
function seenAround(raw: RawSql, gate: string, at: string, seconds: number) {
  const moment = Date.parse(at);
  const bound = (offset: number) => new Date(moment + offset).toISOString();
  const seen = raw.all<{ subject: string; kind: Companion['kind'] }>(
    `select subject, kind from sighting
     where occurred_at >= cast(? as text) and occurred_at <= cast(? as text) and gate = ? and +subject is not null`,
    [bound(-seconds * 1000), bound(seconds * 1000), gate],
  );
  return new Map(seen.map((other) => [other.subject, other])).values();
}

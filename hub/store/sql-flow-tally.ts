import type { GateScope } from '../accounts/scope.ts';
import type { FlowCount, FlowQuery, FlowRow } from '../contract/log.ts';
import { hourOf } from '../trajectory/flows.ts';
import type { FlowTally } from '../trajectory/log-readers.ts';
import { atGates, gatesOf } from './gate-condition.ts';
import type { HubKysely } from './hub-database.ts';
import type { SightingFacts } from './sighting-facts.ts';
import type { RawSql } from './sqlite.ts';

const directions = ['entry', 'exit', 'unknown'] as const;

/** One column for each number of a kind: `person_entry`, …, `person_flagged`. */
const columnsOf = (kind: 'person' | 'vehicle') =>
  [
    ...directions.map(
      (direction) =>
        `sum(iif(kind = '${kind}' and direction = '${direction}', sightings, 0)) as ${kind}_${direction}`,
    ),
    `sum(iif(kind = '${kind}', flagged, 0)) as ${kind}_flagged`,
  ].join(', ');

type HourRow = { hour: string; gate: string } & Record<`${'person' | 'vehicle'}_${keyof FlowCount}`, number>;

/** Roll-ups in the database: one row for each hour, gate, kind and direction. */
export class SqlFlowTally implements FlowTally {
  readonly #db: HubKysely;

  constructor(db: HubKysely) {
    this.#db = db;
  }

  async hours(
    { from, to, gate }: Pick<FlowQuery, 'from' | 'to' | 'gate'>,
    scope: GateScope,
  ): Promise<FlowRow[]> {
    const rows = await this.#db.read((raw) =>
      raw.all<HourRow>(
        `select hour, gate, ${columnsOf('person')}, ${columnsOf('vehicle')} from flow
         where hour >= @from and hour < @to and (@gate is null or gate = @gate) and ${atGates('gate')}
         group by hour, site, gate order by hour, site, gate`,
        { from, to, gate: gate ?? null, gates: gatesOf(scope) },
      ),
    );
    return rows.map((row) => ({
      from: row.hour,
      gate: row.gate,
      person: countOf(row, 'person'),
      vehicle: countOf(row, 'vehicle'),
    }));
  }
}

function countOf(row: HourRow, kind: 'person' | 'vehicle'): FlowCount {
  return {
    entry: row[`${kind}_entry`],
    exit: row[`${kind}_exit`],
    unknown: row[`${kind}_unknown`],
    flagged: row[`${kind}_flagged`],
  };
}

/** Moves a sighting from where it was counted to where it counts now. */
export function recount(raw: RawSql, before: SightingFacts | undefined, after: SightingFacts): void {
  if (before) {
    const key = keyOf(before);
    raw.run(
      `update flow set sightings = sightings - 1, flagged = flagged - ?
       where hour = ? and site = ? and gate = ? and kind = ? and direction = ?`,
      [before.isFlagged ? 1 : 0, ...key],
    );
    raw.run(
      `delete from flow
       where hour = ? and site = ? and gate = ? and kind = ? and direction = ? and sightings <= 0`,
      key,
    );
  }
  raw.run(
    `insert into flow (hour, site, gate, kind, direction, sightings, flagged) values (?, ?, ?, ?, ?, 1, ?)
     on conflict do update set sightings = sightings + 1, flagged = flagged + excluded.flagged`,
    [...keyOf(after), after.isFlagged ? 1 : 0],
  );
}

/** Counts all sightings anew. */
export function recountAll(raw: RawSql): void {
  raw.run('delete from flow', []);
  raw.run(
    `insert into flow (hour, site, gate, kind, direction, sightings, flagged)
     select substr(occurred_at, 1, 13) || ':00:00.000Z', site, gate, kind, direction, count(*),
       sum(exists (select 1 from sighting_flag where sighting_id = sighting.id))
     from sighting group by 1, 2, 3, 4, 5`,
    [],
  );
}

function keyOf({ occurredAt, site, gate, kind, direction }: SightingFacts): string[] {
  return [hourOf(occurredAt), site, gate, kind, direction];
}

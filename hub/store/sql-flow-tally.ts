import type { FlowQuery } from '../contract/log.ts';
import { type HourCount, hourOf } from '../trajectory/flows.ts';
import type { FlowTally } from '../trajectory/log-readers.ts';
import type { HubKysely } from './hub-database.ts';
import type { SightingFacts } from './sighting-facts.ts';
import type { RawSql } from './sqlite.ts';

/** Roll-ups in the database: one row for each hour, gate, kind and direction. */
export class SqlFlowTally implements FlowTally {
  readonly #db: HubKysely;

  constructor(db: HubKysely) {
    this.#db = db;
  }

  hours({ from, to, gate }: Pick<FlowQuery, 'from' | 'to' | 'gate'>): Promise<HourCount[]> {
    const atGate = gate === undefined ? '' : 'and gate = ?';
    return this.#db.read((raw) =>
      raw.all<HourCount>(
        `select hour, gate, kind, direction, sightings, flagged from flow
         where hour >= ? and hour < ? ${atGate} order by hour`,
        gate === undefined ? [from, to] : [from, to, gate],
      ),
    );
  }
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

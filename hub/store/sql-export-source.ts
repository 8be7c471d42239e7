import { type Expression, expressionBuilder, type SelectQueryBuilder, type SqlBool } from 'kysely';
import type { Alert, TrajectoryEntry } from '../contract/api.ts';
import type { AlertFilter, ExportSource, SightingFilter } from '../export/export-source.ts';
import type { Place } from '../trajectory/cursor.ts';
import { isExact, parsePlatePattern } from '../trajectory/plate-pattern.ts';
import type { HubDatabase, HubKysely } from './hub-database.ts';
import { readEntry } from './sighting-row.ts';
import { readAlert } from './sql-alert-store.ts';
import { conditions } from './sql-sighting-log.ts';

type Found = SelectQueryBuilder<HubDatabase, 'sighting' | 'sighting_flag' | 'alert', { at: string }>;

/** Rows to export, from the database. */
export class SqlExportSource implements ExportSource {
  readonly #db: HubKysely;

  constructor(db: HubKysely) {
    this.#db = db;
  }

  async sightings(
    { flag, ...filter }: SightingFilter,
    after: Place | undefined,
    limit: number,
  ): Promise<TrajectoryEntry[]> {
    if (flag !== undefined) return this.#flagged(flag, filter, after, limit);
    const rows = await this.#db
      .selectFrom('sighting')
      .select(['received_at', 'alert_id', 'corrected', 'sighting.body'])
      .where(({ and }) => and(conditions({ ...filter, scope: 'all' })))
      .$if(after !== undefined, (query) =>
        query.where(({ eb, refTuple, tuple }) =>
          eb(refTuple('occurred_at', 'id'), '<', tuple(after?.at ?? '', after?.id ?? '')),
        ),
      )
      .orderBy('occurred_at', 'desc')
      .orderBy('id', 'desc')
      .limit(limit)
      .execute();
    return rows.map(readEntry);
  }

  /** Led by the index of flags, so that a rare flag does not make every page read the whole log. */
  async #flagged(
    flag: string,
    filter: SightingFilter,
    after: Place | undefined,
    limit: number,
  ): Promise<TrajectoryEntry[]> {
    const rows = await this.#db
      .selectFrom('sighting_flag')
      .innerJoin('sighting', 'sighting.id', 'sighting_flag.sighting_id')
      .select(['received_at', 'alert_id', 'corrected', 'sighting.body'])
      .where('sighting_flag.flag', '=', flag)
      .where(({ and }) => and(conditions({ ...filter, scope: 'all' })))
      .$if(after !== undefined, (query) =>
        query.where(({ eb, refTuple, tuple }) =>
          eb(
            refTuple('sighting_flag.occurred_at', 'sighting_flag.sighting_id'),
            '<',
            tuple(after?.at ?? '', after?.id ?? ''),
          ),
        ),
      )
      .orderBy('sighting_flag.occurred_at', 'desc')
      .orderBy('sighting_flag.sighting_id', 'desc')
      .limit(limit)
      .execute();
    return rows.map(readEntry);
  }

  async alerts(filter: AlertFilter, after: Place | undefined, limit: number): Promise<Alert[]> {
    const rows = await this.#db
      .selectFrom('alert')
      .select('body')
      .where(({ and }) => and(alertConditions(filter)))
      .$if(after !== undefined, (query) =>
        query.where(({ eb, refTuple, tuple }) =>
          eb(refTuple('opened_at', 'id'), '<', tuple(after?.at ?? '', after?.id ?? '')),
        ),
      )
      .orderBy('opened_at', 'desc')
      .orderBy('id', 'desc')
      .limit(limit)
      .execute();
    return rows.map(readAlert);
  }

  async countSightings({ flag, ...filter }: SightingFilter, most: number): Promise<number | undefined> {
    if (!isInOneIndex({ flag, ...filter })) return undefined;
    if (flag === undefined) {
      const found = this.#db
        .selectFrom('sighting')
        .select('occurred_at as at')
        .where(({ and }) => and(conditions({ ...filter, scope: 'all' })))
        .limit(most);
      return this.#count(found);
    }
    const { from, to } = filter;
    const flagged = this.#db
      .selectFrom('sighting_flag')
      .select('occurred_at as at')
      .where('flag', '=', flag)
      .$if(from !== undefined, (query) => query.where('occurred_at', '>=', from as string))
      .$if(to !== undefined, (query) => query.where('occurred_at', '<', to as string))
      .limit(most);
    return this.#count(flagged);
  }

  async countAlerts(filter: AlertFilter, most: number): Promise<number | undefined> {
    if (filter.state !== undefined && filter.gate !== undefined) return undefined;
    const found = this.#db
      .selectFrom('alert')
      .select('opened_at as at')
      .where(({ and }) => and(alertConditions(filter)))
      .limit(most);
    return this.#count(found);
  }

  async #count(found: Found): Promise<number> {
    const row = await this.#db
      .selectFrom(found.as('found'))
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow();
    return row.count;
  }
}

/** Whether one index holds all that the filter asks about, so that counting reads no rows. */
function isInOneIndex({ subject, plate, gate, camera, kind, flag }: SightingFilter): boolean {
  if (kind !== undefined) return false;
  if (plate !== undefined && !isExact(parsePlatePattern(plate))) return false;
  return [subject, plate, gate, camera, flag].filter((each) => each !== undefined).length <= 1;
}

function alertConditions({ state, gate, from, to }: AlertFilter): Expression<SqlBool>[] {
  const eb = expressionBuilder<HubDatabase, 'alert'>();
  const found: Expression<SqlBool>[] = [];
  if (state !== undefined) found.push(eb('state', '=', state));
  if (gate !== undefined) found.push(eb('gate', '=', gate));
  if (from !== undefined) found.push(eb('opened_at', '>=', from));
  if (to !== undefined) found.push(eb('opened_at', '<', to));
  return found;
}

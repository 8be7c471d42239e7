import { type Expression, expressionBuilder, type SqlBool } from 'kysely';
import type { SightingPage, SightingQuery, Trajectory, TrajectoryEntry } from '../contract/api.ts';
import { type Sighting, sighting as sightingSchema } from '../contract/sighting.ts';
import { parseCursor, toCursor } from '../trajectory/cursor.ts';
import { isExact, knownPrefix, type PlatePattern, parsePlatePattern } from '../trajectory/plate-pattern.ts';
import type { SightingLog } from '../trajectory/sighting-log.ts';
import { type Passing, pairVisits } from '../trajectory/visits.ts';
import type { HubDatabase, HubKysely } from './hub-database.ts';

/** How many of a subject's newest passings are paired into visits. */
const pairedPassings = 1000;

interface EntryRow {
  received_at: string;
  alert_id: string | null;
  body: string;
}

/** The trajectory log in the database. */
export class SqlSightingLog implements SightingLog {
  readonly #db: HubKysely;

  constructor(db: HubKysely) {
    this.#db = db;
  }

  async search(query: SightingQuery): Promise<SightingPage> {
    const rows = await this.#db
      .selectFrom('sighting')
      .select(['received_at', 'alert_id', 'body'])
      .where(({ and }) => and(conditions(query)))
      .orderBy('occurred_at', 'desc')
      .orderBy('id', 'desc')
      .limit(query.limit + 1)
      .execute();
    const items = rows.slice(0, query.limit).map(readEntry);
    const last = items.at(-1);
    if (!last || rows.length <= query.limit) return { items };
    return { items, nextCursor: toCursor({ at: last.occurredAt, id: last.id }) };
  }

  async get(id: string): Promise<TrajectoryEntry | undefined> {
    const row = await this.#db
      .selectFrom('sighting')
      .select(['received_at', 'alert_id', 'body'])
      .where('id', '=', id)
      .executeTakeFirst();
    return row && readEntry(row);
  }

  async trajectory(
    subject: string,
    cursor: string | undefined,
    limit: number,
  ): Promise<Trajectory | undefined> {
    const span = await this.#db
      .selectFrom('sighting')
      .select(({ fn }) => [fn.min('occurred_at').as('first'), fn.max('occurred_at').as('last')])
      .where('subject', '=', subject)
      .executeTakeFirst();
    if (!span?.first || !span.last) return undefined;

    const newest = await this.search({ subject, limit: 1 });
    const page = await this.search({ subject, limit, ...(cursor === undefined ? {} : { cursor }) });
    return {
      subject,
      kind: newest.items[0].kind,
      firstSeenAt: span.first,
      lastSeenAt: span.last,
      visits: pairVisits(await this.#passings(subject)),
      ...page,
    };
  }

  async #passings(subject: string): Promise<Passing[]> {
    const rows = await this.#db
      .selectFrom('sighting')
      .select(['occurred_at as at', 'direction'])
      .where('subject', '=', subject)
      .where('direction', 'in', ['entry', 'exit'])
      .orderBy('occurred_at', 'desc')
      .orderBy('id', 'desc')
      .limit(pairedPassings)
      .execute();
    return rows.map(({ at, direction }) => ({ at, direction: direction as Passing['direction'] })).reverse();
  }
}

/** What a row must meet, one condition for each field that was asked for. */
export function conditions(query: Omit<SightingQuery, 'limit'>): Expression<SqlBool>[] {
  const eb = expressionBuilder<HubDatabase, 'sighting'>();
  const { subject, plate, gate, camera, kind, flag, from, to, cursor } = query;
  const found: Expression<SqlBool>[] = [];
  if (subject !== undefined) found.push(eb('subject', '=', subject));
  if (gate !== undefined) found.push(eb('gate', '=', gate));
  if (camera !== undefined) found.push(eb('camera', '=', camera));
  if (kind !== undefined) found.push(eb('kind', '=', kind));
  if (from !== undefined) found.push(eb('sighting.occurred_at', '>=', from));
  if (to !== undefined) found.push(eb('sighting.occurred_at', '<', to));
  if (plate !== undefined) found.push(...plateConditions(parsePlatePattern(plate)));
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

/** The known beginning as a range, which the index can seek, and the rest as a pattern. */
function plateConditions(pattern: PlatePattern): Expression<SqlBool>[] {
  const eb = expressionBuilder<HubDatabase, 'sighting'>();
  if (isExact(pattern)) return [eb('plate', '=', pattern.characters)];
  const prefix = knownPrefix(pattern);
  const like = pattern.characters.replaceAll('?', '_') + (pattern.open ? '%' : '');
  const range = [eb('plate', '>=', prefix), eb('plate', '<', `${prefix}\u{10ffff}`)];
  return [...(prefix === '' ? [] : range), eb('plate', 'like', like)];
}

/** A row as the API gives it. */
export function readEntry({ received_at, alert_id, body }: EntryRow): TrajectoryEntry {
  const sighting: Sighting = sightingSchema.parse(JSON.parse(body));
  return { ...sighting, receivedAt: received_at, ...(alert_id === null ? {} : { alert: alert_id }) };
}

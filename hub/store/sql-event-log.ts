import type { StreamEvent, TrajectoryEntry } from '../contract/api.ts';
import { streamEvent } from '../contract/api.ts';
import type { EventLog, LoggedEvent, Replay } from '../event-log.ts';
import type { HubKysely, HubTransaction } from './hub-database.ts';
import { readEntry } from './sighting-row.ts';
import type { RawSql } from './sqlite.ts';

/** How many of the newest ids can be replayed; a client that was away for longer loads afresh. */
const keptIds = 20_000;
const sightingPrefix = 'sighting/';

/** An event; one of a sighting has no body of its own. */
interface EventRow {
  id: number;
  body: string;
  sighting: string | null;
  received_at: string;
  alert_id: string | null;
  corrected: string | null;
}

/** Logs an event inside the unit of work that caused it; it replaces the older event about the same thing. */
export async function logEvent(transaction: HubTransaction, event: StreamEvent): Promise<LoggedEvent> {
  const concerns = whatItConcerns(event);
  await transaction.deleteFrom('event_log').where('concerns', '=', concerns).execute();
  const { id } = await transaction
    .insertInto('event_log')
    .values({ concerns, body: JSON.stringify(event) })
    .returning('id')
    .executeTakeFirstOrThrow();
  if (id % 1000 === 0)
    await transaction
      .deleteFrom('event_log')
      .where('id', '<=', id - keptIds)
      .execute();
  return { id, event };
}

/** The same for a sighting that has just been saved. Its row says all of it, so the event holds nothing twice. */
export function logSighting(raw: RawSql, entry: TrajectoryEntry): LoggedEvent {
  const { id } = raw.get<{ id: number }>(
    "insert or replace into event_log (concerns, body) values (?, '') returning id",
    [`${sightingPrefix}${entry.id}`],
  ) as { id: number };
  if (id % 1000 === 0) raw.run('delete from event_log where id <= ?', [id - keptIds]);
  return { id, event: { type: 'sighting', sighting: entry } };
}

/** The event log in the database. */
export class SqlEventLog implements EventLog {
  readonly #db: HubKysely;

  constructor(db: HubKysely) {
    this.#db = db;
  }

  async lastId(): Promise<number> {
    const row = await this.#db
      .selectFrom('event_log')
      .select(({ fn }) => fn.max('id').as('id'))
      .executeTakeFirst();
    return row?.id ?? 0;
  }

  async after(id: number, limit: number): Promise<Replay> {
    const lastId = await this.lastId();
    if (id > lastId || id < lastId - keptIds) return { kind: 'reset', lastId };
    const rows = await this.#db.read((raw) =>
      raw.all<EventRow>(
        `select event_log.id, event_log.body, sighting.body as sighting, received_at, alert_id, corrected
         from event_log left join sighting
           on event_log.body = '' and sighting.id = substr(concerns, ${sightingPrefix.length + 1})
         where event_log.id > ? order by event_log.id limit ?`,
        [id, limit + 1],
      ),
    );
    const events = rows.slice(0, limit).flatMap((row) => readEvent(row) ?? []);
    return { kind: 'events', events, more: rows.length > limit };
  }
}

/** Undefined for a sighting that has passed its retention. */
function readEvent({
  id,
  body,
  sighting,
  received_at,
  alert_id,
  corrected,
}: EventRow): LoggedEvent | undefined {
  if (body !== '') return { id, event: streamEvent.parse(JSON.parse(body)) };
  if (sighting === null) return undefined;
  const entry = readEntry({ body: sighting, received_at, alert_id, corrected });
  return { id, event: { type: 'sighting', sighting: entry } };
}

function whatItConcerns(event: StreamEvent): string {
  switch (event.type) {
    case 'alert':
      return `alert/${event.alert.id}`;
    case 'sighting':
      return `${sightingPrefix}${event.sighting.id}`;
    case 'box':
      return `box/${event.box.site}/${event.box.box}`;
    case 'gap':
      return `gap/${event.gap.id}`;
    default:
      return event.type;
  }
}

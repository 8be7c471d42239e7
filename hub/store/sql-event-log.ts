import type { StreamEvent } from '../contract/api.ts';
import { streamEvent } from '../contract/api.ts';
import type { EventLog, LoggedEvent, Replay } from '../event-log.ts';
import type { HubKysely, HubTransaction } from './hub-database.ts';

/** How many of the newest ids can be replayed; a client that was away for longer loads afresh. */
const keptIds = 20_000;

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
    const rows = await this.#db
      .selectFrom('event_log')
      .select(['id', 'body'])
      .where('id', '>', id)
      .orderBy('id')
      .limit(limit + 1)
      .execute();
    const events = rows
      .slice(0, limit)
      .map((row) => ({ id: row.id, event: streamEvent.parse(JSON.parse(row.body)) }));
    return { kind: 'events', events, more: rows.length > limit };
  }
}

function whatItConcerns(event: StreamEvent): string {
  switch (event.type) {
    case 'alert':
      return `alert/${event.alert.id}`;
    case 'sighting':
      return `sighting/${event.sighting.id}`;
    case 'box':
      return `box/${event.box.site}/${event.box.box}`;
    case 'gap':
      return `gap/${event.gap.id}`;
    default:
      return event.type;
  }
}

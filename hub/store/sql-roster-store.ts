import { z } from 'zod';
import type { NoticeRequest } from '../announce/notice-request.ts';
import { instant, uuid } from '../contract/ids.ts';
import {
  type DutyGap,
  dutyGap,
  type HandOver,
  handOver,
  holiday,
  shiftChange,
  shiftPattern,
  singleShift,
  swap,
} from '../contract/roster.ts';
import type { LoggedEvent } from '../event-log.ts';
import type {
  GapStore,
  HandOverStore,
  RosterItem,
  RosterItems,
  RosterStore,
} from '../roster/roster-store.ts';
import type { HubKysely } from './hub-database.ts';
import { logEvent } from './sql-event-log.ts';
import { saveNoticeRequests } from './sql-notice-requests.ts';
import { inTransaction } from './transaction.ts';

const schemas = {
  pattern: shiftPattern.extend({ id: uuid }),
  single: singleShift.extend({ id: uuid }),
  change: shiftChange.extend({ id: uuid }),
  holiday: holiday.extend({ id: uuid }),
  swap,
};

/** The planned roster in the database. */
export class SqlRosterStore implements RosterStore {
  readonly #db: HubKysely;

  constructor(db: HubKysely) {
    this.#db = db;
  }

  async read(site: string): Promise<RosterItems> {
    const rows = await this.#db
      .selectFrom('roster_item')
      .select(['kind', 'body'])
      .where('site', '=', site)
      .orderBy('id')
      .execute();
    const ofKind = <K extends keyof typeof schemas>(kind: K) =>
      z
        .array(schemas[kind])
        .parse(rows.filter((row) => row.kind === kind).map((row) => JSON.parse(row.body))) as z.infer<
        (typeof schemas)[K]
      >[];
    return {
      patterns: ofKind('pattern'),
      singles: ofKind('single'),
      changes: ofKind('change'),
      holidays: ofKind('holiday'),
      swaps: ofKind('swap'),
    };
  }

  save(site: string, items: RosterItem[]): Promise<void> {
    return inTransaction(this.#db, async (transaction) => {
      for (const { kind, item } of items) {
        const row = { kind, ...columnsOf({ kind, item } as RosterItem), body: JSON.stringify(item) };
        await transaction
          .insertInto('roster_item')
          .values({ id: item.id, site, ...row })
          .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
          .execute();
      }
    });
  }

  async remove(site: string, kind: RosterItem['kind'], id: string): Promise<boolean> {
    const { numDeletedRows } = await this.#db
      .deleteFrom('roster_item')
      .where('site', '=', site)
      .where('kind', '=', kind)
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    return numDeletedRows > 0n;
  }

  async leftSince(since: string): Promise<Map<string, number>> {
    const rows = await this.#db
      .selectFrom('shift')
      .select(({ fn }) => ['person', fn.max('until').as('until')])
      .where('until', '>=', since)
      .groupBy('person')
      .execute();
    return new Map(rows.map(({ person, until }) => [person, Date.parse(until)]));
  }
}

/** Instants for what has some, days for what is meant by days. */
function columnsOf({ kind, item }: RosterItem) {
  switch (kind) {
    case 'pattern':
      return { person: item.person, from_at: item.firstDay, until_at: item.lastDay ?? null };
    case 'single':
      return { person: item.person, from_at: item.from, until_at: item.until };
    case 'change':
      return { person: item.person ?? null, from_at: item.shift, until_at: null };
    case 'holiday':
      return { person: null, from_at: item.day, until_at: item.day };
    case 'swap':
      return { person: item.to, from_at: item.askedAt, until_at: item.answeredAt ?? null };
  }
}

/** Gaps in the database. */
export class SqlGapStore implements GapStore {
  readonly #db: HubKysely;

  constructor(db: HubKysely) {
    this.#db = db;
  }

  async open(site: string): Promise<DutyGap[]> {
    const rows = await this.#db
      .selectFrom('duty_gap')
      .select('body')
      .where('site', '=', site)
      .where('until_at', 'is', null)
      .orderBy('from_at')
      .execute();
    return rows.map(readGap);
  }

  async list(site: string, from: string, until: string): Promise<DutyGap[]> {
    const rows = await this.#db
      .selectFrom('duty_gap')
      .select('body')
      .where('site', '=', site)
      .where('from_at', '<', until)
      .where(({ or, eb }) => or([eb('until_at', 'is', null), eb('until_at', '>', from)]))
      .orderBy('from_at', 'desc')
      .limit(200)
      .execute();
    return rows.map(readGap);
  }

  async get(id: string): Promise<DutyGap | undefined> {
    const row = await this.#db.selectFrom('duty_gap').select('body').where('id', '=', id).executeTakeFirst();
    return row && readGap(row);
  }

  save(site: string, gaps: DutyGap[], notices: NoticeRequest[]): Promise<LoggedEvent[]> {
    return inTransaction(this.#db, async (transaction) => {
      const events: LoggedEvent[] = [];
      for (const gap of gaps) {
        const row = { until_at: gap.until ?? null, body: JSON.stringify(gap) };
        await transaction
          .insertInto('duty_gap')
          .values({ id: gap.id, site, gate: gap.gate, from_at: gap.from, ...row })
          .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
          .execute();
        events.push(await logEvent(transaction, { type: 'gap', gap }));
      }
      await saveNoticeRequests(transaction, notices);
      return events;
    });
  }
}

function readGap({ body }: { body: string }): DutyGap {
  return dutyGap.parse(JSON.parse(body));
}

/** Hand-over notes in the database. */
export class SqlHandOverStore implements HandOverStore {
  readonly #db: HubKysely;

  constructor(db: HubKysely) {
    this.#db = db;
  }

  async unfinished(gate: string): Promise<string[]> {
    const rows = await this.#db
      .selectFrom('alert')
      .select('id')
      .where('gate', '=', gate)
      .where('state', 'in', ['open', 'acknowledged'])
      .orderBy('opened_at')
      .limit(200)
      .execute();
    return rows.map(({ id }) => id);
  }

  async add(note: HandOver): Promise<void> {
    await this.#db
      .insertInto('hand_over')
      .values({ id: note.id, gate: note.gate, at: instant.parse(note.at), body: JSON.stringify(note) })
      .execute();
  }

  async list(gate: string, limit: number): Promise<HandOver[]> {
    const rows = await this.#db
      .selectFrom('hand_over')
      .select('body')
      .where('gate', '=', gate)
      .orderBy('at', 'desc')
      .limit(limit)
      .execute();
    return rows.map(({ body }) => handOver.parse(JSON.parse(body)));
  }
}

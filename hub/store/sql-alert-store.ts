import type { GateScope } from '../accounts/scope.ts';
import type { AlertChange, AlertStore } from '../alerts/alert-store.ts';
import type { Told } from '../alerts/escalation.ts';
import { type Alert, type AlertPage, type AlertQuery, alert as alertSchema } from '../contract/api.ts';
import { parseCursor, toCursor } from '../trajectory/cursor.ts';
import type { HubKysely, HubTransaction } from './hub-database.ts';
import { logEvent } from './sql-event-log.ts';
import { saveNoticeRequests } from './sql-notice-requests.ts';
import { inTransaction } from './transaction.ts';

/** Alerts in the database. */
export class SqlAlertStore implements AlertStore {
  readonly #db: HubKysely;

  constructor(db: HubKysely) {
    this.#db = db;
  }

  async get(id: string): Promise<Alert | undefined> {
    return findAlert(this.#db, id);
  }

  async list({ state, gate, cursor, limit }: AlertQuery, scope: GateScope): Promise<AlertPage> {
    const after = cursor === undefined ? undefined : parseCursor(cursor);
    const rows = await this.#db
      .selectFrom('alert')
      .select('body')
      .$if(state !== undefined, (query) => query.where('state', '=', state as string))
      .$if(gate !== undefined, (query) => query.where('gate', '=', gate as string))
      .$if(scope !== 'all', (query) => query.where('gate', 'in', scope as readonly string[]))
      .$if(after !== undefined, (query) =>
        query.where(({ eb, refTuple, tuple }) =>
          eb(refTuple('opened_at', 'id'), '<', tuple(after?.at ?? '', after?.id ?? '')),
        ),
      )
      .orderBy('opened_at', 'desc')
      .orderBy('id', 'desc')
      .limit(limit + 1)
      .execute();
    const items = rows.slice(0, limit).map(readAlert);
    const last = items.at(-1);
    if (!last || rows.length <= limit) return { items };
    return { items, nextCursor: toCursor({ at: last.openedAt, id: last.id }) };
  }

  async countLive(): Promise<{ state: 'open' | 'acknowledged'; gate: string; count: number }[]> {
    const rows = await this.#db
      .selectFrom('alert')
      .select(['state', 'gate'])
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('state', 'in', ['open', 'acknowledged'])
      .groupBy(['state', 'gate'])
      .orderBy('state', 'desc')
      .orderBy('gate')
      .execute();
    return rows.map(({ state, gate, count }) => ({
      state: state as 'open' | 'acknowledged',
      gate,
      count: Number(count),
    }));
  }

  change(id: string, rule: (alert: Alert) => Alert): Promise<AlertChange | undefined> {
    return inTransaction(this.#db, async (transaction) => {
      const before = await findAlert(transaction, id);
      return before && applyRule(transaction, before, rule);
    });
  }

  changeOpenedBefore(before: string, rule: (alert: Alert) => Alert): Promise<AlertChange[]> {
    return inTransaction(this.#db, async (transaction) => {
      const rows = await transaction
        .selectFrom('alert')
        .select('body')
        .where('state', '=', 'open')
        .where('opened_at', '<', before)
        .orderBy('opened_at')
        .execute();
      const changes: AlertChange[] = [];
      for (const alert of rows.map(readAlert)) changes.push(await applyRule(transaction, alert, rule));
      return changes;
    });
  }

  changeDue(at: string, rule: (alert: Alert) => Told): Promise<AlertChange[]> {
    return inTransaction(this.#db, async (transaction) => {
      const rows = await transaction
        .selectFrom('alert')
        .select('body')
        .where('next_step_at', '<=', at)
        .orderBy('next_step_at')
        .limit(dueAtOnce)
        .execute();
      const changes: AlertChange[] = [];
      for (const before of rows.map(readAlert)) {
        const { alert, notices } = rule(before);
        changes.push(await applyRule(transaction, before, () => alert));
        await saveNoticeRequests(transaction, notices);
      }
      return changes;
    });
  }
}

/** Alerts whose next stage is told in one unit of work; the rest follows in the next. */
const dueAtOnce = 200;

async function applyRule(
  transaction: HubTransaction,
  before: Alert,
  rule: (alert: Alert) => Alert,
): Promise<AlertChange> {
  const alert = rule(before);
  await saveAlert(transaction, alert);
  return { alert, events: [await logEvent(transaction, { type: 'alert', alert })] };
}

/** Saves an alert inside a unit of work. */
export async function saveAlert(transaction: HubTransaction, alert: Alert): Promise<void> {
  const row = {
    state: alert.state,
    subject: alert.subject ?? null,
    opened_at: alert.openedAt,
    next_step_at: alert.state === 'open' ? (alert.nextStepAt ?? null) : null,
    decided_at: alert.decidedAt,
    body: JSON.stringify(alert),
  };
  await transaction
    .insertInto('alert')
    .values({ id: alert.id, sighting_id: alert.sighting, site: alert.site, gate: alert.gate, ...row })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
    .execute();
}

/** One alert, inside or outside a unit of work. */
export async function findAlert(db: HubKysely | HubTransaction, id: string): Promise<Alert | undefined> {
  const row = await db.selectFrom('alert').select('body').where('id', '=', id).executeTakeFirst();
  return row && readAlert(row);
}

/** The newest alerts of a subject at a gate, by lens time: what a cooldown looks at. */
export async function findAlertsOfSubject(
  transaction: HubTransaction,
  { site, gate, subject }: { site: string; gate: string; subject: string },
): Promise<Alert[]> {
  const rows = await transaction
    .selectFrom('alert')
    .select('body')
    .where('subject', '=', subject)
    .where('gate', '=', gate)
    .where('site', '=', site)
    .orderBy('decided_at', 'desc')
    .limit(20)
    .execute();
  return rows.map(readAlert);
}

/** The newest alerts of a gate, opened since an instant and not dealt with yet: what a storm and a moment are measured by. */
export async function findAlertsAtGate(
  transaction: HubTransaction,
  { site, gate, since }: { site: string; gate: string; since: string },
): Promise<Alert[]> {
  const rows = await transaction
    .selectFrom('alert')
    .select('body')
    .where('gate', '=', gate)
    .where('site', '=', site)
    .where('opened_at', '>=', since)
    .where('state', 'in', ['open', 'acknowledged'])
    .orderBy('opened_at', 'desc')
    .limit(100)
    .execute();
  return rows.map(readAlert);
}

/** A row as the API gives it. */
export function readAlert({ body }: { body: string }): Alert {
  return alertSchema.parse(JSON.parse(body));
}

import type { Duty } from '../contract/api.ts';
import type { DutyChange, DutyStore } from '../roster/duty-store.ts';
import type { HubKysely, HubTransaction } from './hub-database.ts';
import { logEvent } from './sql-event-log.ts';
import { inTransaction } from './transaction.ts';

/** The roster in the database. */
export class SqlDutyStore implements DutyStore {
  readonly #db: HubKysely;

  constructor(db: HubKysely) {
    this.#db = db;
  }

  current(): Promise<Duty[]> {
    return readDuties(this.#db);
  }

  change(rule: (duties: Duty[]) => Duty[], at: string): Promise<DutyChange> {
    return inTransaction(this.#db, async (transaction) => {
      const before = await readDuties(transaction);
      const duties = rule(before);
      for (const ended of before.filter((duty) => !duties.includes(duty))) await end(transaction, ended, at);
      for (const started of duties.filter((duty) => !before.includes(duty)))
        await start(transaction, started);
      return { duties, events: [await logEvent(transaction, { type: 'duty', duty: duties })] };
    });
  }
}

async function readDuties(db: HubKysely | HubTransaction): Promise<Duty[]> {
  const rows = await db.selectFrom('duty').selectAll().orderBy('since').orderBy('person').execute();
  return rows.map(({ person, display_name, gate, since }) => ({
    person,
    displayName: display_name,
    gate,
    since,
  }));
}

async function end(transaction: HubTransaction, duty: Duty, until: string): Promise<void> {
  await transaction.deleteFrom('duty').where('person', '=', duty.person).execute();
  await transaction
    .insertInto('shift')
    .values({ ...toRow(duty), until })
    .execute();
}

async function start(transaction: HubTransaction, duty: Duty): Promise<void> {
  await transaction.insertInto('duty').values(toRow(duty)).execute();
}

function toRow({ person, displayName, gate, since }: Duty) {
  return { person, display_name: displayName, gate, since };
}

import type { AccountStore, StoredPerson, StoredSession } from '../accounts/account-store.ts';
import { type Person, person as personSchema } from '../contract/api.ts';
import type { HubDatabase, HubKysely, HubTransaction } from './hub-database.ts';
import { inTransaction } from './transaction.ts';

type PersonRow = HubDatabase['person'];

const personColumns = ['id', 'username', 'display_name', 'role', 'created_at', 'disabled_at'] as const;

/** People and their sessions in the database. */
export class SqlAccountStore implements AccountStore {
  readonly #db: HubKysely;

  constructor(db: HubKysely) {
    this.#db = db;
  }

  async addPerson(person: StoredPerson): Promise<'added' | 'username_taken'> {
    return inTransaction(this.#db, async (transaction) => {
      const result = await transaction
        .insertInto('person')
        .values({
          id: person.id,
          username: person.username,
          display_name: person.displayName,
          role: person.role,
          password_hash: person.passwordHash,
          created_at: person.createdAt,
          disabled_at: person.disabledAt ?? null,
        })
        .onConflict((conflict) => conflict.column('username').doNothing())
        .executeTakeFirst();
      return result.numInsertedOrUpdatedRows === 1n ? 'added' : 'username_taken';
    });
  }

  async findPersonByUsername(username: string): Promise<StoredPerson | undefined> {
    const row = await this.#db
      .selectFrom('person')
      .selectAll()
      .where('username', '=', username)
      .executeTakeFirst();
    return row && { ...readPerson(row), passwordHash: row.password_hash };
  }

  async findPerson(id: string): Promise<Person | undefined> {
    const row = await this.#db
      .selectFrom('person')
      .select(personColumns)
      .where('id', '=', id)
      .executeTakeFirst();
    return row && readPerson(row);
  }

  async listPeople(): Promise<Person[]> {
    const rows = await this.#db.selectFrom('person').select(personColumns).orderBy('username').execute();
    return rows.map(readPerson);
  }

  disablePerson(id: string, at: string): Promise<'disabled' | 'unknown' | 'last_admin'> {
    return inTransaction(this.#db, async (transaction) => {
      const row = await transaction.selectFrom('person').select('id').where('id', '=', id).executeTakeFirst();
      if (!row) return 'unknown';
      if (await isLastAdmin(transaction, id)) return 'last_admin';
      await transaction
        .updateTable('person')
        .set({ disabled_at: at })
        .where('id', '=', id)
        .where('disabled_at', 'is', null)
        .execute();
      await transaction.deleteFrom('session').where('person', '=', id).execute();
      return 'disabled';
    });
  }

  enablePerson(id: string): Promise<'enabled' | 'unknown'> {
    return inTransaction(this.#db, async (transaction) => {
      const result = await transaction
        .updateTable('person')
        .set({ disabled_at: null })
        .where('id', '=', id)
        .executeTakeFirst();
      return result.numUpdatedRows === 1n ? 'enabled' : 'unknown';
    });
  }

  async addSession(session: StoredSession): Promise<void> {
    await inTransaction(this.#db, (transaction) =>
      transaction
        .insertInto('session')
        .values({
          token_hash: session.tokenHash,
          person: session.person,
          created_at: session.createdAt,
          expires_at: session.expiresAt,
        })
        .execute(),
    );
  }

  async findSession(tokenHash: string): Promise<{ session: StoredSession; person: Person } | undefined> {
    const row = await this.#db
      .selectFrom('session')
      .innerJoin('person', 'person.id', 'session.person')
      .select(['session.created_at as session_created_at', 'session.expires_at'])
      .select(personColumns.map((column) => `person.${column}` as const))
      .where('token_hash', '=', tokenHash)
      .executeTakeFirst();
    if (!row) return undefined;
    const { session_created_at: createdAt, expires_at: expiresAt } = row;
    return { session: { tokenHash, person: row.id, createdAt, expiresAt }, person: readPerson(row) };
  }

  async renewSession(tokenHash: string, expiresAt: string): Promise<void> {
    await inTransaction(this.#db, (transaction) =>
      transaction
        .updateTable('session')
        .set({ expires_at: expiresAt })
        .where('token_hash', '=', tokenHash)
        .execute(),
    );
  }

  async removeSession(tokenHash: string): Promise<void> {
    await this.#db.deleteFrom('session').where('token_hash', '=', tokenHash).execute();
  }

  async removeSessionsExpiredBy(now: string): Promise<number> {
    const result = await this.#db.deleteFrom('session').where('expires_at', '<=', now).executeTakeFirst();
    return Number(result.numDeletedRows);
  }
}

async function isLastAdmin(transaction: HubTransaction, id: string): Promise<boolean> {
  const admins = await transaction
    .selectFrom('person')
    .select('id')
    .where('role', '=', 'admin')
    .where('disabled_at', 'is', null)
    .execute();
  return admins.length === 1 && admins[0].id === id;
}

function readPerson(row: Pick<PersonRow, (typeof personColumns)[number]>): Person {
  return personSchema.parse({
    id: row.id,
    username: row.username,
    displayName: row.display_name,
    role: row.role,
    createdAt: row.created_at,
    disabledAt: row.disabled_at ?? undefined,
  });
}

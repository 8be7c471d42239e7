import type { Selectable } from 'kysely';
import type { AccountStore, PersonUpdate, StoredPerson, StoredSession } from '../accounts/account-store.ts';
import { type Person, person as personSchema } from '../contract/api.ts';
import type { HubDatabase, HubKysely, HubTransaction } from './hub-database.ts';
import { inTransaction } from './transaction.ts';

type PersonRow = HubDatabase['person'];

const personColumns = [
  'id',
  'username',
  'display_name',
  'role',
  'created_at',
  'disabled_at',
  'gates',
  'ends_at',
  'must_change_password',
  'totp_since',
] as const;

const sessionColumns = [
  'session.token_hash',
  'session.person',
  'session.created_at as begun_at',
  'session.expires_at',
  'session.last_seen_at',
  'session.address',
  'session.browser',
  'device.id as device_id',
  'device.name as device_name',
  'device.gate as device_gate',
] as const;

interface SessionRow {
  token_hash: string;
  person: string;
  begun_at: string;
  expires_at: string;
  last_seen_at: string | null;
  address: string | null;
  browser: string | null;
  device_id: string | null;
  device_name: string | null;
  device_gate: string | null;
}

type SessionOfPerson = SessionRow & Pick<Selectable<PersonRow>, (typeof personColumns)[number]>;

/** People and their sessions in the database. */
export class SqlAccountStore implements AccountStore {
  readonly #db: HubKysely;
  readonly #sessionSql: string;

  constructor(db: HubKysely) {
    this.#db = db;
    this.#sessionSql = this.#writeSessionSql();
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
          gates: person.gates ? JSON.stringify(person.gates) : null,
          ends_at: person.endsAt ?? null,
          must_change_password: person.mustChangePassword ? 1 : 0,
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

  async passwordHashOf(id: string): Promise<string | undefined> {
    const row = await this.#db
      .selectFrom('person')
      .select('password_hash')
      .where('id', '=', id)
      .executeTakeFirst();
    return row?.password_hash;
  }

  async listPeople(): Promise<Person[]> {
    const rows = await this.#db.selectFrom('person').select(personColumns).orderBy('username').execute();
    return rows.map(readPerson);
  }

  updatePerson(
    id: string,
    { displayName, role, gates, endsAt }: PersonUpdate,
  ): Promise<'changed' | 'unknown' | 'last_admin'> {
    return inTransaction(this.#db, async (transaction) => {
      const narrows =
        (role !== undefined && role !== 'admin') || Array.isArray(gates) || typeof endsAt === 'string';
      if (narrows && (await isLastAdmin(transaction, id))) return 'last_admin';
      const result = await transaction
        .updateTable('person')
        .set({
          ...(displayName !== undefined && { display_name: displayName }),
          ...(role !== undefined && { role }),
          ...(gates !== undefined && { gates: gates && JSON.stringify(gates) }),
          ...(endsAt !== undefined && { ends_at: endsAt }),
        })
        .where('id', '=', id)
        .executeTakeFirst();
      return result.numUpdatedRows === 1n ? 'changed' : 'unknown';
    });
  }

  setPassword(
    id: string,
    { hash, mustChange }: { hash: string; mustChange: boolean },
    exceptSession = '',
  ): Promise<'changed' | 'unknown'> {
    return inTransaction(this.#db, async (transaction) => {
      const result = await transaction
        .updateTable('person')
        .set({ password_hash: hash, must_change_password: mustChange ? 1 : 0 })
        .where('id', '=', id)
        .executeTakeFirst();
      await removeSessionsBut(transaction, id, exceptSession);
      return result.numUpdatedRows === 1n ? 'changed' : 'unknown';
    });
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
          last_seen_at: session.lastSeenAt,
          address: session.address ?? null,
          browser: session.browser ?? null,
          device: session.device?.id ?? null,
        })
        .execute(),
    );
  }

  async findSession(tokenHash: string): Promise<{ session: StoredSession; person: Person } | undefined> {
    const row = await this.#db.read((raw) => raw.get<SessionOfPerson>(this.#sessionSql, [tokenHash]));
    return row && { session: readSession(row), person: readPerson(row) };
  }

  /** Every request asks: written once. */
  #writeSessionSql(): string {
    return this.#db
      .selectFrom('session')
      .innerJoin('person', 'person.id', 'session.person')
      .leftJoin('device', 'device.id', 'session.device')
      .select(sessionColumns)
      .select(personColumns.map((column) => `person.${column}` as const))
      .where('session.token_hash', '=', '')
      .compile().sql;
  }

  async sessionsOf(person: string): Promise<StoredSession[]> {
    const rows = await this.#db
      .selectFrom('session')
      .leftJoin('device', 'device.id', 'session.device')
      .select(sessionColumns)
      .where('session.person', '=', person)
      .orderBy('session.last_seen_at', 'desc')
      .orderBy('session.token_hash')
      .execute();
    return rows.map(readSession);
  }

  async renewSession(tokenHash: string, expiresAt: string, lastSeenAt: string): Promise<void> {
    await inTransaction(this.#db, (transaction) =>
      transaction
        .updateTable('session')
        .set({ expires_at: expiresAt, last_seen_at: lastSeenAt })
        .where('token_hash', '=', tokenHash)
        .execute(),
    );
  }

  async removeSessionOf(person: string, tokenHash: string): Promise<boolean> {
    const result = await this.#db
      .deleteFrom('session')
      .where('token_hash', '=', tokenHash)
      .where('person', '=', person)
      .executeTakeFirst();
    return result.numDeletedRows === 1n;
  }

  removeSessionsOf(person: string, except = ''): Promise<number> {
    return inTransaction(this.#db, (transaction) => removeSessionsBut(transaction, person, except));
  }

  async removeSession(tokenHash: string): Promise<void> {
    await this.#db.deleteFrom('session').where('token_hash', '=', tokenHash).execute();
  }

  async removeSessionsExpiredBy(now: string): Promise<number> {
    const result = await this.#db.deleteFrom('session').where('expires_at', '<=', now).executeTakeFirst();
    return Number(result.numDeletedRows);
  }
}

async function removeSessionsBut(
  transaction: HubTransaction,
  person: string,
  except: string,
): Promise<number> {
  const result = await transaction
    .deleteFrom('session')
    .where('person', '=', person)
    .where('token_hash', '!=', except)
    .executeTakeFirst();
  return Number(result.numDeletedRows);
}

/** Whoever could not give accounts for ever, to everywhere, does not count. */
async function isLastAdmin(transaction: HubTransaction, id: string): Promise<boolean> {
  const admins = await transaction
    .selectFrom('person')
    .select('id')
    .where('role', '=', 'admin')
    .where('disabled_at', 'is', null)
    .where('gates', 'is', null)
    .where('ends_at', 'is', null)
    .execute();
  return admins.length === 1 && admins[0].id === id;
}

function readPerson(row: Pick<Selectable<PersonRow>, (typeof personColumns)[number]>): Person {
  return personSchema.parse({
    id: row.id,
    username: row.username,
    displayName: row.display_name,
    role: row.role,
    createdAt: row.created_at,
    disabledAt: row.disabled_at ?? undefined,
    gates: row.gates === null ? undefined : JSON.parse(row.gates),
    endsAt: row.ends_at ?? undefined,
    secondFactorSince: row.totp_since ?? undefined,
    mustChangePassword: row.must_change_password === 1 || undefined,
  });
}

function readSession(row: SessionRow): StoredSession {
  const { device_id: id, device_name: deviceName, device_gate: gate } = row;
  return {
    tokenHash: row.token_hash,
    person: row.person,
    createdAt: row.begun_at,
    expiresAt: row.expires_at,
    // Sessions from before this was kept.
    lastSeenAt: row.last_seen_at ?? row.begun_at,
    address: row.address ?? undefined,
    browser: row.browser ?? undefined,
    device: id !== null && deviceName !== null && gate !== null ? { id, name: deviceName, gate } : undefined,
  };
}

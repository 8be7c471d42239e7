import type { Person } from '../contract/api.ts';

/** A person as stored: what the API shows, and the argon2id hash (PHC string) that it never shows. */
export interface StoredPerson extends Person {
  passwordHash: string;
}

/** A session as stored: the token itself is only in the cookie. Instants are ISO 8601 UTC. */
export interface StoredSession {
  /** Lower-case hex SHA-256 of the token. */
  tokenHash: string;
  person: string;
  createdAt: string;
  expiresAt: string;
}

/** Where people and sessions are kept; each call is one whole unit of work. */
export interface AccountStore {
  addPerson(person: StoredPerson): Promise<'added' | 'username_taken'>;
  findPersonByUsername(username: string): Promise<StoredPerson | undefined>;
  findPerson(id: string): Promise<Person | undefined>;
  /** By username. */
  listPeople(): Promise<Person[]>;
  /** Ends the person's sessions in the same transaction; the last active admin is left alone. */
  disablePerson(id: string, at: string): Promise<'disabled' | 'unknown' | 'last_admin'>;
  enablePerson(id: string): Promise<'enabled' | 'unknown'>;

  addSession(session: StoredSession): Promise<void>;
  findSession(tokenHash: string): Promise<{ session: StoredSession; person: Person } | undefined>;
  renewSession(tokenHash: string, expiresAt: string): Promise<void>;
  removeSession(tokenHash: string): Promise<void>;
  /** How many were removed. */
  removeSessionsExpiredBy(now: string): Promise<number>;
}

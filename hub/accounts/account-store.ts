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
  /** To about a minute. */
  lastSeenAt: string;
  address?: string;
  /** Browser and system, as far as they told. */
  browser?: string;
  /** The paired tablet it was begun on. */
  device?: SessionDevice;
}

/** The paired tablet behind a session. */
export interface SessionDevice {
  id: string;
  name: string;
  gate: string;
}

/** What an admin changes; a field that is absent stays. */
export interface PersonUpdate {
  displayName?: string;
  role?: Person['role'];
  /** Null for the whole site. */
  gates?: string[] | null;
  /** ISO 8601 UTC; null for an account without an end. */
  endsAt?: string | null;
}

/** Where people and sessions are kept; each call is one whole unit of work. */
export interface AccountStore {
  addPerson(person: StoredPerson): Promise<'added' | 'username_taken'>;
  findPersonByUsername(username: string): Promise<StoredPerson | undefined>;
  findPerson(id: string): Promise<Person | undefined>;
  passwordHashOf(id: string): Promise<string | undefined>;
  /** By username. */
  listPeople(): Promise<Person[]>;
  /** The last active admin stays one. */
  updatePerson(id: string, update: PersonUpdate): Promise<'changed' | 'unknown' | 'last_admin'>;
  /** Ends the person's sessions in the same transaction; the last active admin is left alone. */
  disablePerson(id: string, at: string): Promise<'disabled' | 'unknown' | 'last_admin'>;
  enablePerson(id: string): Promise<'enabled' | 'unknown'>;
  /** Ends the person's sessions in the same transaction, but for the one named by its token's hash. */
  setPassword(
    id: string,
    password: { hash: string; mustChange: boolean },
    exceptSession?: string,
  ): Promise<'changed' | 'unknown'>;

  addSession(session: StoredSession): Promise<void>;
  findSession(tokenHash: string): Promise<{ session: StoredSession; person: Person } | undefined>;
  /** Newest use first. */
  sessionsOf(person: string): Promise<StoredSession[]>;
  renewSession(tokenHash: string, expiresAt: string, lastSeenAt: string): Promise<void>;
  removeSession(tokenHash: string): Promise<void>;
  /** Only when it is the person's own; false when there is none. */
  removeSessionOf(person: string, tokenHash: string): Promise<boolean>;
  /** How many were removed; the one named by its token's hash is kept. */
  removeSessionsOf(person: string, except?: string): Promise<number>;
  /** How many were removed. */
  removeSessionsExpiredBy(now: string): Promise<number>;
}

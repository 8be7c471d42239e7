import type { z } from 'zod';
import { type Clock, toInstant } from '../clock.ts';
import type { logIn, newPerson, Person } from '../contract/api.ts';
import { newId } from '../contract/ids.ts';
import { HubError } from '../errors.ts';
import type { AccountStore } from './account-store.ts';
import type { LogInThrottle } from './log-in-throttle.ts';
import { hashPassword, passwordMatches } from './passwords.ts';
import { hashSessionToken, newSessionToken } from './session-token.ts';

const hourMs = 3_600_000;
/** A session ends this long after it was last used: one shift. */
const idleMs = 12 * hourMs;
/** A session ends this long after log-in, however much it is used. */
const longestMs = 7 * 24 * hourMs;
/** The end slides in steps, so that not every request writes. */
const slideStepMs = 60_000;

/** Who is asking, as known from the cookie. */
export interface CurrentSession {
  /** SHA-256 of the token; names the session without being able to use it. */
  tokenHash: string;
  person: Person;
  /** ISO 8601 UTC. */
  expiresAt: string;
}

/** A wrong log-in; names the person only when the username exists, because people type passwords into the wrong field. */
export interface RefusedLogIn {
  refused: HubError;
  person?: Person;
}

/** People and their sessions. Passwords are kept as argon2id, session tokens as SHA-256; neither can be read back. */
export class Accounts {
  readonly #store: AccountStore;
  readonly #throttle: LogInThrottle;
  readonly #clock: Clock;

  constructor(store: AccountStore, throttle: LogInThrottle, clock: Clock) {
    this.#store = store;
    this.#throttle = throttle;
    this.#clock = clock;
  }

  /** An unknown username, a wrong password and a disabled person are refused alike, after the same work. */
  async logIn(
    { username, password }: z.infer<typeof logIn>,
    address: string,
  ): Promise<{ token: string; session: CurrentSession } | RefusedLogIn> {
    const waitSeconds = this.#throttle.admit(username, address, this.#clock.now());
    if (waitSeconds > 0) {
      return { refused: new HubError('LOG_IN_THROTTLED', undefined, { details: { waitSeconds } }) };
    }

    const stored = await this.#store.findPersonByUsername(username);
    const matches = await passwordMatches(stored?.passwordHash, password);
    const person = stored && withoutHash(stored);
    if (!matches || !person || person.disabledAt) return { refused: new HubError('LOG_IN_REFUSED'), person };

    this.#throttle.forgive(username, address);
    const token = newSessionToken();
    const createdAt = this.#clock.now();
    const session = {
      tokenHash: hashSessionToken(token),
      person: person.id,
      createdAt: toInstant(createdAt),
      expiresAt: toInstant(createdAt + idleMs),
    };
    await this.#store.addSession(session);
    return { token, session: { tokenHash: session.tokenHash, person, expiresAt: session.expiresAt } };
  }

  /** Undefined when the token is unknown, has expired, or its person is disabled. Use extends the session. */
  async authenticate(token: string): Promise<(CurrentSession & { renewed: boolean }) | undefined> {
    const current = await this.#findSession(hashSessionToken(token));
    if (!current) return undefined;

    const { createdAt, ...session } = current;
    const expiresAt = Math.min(this.#clock.now() + idleMs, Date.parse(createdAt) + longestMs);
    if (expiresAt - Date.parse(session.expiresAt) < slideStepMs) return { ...session, renewed: false };
    await this.#store.renewSession(session.tokenHash, toInstant(expiresAt));
    return { ...session, expiresAt: toInstant(expiresAt), renewed: true };
  }

  /** Looks without extending: an open stream alone does not keep anyone logged in. */
  async isLive(tokenHash: string): Promise<boolean> {
    return (await this.#findSession(tokenHash)) !== undefined;
  }

  async logOut(tokenHash: string): Promise<void> {
    await this.#store.removeSession(tokenHash);
  }

  async addPerson(person: z.infer<typeof newPerson>): Promise<Person> {
    const { password, ...shown } = person;
    const added: Person = { ...shown, id: newId(this.#clock.now()), createdAt: toInstant(this.#clock.now()) };
    const result = await this.#store.addPerson({ ...added, passwordHash: await hashPassword(password) });
    if (result === 'username_taken') throw new HubError('USERNAME_TAKEN');
    return added;
  }

  listPeople(): Promise<Person[]> {
    return this.#store.listPeople();
  }

  /** Disabling ends the person's sessions in the same transaction. */
  async setDisabled(id: string, disabled: boolean): Promise<Person> {
    const result = disabled
      ? await this.#store.disablePerson(id, toInstant(this.#clock.now()))
      : await this.#store.enablePerson(id);
    if (result === 'last_admin') throw new HubError('LAST_ADMIN');
    const person = await this.#store.findPerson(id);
    if (result === 'unknown' || !person) throw new HubError('PERSON_UNKNOWN');
    return person;
  }

  /** How many sessions had run out and were removed. */
  removeExpiredSessions(): Promise<number> {
    return this.#store.removeSessionsExpiredBy(toInstant(this.#clock.now()));
  }

  async #findSession(tokenHash: string) {
    const found = await this.#store.findSession(tokenHash);
    if (!found || found.person.disabledAt) return undefined;
    const { createdAt, expiresAt } = found.session;
    if (Date.parse(expiresAt) <= this.#clock.now()) return undefined;
    return { tokenHash, person: found.person, createdAt, expiresAt };
  }
}

function withoutHash<T extends { passwordHash: string }>({ passwordHash: _, ...person }: T) {
  return person;
}

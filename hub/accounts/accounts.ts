import type { z } from 'zod';
import { type Clock, toInstant } from '../clock.ts';
import type { logIn, newPerson, OwnSession, Person, SessionNeed } from '../contract/api.ts';
import { newId } from '../contract/ids.ts';
import { HubError, type HubErrorCode } from '../errors.ts';
import { isActive, managing } from './access.ts';
import type { AccountStore, PersonUpdate, SessionDevice, StoredSession } from './account-store.ts';
import type { AuditTrail } from './audit-trail.ts';
import { failureMemoryMs, type LogInThrottle } from './log-in-throttle.ts';
import { hashPassword, passwordMatches } from './passwords.ts';
import { newReadableCode } from './readable-code.ts';
import type { SecondFactors } from './second-factors.ts';
import { hashSessionToken, newSessionToken } from './session-token.ts';
import { weaknessOf } from './weak-passwords.ts';

const hourMs = 3_600_000;
/** A session ends this long after it was last used: one shift. */
const idleMs = 12 * hourMs;
/** A session ends this long after log-in, however much it is used. */
const longestMs = 7 * 24 * hourMs;
/** The end slides in steps, so that not every request writes. */
const slideStepMs = 60_000;
/** Nearly 60 bits. */
const oneTimePasswordCharacters = 12;

/** Who is asking, as known from the cookie. */
export interface CurrentSession {
  /** SHA-256 of the token; names the session without being able to use it. */
  tokenHash: string;
  person: Person;
  /** ISO 8601 UTC. */
  expiresAt: string;
  /** What the person must do before anything else is answered. */
  needs?: SessionNeed;
  device?: SessionDevice;
}

/** A wrong log-in; names the person only when the username exists, because people type passwords into the wrong field. */
export interface RefusedLogIn {
  refused: HubError;
  person?: Person;
}

/** Where a log-in comes from. */
export interface Client {
  /** Network address. */
  address: string;
  /** Browser and system, as far as they told. */
  browser?: string;
  /** The paired tablet. */
  device?: SessionDevice;
}

/** What accounts are made of. */
export interface AccountParts {
  store: AccountStore;
  throttle: LogInThrottle;
  secondFactors: SecondFactors;
  /** Whether managers and admins must have a second factor before they do anything else. */
  requireSecondFactor: boolean;
  /** Whether guards log in on paired tablets only. */
  guardsOnlyOnPairedTablets: () => Promise<boolean>;
  /** Nobody's password contains it. */
  site: string;
  clock: Clock;
}

/** People and their sessions. Passwords are kept as argon2id, session tokens as SHA-256; neither can be read back. */
export class Accounts {
  readonly #parts: AccountParts;
  readonly #store: AccountStore;
  readonly #throttle: LogInThrottle;
  readonly #clock: Clock;

  constructor(parts: AccountParts) {
    this.#parts = parts;
    this.#store = parts.store;
    this.#throttle = parts.throttle;
    this.#clock = parts.clock;
  }

  /** Lock-outs outlast a restart: what the audit trail has of failures within the memory of the throttle. */
  async recallFailures(trail: Pick<AuditTrail, 'failedLogInsSince'>): Promise<void> {
    const since = toInstant(this.#clock.now() - failureMemoryMs);
    for (const { person, count, lastAt } of await trail.failedLogInsSince(since)) {
      const known = await this.#store.findPerson(person);
      if (known) this.#throttle.recall(known.username, count, Date.parse(lastAt));
    }
  }

  /** An unknown username, a wrong password and a disabled person are refused alike, after the same work. */
  async logIn(
    { username, password, code }: z.infer<typeof logIn>,
    client: Client,
  ): Promise<{ token: string; session: CurrentSession; usedRecoveryCode: boolean } | RefusedLogIn> {
    const { address } = client;
    const waitSeconds = this.#throttle.admit(username, address, this.#clock.now());
    if (waitSeconds > 0) {
      return { refused: new HubError('LOG_IN_THROTTLED', undefined, { details: { waitSeconds } }) };
    }

    const stored = await this.#store.findPersonByUsername(username);
    const matches = await passwordMatches(stored?.passwordHash, password);
    const person = stored && withoutHash(stored);
    if (!matches || !person || person.disabledAt) return refusal('LOG_IN_REFUSED', person);
    // Who knows the password may know why it opens nothing.
    if (!isActive(person, this.#clock.now())) return refusal('ACCOUNT_ENDED', person);
    if (await this.#isAwayFromTablet(person, client)) {
      this.#throttle.giveBack(username, address);
      return refusal('TABLET_NOT_PAIRED', person);
    }
    if (person.secondFactorSince && code === undefined) {
      this.#throttle.giveBack(username, address);
      return refusal('SECOND_FACTOR_NEEDED', person);
    }
    const accepted = person.secondFactorSince
      ? await this.#parts.secondFactors.accept(person.id, code!)
      : 'nothing';
    if (!accepted) return refusal('CODE_REFUSED', person);

    this.#throttle.forgive(username, address);
    const begun = await this.#beginSession(person, client);
    return { ...begun, usedRecoveryCode: accepted === 'recovery_code' };
  }

  /** Undefined when the token is unknown, has expired, or its person is disabled or has left. Use extends the session. */
  async authenticate(token: string): Promise<(CurrentSession & { renewed: boolean }) | undefined> {
    const found = await this.#findSession(hashSessionToken(token));
    if (!found) return undefined;

    const { session, person } = found;
    const current = this.#describe(session, person);
    const now = this.#clock.now();
    if (now - Date.parse(session.lastSeenAt) < slideStepMs) return { ...current, renewed: false };
    const expiresAt = toInstant(Math.min(now + idleMs, Date.parse(session.createdAt) + longestMs));
    await this.#store.renewSession(session.tokenHash, expiresAt, toInstant(now));
    return { ...current, expiresAt, renewed: true };
  }

  /** The session as it is now, e.g. after a password was changed; undefined when it has ended. */
  async read(tokenHash: string): Promise<CurrentSession | undefined> {
    const found = await this.#findSession(tokenHash);
    return found && this.#describe(found.session, found.person);
  }

  /** Looks without extending: an open stream alone does not keep anyone logged in. */
  async isLive(tokenHash: string): Promise<boolean> {
    return (await this.#findSession(tokenHash)) !== undefined;
  }

  async logOut(tokenHash: string): Promise<void> {
    await this.#store.removeSession(tokenHash);
  }

  /** Where a person is logged in, newest use first. */
  async sessionsOf({ person, tokenHash }: CurrentSession): Promise<OwnSession[]> {
    const kept = await this.#store.sessionsOf(person.id);
    return kept
      .filter(({ expiresAt }) => Date.parse(expiresAt) > this.#clock.now())
      .map(({ tokenHash: id, createdAt, lastSeenAt, expiresAt, address, browser, device }) => ({
        id,
        isThis: id === tokenHash,
        createdAt,
        lastSeenAt,
        expiresAt,
        address,
        browser,
        device: device?.name,
      }));
  }

  /** Ends one session of the person. Refused with SESSION_UNKNOWN when it is not theirs. */
  async endSession(person: string, id: string): Promise<void> {
    if (!(await this.#store.removeSessionOf(person, id))) throw new HubError('SESSION_UNKNOWN');
  }

  /** Logs a person out everywhere; gives how many sessions ended. */
  async endSessions(person: string): Promise<number> {
    if (!(await this.#store.findPerson(person))) throw new HubError('PERSON_UNKNOWN');
    return this.#store.removeSessionsOf(person);
  }

  /** `mustChangePassword`: the first log-in asks for another one. Refused with PASSWORD_TOO_WEAK. */
  async addPerson(
    person: z.infer<typeof newPerson>,
    { mustChangePassword = false }: { mustChangePassword?: boolean } = {},
  ): Promise<Person> {
    const { password, ...shown } = person;
    this.#requireStrong(password, person);
    const added: Person = {
      ...shown,
      id: newId(this.#clock.now()),
      createdAt: toInstant(this.#clock.now()),
      ...(mustChangePassword && { mustChangePassword }),
    };
    const result = await this.#store.addPerson({ ...added, passwordHash: await hashPassword(password) });
    if (result === 'username_taken') throw new HubError('USERNAME_TAKEN');
    return added;
  }

  listPeople(): Promise<Person[]> {
    return this.#store.listPeople();
  }

  /** Refused with LAST_ADMIN when nobody could give accounts afterwards. */
  async changePerson(id: string, update: PersonUpdate): Promise<Person> {
    const result = await this.#store.updatePerson(id, update);
    if (result === 'last_admin') throw new HubError('LAST_ADMIN');
    return this.#personOf(result === 'unknown' ? undefined : id);
  }

  /** Disabling ends the person's sessions in the same transaction. */
  async setDisabled(id: string, disabled: boolean): Promise<Person> {
    const result = disabled
      ? await this.#store.disablePerson(id, toInstant(this.#clock.now()))
      : await this.#store.enablePerson(id);
    if (result === 'last_admin') throw new HubError('LAST_ADMIN');
    return this.#personOf(result === 'unknown' ? undefined : id);
  }

  /** A person's own change: needs the current password, ends the other sessions. */
  async changePassword(
    { person, tokenHash }: CurrentSession,
    { current, next }: { current: string; next: string },
    address: string,
  ): Promise<void> {
    await this.throttled(person, address, () => this.requirePassword(person, current));
    this.#requireStrong(next, person);
    if (next === current) throw new HubError('PASSWORD_TOO_WEAK', undefined, { details: { why: 'same' } });
    await this.#store.setPassword(
      person.id,
      { hash: await hashPassword(next), mustChange: false },
      tokenHash,
    );
  }

  /** Refuses with PASSWORD_REFUSED what is not the person's password. Only within `throttled`. */
  async requirePassword({ id }: Person, password: string): Promise<void> {
    if (!(await passwordMatches(await this.#store.passwordHashOf(id), password))) {
      throw new HubError('PASSWORD_REFUSED');
    }
  }

  /** A password that must be changed at the next log-in, told here and never again; ends every session. */
  async resetPassword(id: string): Promise<string> {
    const password = newReadableCode(oneTimePasswordCharacters);
    const hash = await hashPassword(password);
    const result = await this.#store.setPassword(id, { hash, mustChange: true });
    if (result === 'unknown') throw new HubError('PERSON_UNKNOWN');
    const { username } = await this.#personOf(id);
    this.#throttle.forgiveAccount(username);
    return password;
  }

  /** The account and the address wait after failures of `attempt` as they do at the log-in. */
  async throttled<T>({ username }: Person, address: string, attempt: () => Promise<T>): Promise<T> {
    const waitSeconds = this.#throttle.admit(username, address, this.#clock.now());
    if (waitSeconds > 0) throw new HubError('LOG_IN_THROTTLED', undefined, { details: { waitSeconds } });
    const result = await attempt();
    this.#throttle.forgive(username, address);
    return result;
  }

  /** How many sessions had run out and were removed. */
  removeExpiredSessions(): Promise<number> {
    return this.#store.removeSessionsExpiredBy(toInstant(this.#clock.now()));
  }

  async #isAwayFromTablet({ role }: Person, { device }: Client): Promise<boolean> {
    return role === 'guard' && !device && (await this.#parts.guardsOnlyOnPairedTablets());
  }

  async #beginSession(
    person: Person,
    { address, browser, device }: Client,
  ): Promise<{ token: string; session: CurrentSession }> {
    const token = newSessionToken();
    const createdAt = this.#clock.now();
    const session: StoredSession = {
      tokenHash: hashSessionToken(token),
      person: person.id,
      createdAt: toInstant(createdAt),
      lastSeenAt: toInstant(createdAt),
      expiresAt: toInstant(createdAt + idleMs),
      address,
      browser,
      device,
    };
    await this.#store.addSession(session);
    return { token, session: this.#describe(session, person) };
  }

  #describe({ tokenHash, expiresAt, device }: StoredSession, person: Person): CurrentSession {
    return { tokenHash, person, expiresAt, device, needs: this.#needOf(person) };
  }

  #needOf({ role, mustChangePassword, secondFactorSince }: Person): SessionNeed | undefined {
    if (mustChangePassword) return 'new_password';
    const mustHaveOne = this.#parts.requireSecondFactor && (managing as readonly string[]).includes(role);
    return mustHaveOne && !secondFactorSince ? 'second_factor' : undefined;
  }

  #requireStrong(password: string, { username, displayName }: { username: string; displayName: string }) {
    const why = weaknessOf(password, { username, displayName, site: this.#parts.site });
    if (why) throw new HubError('PASSWORD_TOO_WEAK', undefined, { details: { why } });
  }

  async #personOf(id: string | undefined): Promise<Person> {
    const person = id === undefined ? undefined : await this.#store.findPerson(id);
    if (!person) throw new HubError('PERSON_UNKNOWN');
    return person;
  }

  async #findSession(tokenHash: string) {
    const found = await this.#store.findSession(tokenHash);
    if (!found || !isActive(found.person, this.#clock.now())) return undefined;
    return Date.parse(found.session.expiresAt) > this.#clock.now() ? found : undefined;
  }
}

function refusal(code: HubErrorCode, person: Person | undefined): RefusedLogIn {
  return { refused: new HubError(code), person };
}

function withoutHash<T extends { passwordHash: string }>({ passwordHash: _, ...person }: T) {
  return person;
}

import { type Clock, toInstant } from '../clock.ts';
import type { NewSecondFactor, Person } from '../contract/api.ts';
import { HubError } from '../errors.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import { hashReadableCode, newReadableCode } from './readable-code.ts';
import type { SecondFactorStore } from './second-factor-store.ts';
import { matchingStep, newTotpSecret, otpauthUri, toBase32 } from './totp.ts';

const recoveryCodeCount = 10;
/** Nearly 80 bits: too many to try, so that a fast hash is enough. */
const recoveryCodeCharacters = 16;

/** How a code was found right. */
export type AcceptedCode = 'code' | 'recovery_code';

/** Second factors: codes of an authenticator app (RFC 6238), and recovery codes for when it is not at hand. */
export class SecondFactors {
  readonly #store: SecondFactorStore;
  readonly #keys: KeyRing;
  readonly #issuer: string;
  readonly #clock: Clock;

  /** `issuer`: what the app shows beside the code. */
  constructor(store: SecondFactorStore, keys: KeyRing, issuer: string, clock: Clock) {
    this.#store = store;
    this.#keys = keys;
    this.#issuer = issuer;
    this.#clock = clock;
  }

  /** A secret that waits for its first code; asked again it is another one. Refused with SECOND_FACTOR_SET. */
  async begin({ id, username }: Person): Promise<NewSecondFactor> {
    const secret = newTotpSecret();
    if (!(await this.#store.begin(id, this.#keys.seal('totp', id, secret)))) {
      throw new HubError('SECOND_FACTOR_SET');
    }
    return { secret: toBase32(secret), uri: otpauthUri(secret, this.#issuer, username) };
  }

  /** The first code shows that the app has the secret. Gives the recovery codes, told here and never again. */
  async confirm(person: string, code: string, session: string): Promise<string[]> {
    const waiting = await this.#store.find(person);
    if (!waiting) throw new HubError('SECOND_FACTOR_NOT_BEGUN');
    if (waiting.since) throw new HubError('SECOND_FACTOR_SET');
    const step = matchingStep(this.#open(person, waiting.sealedSecret), code, this.#clock.now());
    if (step === undefined) throw new HubError('CODE_REFUSED');

    const codes = newRecoveryCodes();
    const use = { at: toInstant(this.#clock.now()), step, recoveryHashes: codes.map(hashReadableCode) };
    if (!(await this.#store.confirm(person, use, session))) throw new HubError('SECOND_FACTOR_NOT_BEGUN');
    return codes;
  }

  /** Takes a code of the app or a recovery code, each once; undefined when it is neither. */
  async accept(person: string, code: string): Promise<AcceptedCode | undefined> {
    const kept = await this.#store.find(person);
    if (!kept?.since) return undefined;
    if (!/^\d{6}$/.test(code)) {
      return (await this.#store.takeRecoveryCode(person, hashReadableCode(code)))
        ? 'recovery_code'
        : undefined;
    }
    const step = matchingStep(this.#open(person, kept.sealedSecret), code, this.#clock.now());
    return step !== undefined && (await this.#store.takeStep(person, step)) ? 'code' : undefined;
  }

  /** New recovery codes; the old ones open nothing any more. */
  async renewRecoveryCodes(person: string): Promise<string[]> {
    const codes = newRecoveryCodes();
    await this.#store.replaceRecoveryCodes(person, codes.map(hashReadableCode));
    return codes;
  }

  /** False when there was none. */
  remove(person: string): Promise<boolean> {
    return this.#store.remove(person);
  }

  #open(person: string, sealed: Uint8Array): Buffer {
    return this.#keys.open('totp', person, sealed);
  }
}

function newRecoveryCodes(): string[] {
  return Array.from({ length: recoveryCodeCount }, () => newReadableCode(recoveryCodeCharacters));
}

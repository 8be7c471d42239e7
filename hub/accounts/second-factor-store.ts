/** A second factor as stored. */
export interface StoredSecondFactor {
  /** Sealed by the hub's key. */
  sealedSecret: Uint8Array;
  /** ISO 8601 UTC; absent while it waits for its first code. */
  since?: string;
}

/** Where second factors are kept; each call is one whole unit of work. */
export interface SecondFactorStore {
  find(person: string): Promise<StoredSecondFactor | undefined>;
  /** Replaces one that waits for its first code; false when the person has one that is in use. */
  begin(person: string, sealedSecret: Uint8Array): Promise<boolean>;
  /** Puts into use what waits, with its recovery codes, and ends the person's other sessions. */
  confirm(
    person: string,
    use: { at: string; step: number; recoveryHashes: string[] },
    exceptSession: string,
  ): Promise<boolean>;
  /** Takes a step once and never one before it: false when it or a later one was taken. */
  takeStep(person: string, step: number): Promise<boolean>;
  /** Takes a recovery code once. */
  takeRecoveryCode(person: string, hash: string): Promise<boolean>;
  replaceRecoveryCodes(person: string, hashes: string[]): Promise<void>;
  /** With its recovery codes; false when there was none. */
  remove(person: string): Promise<boolean>;
}

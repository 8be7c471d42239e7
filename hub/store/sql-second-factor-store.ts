import type { SecondFactorStore, StoredSecondFactor } from '../accounts/second-factor-store.ts';
import type { HubKysely, HubTransaction } from './hub-database.ts';
import { inTransaction } from './transaction.ts';

/** Second factors in the database: on the row of their person, recovery codes beside it. */
export class SqlSecondFactorStore implements SecondFactorStore {
  readonly #db: HubKysely;

  constructor(db: HubKysely) {
    this.#db = db;
  }

  async find(person: string): Promise<StoredSecondFactor | undefined> {
    const row = await this.#db
      .selectFrom('person')
      .select(['totp_secret', 'totp_since'])
      .where('id', '=', person)
      .executeTakeFirst();
    if (!row?.totp_secret) return undefined;
    return { sealedSecret: row.totp_secret, since: row.totp_since ?? undefined };
  }

  begin(person: string, sealedSecret: Uint8Array): Promise<boolean> {
    return this.#change((transaction) =>
      transaction
        .updateTable('person')
        .set({ totp_secret: sealedSecret, totp_last_step: null })
        .where('id', '=', person)
        .where('totp_since', 'is', null)
        .executeTakeFirst(),
    );
  }

  confirm(
    person: string,
    { at, step, recoveryHashes }: { at: string; step: number; recoveryHashes: string[] },
    exceptSession: string,
  ): Promise<boolean> {
    return inTransaction(this.#db, async (transaction) => {
      const result = await transaction
        .updateTable('person')
        .set({ totp_since: at, totp_last_step: step })
        .where('id', '=', person)
        .where('totp_secret', 'is not', null)
        .where('totp_since', 'is', null)
        .executeTakeFirst();
      if (result.numUpdatedRows === 0n) return false;
      await saveRecoveryCodes(transaction, person, recoveryHashes);
      await transaction
        .deleteFrom('session')
        .where('person', '=', person)
        .where('token_hash', '!=', exceptSession)
        .execute();
      return true;
    });
  }

  takeStep(person: string, step: number): Promise<boolean> {
    return this.#change((transaction) =>
      transaction
        .updateTable('person')
        .set({ totp_last_step: step })
        .where('id', '=', person)
        .where(({ eb, or }) => or([eb('totp_last_step', 'is', null), eb('totp_last_step', '<', step)]))
        .executeTakeFirst(),
    );
  }

  async takeRecoveryCode(person: string, hash: string): Promise<boolean> {
    return inTransaction(this.#db, async (transaction) => {
      const result = await transaction
        .deleteFrom('recovery_code')
        .where('person', '=', person)
        .where('code_hash', '=', hash)
        .executeTakeFirst();
      return result.numDeletedRows === 1n;
    });
  }

  async replaceRecoveryCodes(person: string, hashes: string[]): Promise<void> {
    await inTransaction(this.#db, (transaction) => saveRecoveryCodes(transaction, person, hashes));
  }

  remove(person: string): Promise<boolean> {
    return inTransaction(this.#db, async (transaction) => {
      await saveRecoveryCodes(transaction, person, []);
      const result = await transaction
        .updateTable('person')
        .set({ totp_secret: null, totp_since: null, totp_last_step: null })
        .where('id', '=', person)
        .where('totp_since', 'is not', null)
        .executeTakeFirst();
      return result.numUpdatedRows === 1n;
    });
  }

  #change(work: (transaction: HubTransaction) => Promise<{ numUpdatedRows: bigint }>): Promise<boolean> {
    return inTransaction(this.#db, async (transaction) => (await work(transaction)).numUpdatedRows === 1n);
  }
}

async function saveRecoveryCodes(
  transaction: HubTransaction,
  person: string,
  hashes: string[],
): Promise<void> {
  await transaction.deleteFrom('recovery_code').where('person', '=', person).execute();
  if (hashes.length === 0) return;
  await transaction
    .insertInto('recovery_code')
    .values(hashes.map((code_hash) => ({ person, code_hash })))
    .execute();
}

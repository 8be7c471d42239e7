import type { Kysely } from 'kysely';

/** Accounts of volunteers and temporary staff end by themselves. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('person').addColumn('ends_at', 'text').execute();
}

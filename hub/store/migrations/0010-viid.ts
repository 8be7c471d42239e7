import type { Kysely } from 'kysely';

/** What waits to be sent to a platform of GA/T 1400, and how it ended. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('viid_item')
    .addColumn('sighting', 'text', (column) => column.primaryKey())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('attempts', 'integer', (column) => column.notNull())
    .addColumn('due_at', 'text', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('viid_item_by_due').on('viid_item').columns(['state', 'due_at']).execute();
}

import type { Kysely } from 'kysely';

/** What people say about sightings in place of what the lens saw; what the box said stays beside it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('correction')
    .addColumn('number', 'integer', (column) => column.primaryKey().autoIncrement())
    .addColumn('id', 'text', (column) => column.notNull().unique())
    .addColumn('sighting_id', 'text', (column) =>
      column.notNull().references('sighting.id').onDelete('cascade'),
    )
    .addColumn('body', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('correction_by_sighting')
    .on('correction')
    .columns(['sighting_id', 'number'])
    .execute();
  await db.schema.alterTable('sighting').addColumn('original', 'text').execute();
  await db.schema.alterTable('sighting').addColumn('corrected', 'text').execute();
}

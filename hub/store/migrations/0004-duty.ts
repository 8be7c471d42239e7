import type { Kysely } from 'kysely';

/** The planned roster, snoozes, gaps, hand-over notes, settings, escalation, and what the channels must tell. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('roster_item')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('site', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('person', 'text')
    .addColumn('from_at', 'text', (column) => column.notNull())
    .addColumn('until_at', 'text')
    .addColumn('body', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('roster_item_by_site')
    .on('roster_item')
    .columns(['site', 'kind', 'from_at'])
    .execute();

  await db.schema
    .createTable('duty_gap')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('site', 'text', (column) => column.notNull())
    .addColumn('gate', 'text', (column) => column.notNull())
    .addColumn('from_at', 'text', (column) => column.notNull())
    .addColumn('until_at', 'text')
    .addColumn('body', 'text', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('duty_gap_by_from').on('duty_gap').columns(['site', 'from_at']).execute();

  await db.schema
    .createTable('hand_over')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('gate', 'text', (column) => column.notNull())
    .addColumn('at', 'text', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('hand_over_by_gate').on('hand_over').columns(['gate', 'at']).execute();

  await db.schema
    .createTable('snooze')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('site', 'text', (column) => column.notNull())
    .addColumn('until_at', 'text', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('snooze_by_until').on('snooze').columns(['site', 'until_at']).execute();

  await db.schema
    .createTable('setting')
    .addColumn('site', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .addColumn('changed_by', 'text', (column) => column.notNull())
    .addColumn('changed_at', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('setting_key', ['site', 'name', 'version'])
    .execute();

  await db.schema.alterTable('alert').addColumn('next_step_at', 'text').execute();
  await db.schema.createIndex('alert_by_next_step').on('alert').columns(['next_step_at']).execute();

  // AUTOINCREMENT: the channels read on from the last id they took, also after the table was emptied.
  await db.schema
    .createTable('notice_request')
    .addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
    .addColumn('at', 'text', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .execute();
}

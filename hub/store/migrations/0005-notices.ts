import type { Kysely } from 'kysely';

/** Channels with their sealed secrets, browsers that subscribed, notices and every attempt to deliver them. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('channel')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('site', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .addColumn('sealed', 'blob')
    .addColumn('created_at', 'text', (column) => column.notNull())
    .execute();

  await db.schema
    .createTable('push_subscription')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('endpoint_hash', 'text', (column) => column.notNull().unique())
    .addColumn('person', 'text', (column) => column.notNull())
    .addColumn('language', 'text', (column) => column.notNull())
    .addColumn('sealed', 'blob', (column) => column.notNull())
    .addColumn('created_at', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('push_subscription_by_person')
    .on('push_subscription')
    .column('person')
    .execute();

  // One row: the last request that was expanded.
  await db.schema
    .createTable('notice_cursor')
    .addColumn('request', 'integer', (column) => column.notNull())
    .execute();

  await db.schema
    .createTable('notice')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('request', 'integer', (column) => column.notNull())
    .addColumn('site', 'text', (column) => column.notNull())
    .addColumn('channel', 'text', (column) => column.notNull())
    .addColumn('channel_kind', 'text', (column) => column.notNull())
    .addColumn('channel_name', 'text', (column) => column.notNull())
    .addColumn('target', 'text', (column) => column.notNull())
    .addColumn('person', 'text')
    .addColumn('about_kind', 'text', (column) => column.notNull())
    .addColumn('about', 'text', (column) => column.notNull())
    .addColumn('gate', 'text', (column) => column.notNull())
    .addColumn('stage', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('reason', 'text')
    .addColumn('detail', 'text')
    .addColumn('tried', 'integer', (column) => column.notNull())
    .addColumn('next_at', 'text', (column) => column.notNull())
    .addColumn('expires_at', 'text', (column) => column.notNull())
    .addColumn('created_at', 'text', (column) => column.notNull())
    .addUniqueConstraint('notice_once', ['request', 'channel', 'target'])
    .execute();
  await db.schema
    .createIndex('notice_by_due')
    .on('notice')
    .columns(['state', 'channel', 'next_at'])
    .execute();
  await db.schema.createIndex('notice_by_about').on('notice').columns(['about_kind', 'about']).execute();

  await db.schema
    .createTable('notice_attempt')
    .addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
    .addColumn('notice', 'text', (column) => column.notNull())
    .addColumn('channel', 'text', (column) => column.notNull())
    .addColumn('message', 'text', (column) => column.notNull())
    .addColumn('at', 'text', (column) => column.notNull())
    .addColumn('outcome', 'text', (column) => column.notNull())
    .addColumn('reason', 'text')
    .addColumn('detail', 'text')
    .addColumn('duration_ms', 'integer', (column) => column.notNull())
    .addColumn('together', 'integer', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('notice_attempt_by_notice').on('notice_attempt').column('notice').execute();
  await db.schema
    .createIndex('notice_attempt_by_channel')
    .on('notice_attempt')
    .columns(['channel', 'at'])
    .execute();
}

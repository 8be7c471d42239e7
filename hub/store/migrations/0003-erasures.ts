import type { Kysely } from 'kysely';

/** Who is to be forgotten under which names, by which boxes, what those replied, and which names are one person's. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('erasure')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('site', 'text', (column) => column.notNull())
    .addColumn('subject', 'text', (column) => column.notNull())
    .addColumn('reason', 'text', (column) => column.notNull())
    .addColumn('asked_by', 'text', (column) => column.notNull())
    .addColumn('asked_by_name', 'text', (column) => column.notNull())
    .addColumn('asked_at', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('erasure_name')
    .addColumn('site', 'text', (column) => column.notNull())
    .addColumn('subject', 'text', (column) => column.notNull())
    .addColumn('erasure', 'text', (column) => column.notNull().references('erasure.id'))
    .addPrimaryKeyConstraint('erasure_name_key', ['site', 'subject'])
    .execute();
  await db.schema.createIndex('erasure_name_by_erasure').on('erasure_name').column('erasure').execute();
  await db.schema
    .createTable('erasure_box')
    .addColumn('erasure', 'text', (column) => column.notNull().references('erasure.id'))
    .addColumn('box', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('erasure_box_key', ['erasure', 'box'])
    .execute();
  await db.schema
    .createTable('erasure_reply')
    .addColumn('erasure', 'text', (column) => column.notNull().references('erasure.id'))
    .addColumn('box', 'text', (column) => column.notNull())
    .addColumn('subject', 'text', (column) => column.notNull())
    .addColumn('at', 'text', (column) => column.notNull())
    .addColumn('templates', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('erasure_reply_key', ['erasure', 'box', 'subject'])
    .execute();
  await db.schema
    .createTable('subject_merge')
    .addColumn('site', 'text', (column) => column.notNull())
    .addColumn('subject', 'text', (column) => column.notNull())
    .addColumn('into_subject', 'text', (column) => column.notNull())
    .addColumn('at', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('subject_merge_key', ['site', 'subject'])
    .execute();
  await db.schema
    .createIndex('subject_merge_by_into')
    .on('subject_merge')
    .columns(['site', 'into_subject'])
    .execute();
}

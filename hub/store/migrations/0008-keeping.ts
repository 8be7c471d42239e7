import { type Kysely, sql } from 'kysely';

/** Where pictures lie, what retention removed, incidents under hold, and what an erasure removed beyond the templates. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('evidence_file')
    .addColumn('sha256', 'text', (column) => column.primaryKey())
    .addColumn('file', 'text', (column) => column.notNull().unique())
    .addColumn('bytes', 'integer', (column) => column.notNull())
    .addColumn('received_at', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('evidence_file_by_received_at')
    .on('evidence_file')
    .columns(['received_at', 'sha256', 'bytes'])
    .execute();
  await db.schema
    .createIndex('evidence_by_received_at')
    .on('evidence')
    .columns(['received_at', 'id'])
    .execute();
  // Files that no row names any more and that are still to be taken off the disk.
  await db.schema
    .createTable('evidence_removal')
    .addColumn('file', 'text', (column) => column.primaryKey())
    .execute();

  await db.schema
    .createIndex('sighting_by_received_at')
    .on('sighting')
    .columns(['received_at', 'id'])
    .execute();
  await db.schema.createIndex('sighting_by_alert_id').on('sighting').column('alert_id').execute();
  await sql`create index sighting_of_person on sighting (received_at, id) where kind = 'person' and subject is not null`.execute(
    db,
  );
  await db.schema
    .createTable('retention_run')
    .addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
    .addColumn('at', 'text', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .execute();

  await createHolds(db);
  await createErasureParts(db);
}

async function createHolds(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('legal_hold')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('site', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('about', 'text', (column) => column.notNull())
    .addColumn('reason', 'text', (column) => column.notNull())
    .addColumn('placed_by', 'text', (column) => column.notNull())
    .addColumn('placed_by_name', 'text', (column) => column.notNull())
    .addColumn('placed_at', 'text', (column) => column.notNull())
    .addColumn('until_at', 'text')
    .addColumn('ended_at', 'text')
    .addColumn('ended_by', 'text')
    .addColumn('ended_by_name', 'text')
    .addColumn('end_reason', 'text')
    .execute();
  await db.schema.createIndex('legal_hold_by_end').on('legal_hold').columns(['ended_at', 'about']).execute();
  // An incident is an alert with all sightings that it stands for, or a sighting that raised none.
  await sql`create view held_alert as
    select about as id from legal_hold where ended_at is null and kind = 'alert'
    union select sighting.alert_id from legal_hold join sighting on sighting.id = legal_hold.about
      where ended_at is null and legal_hold.kind = 'sighting' and sighting.alert_id is not null`.execute(db);
  await sql`create view held_sighting as
    select about as id from legal_hold where ended_at is null and kind = 'sighting'
    union select id from sighting where alert_id in (select id from held_alert)
    union select sighting_id from alert where id in (select id from held_alert)`.execute(db);
  await sql`create view held_picture as
    select distinct evidence.sha256 as sha256 from evidence
      join evidence_name on evidence_name.evidence_id = evidence.id
      where evidence_name.sighting_id in (select id from held_sighting)`.execute(db);
}

async function createErasureParts(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('erasure_state')
    .addColumn('erasure', 'text', (column) => column.primaryKey().references('erasure.id'))
    .addColumn('until_at', 'text', (column) => column.notNull())
    .addColumn('carried_out_at', 'text')
    .addColumn('held', 'text')
    .execute();
  await sql`insert into erasure_state (erasure, until_at) select id, asked_at from erasure`.execute(db);
  await db.schema
    .createTable('erasure_removed')
    .addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
    .addColumn('erasure', 'text', (column) => column.notNull().references('erasure.id'))
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('at', 'text', (column) => column.notNull())
    .addColumn('count', 'integer', (column) => column.notNull())
    .addColumn('digest', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('erasure_removed_by_erasure')
    .on('erasure_removed')
    .columns(['erasure', 'kind', 'id'])
    .execute();
  await db.schema
    .createTable('erasure_picture')
    .addColumn('erasure', 'text', (column) => column.notNull().references('erasure.id'))
    .addColumn('sha256', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('erasure_picture_key', ['erasure', 'sha256'])
    .execute();
}

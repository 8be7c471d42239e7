import { type Kysely, sql } from 'kysely';

/**
 * What is derived from the sightings so that it need not be searched for: visits, plates, and how many passed in each
 * hour. The store fills the tables when it opens and keeps them in the transaction that saves a sighting.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('visit')
    .addColumn('id', 'text', (column) => column.primaryKey().references('sighting.id').onDelete('cascade'))
    .addColumn('subject', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('started_at', 'text', (column) => column.notNull())
    .addColumn('entry_at', 'text')
    .addColumn('entry_gate', 'text')
    .addColumn('exit_at', 'text')
    .addColumn('exit_gate', 'text')
    .addColumn('is_over', 'integer', (column) => column.notNull())
    .modifyEnd(sql`without rowid`)
    .execute();
  await sql`create index visit_by_subject on visit (subject, started_at, id)`.execute(db);
  await sql`create index visit_by_started_at on visit (started_at, id)`.execute(db);
  await sql`create index visit_by_open on visit (started_at, id) where is_over = 0`.execute(db);
  await sql`
    create index visit_by_long_stay on visit (started_at, id)
    where julianday(exit_at) - julianday(entry_at) > 1`.execute(db);

  await db.schema
    .createTable('plate')
    .addColumn('text', 'text', (column) => column.primaryKey())
    .addColumn('folded', 'text', (column) => column.notNull())
    .addColumn('first_seen_at', 'text', (column) => column.notNull())
    .addColumn('last_seen_at', 'text', (column) => column.notNull())
    .addColumn('sightings', 'integer', (column) => column.notNull())
    .modifyEnd(sql`without rowid`)
    .execute();
  await sql`create index plate_by_last_seen_at on plate (last_seen_at, text, folded)`.execute(db);
  await db.schema
    .createTable('plate_pair')
    .addColumn('pair', 'text', (column) => column.notNull())
    .addColumn('plate', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('plate_pair_key', ['pair', 'plate'])
    .modifyEnd(sql`without rowid`)
    .execute();

  await db.schema
    .createTable('flow')
    .addColumn('hour', 'text', (column) => column.notNull())
    .addColumn('site', 'text', (column) => column.notNull())
    .addColumn('gate', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('direction', 'text', (column) => column.notNull())
    .addColumn('sightings', 'integer', (column) => column.notNull())
    .addColumn('flagged', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('flow_key', ['hour', 'site', 'gate', 'kind', 'direction'])
    .modifyEnd(sql`without rowid`)
    .execute();

  await db.schema
    .createTable('derivation')
    .addColumn('version', 'integer', (column) => column.notNull())
    .execute();

  // What a visit is paired from stands in the index. A vehicle's plate is its subject: one index serves both.
  await sql`drop index sighting_by_subject_occurred_at_id_camera_direction`.execute(db);
  await sql`drop index sighting_by_plate_occurred_at_id`.execute(db);
  // A camera is one of a few: what is sought in time is filtered by it in the same index.
  await sql`drop index sighting_by_camera_occurred_at_id`.execute(db);
  await sql`drop index sighting_by_occurred_at_id`.execute(db);
  await sql`create index sighting_by_occurred_at on sighting (occurred_at, id, camera)`.execute(db);
  await sql`create index sighting_by_subject on sighting (subject, occurred_at, id, direction, gate)`.execute(
    db,
  );

  // Who removes a sighting need not know what was derived from it. Numbers without names outlive it.
  await sql`
    create trigger plate_forgets_sighting after delete on sighting
    when old.kind = 'vehicle' and old.subject is not null
    begin
      update plate set
        sightings = sightings - 1,
        first_seen_at = coalesce((select min(occurred_at) from sighting where subject = old.subject), first_seen_at),
        last_seen_at = coalesce((select max(occurred_at) from sighting where subject = old.subject), last_seen_at)
      where text = old.subject;
      delete from plate where text = old.subject and sightings <= 0;
    end`.execute(db);
  await sql`
    create trigger event_forgets_sighting after delete on sighting
    begin
      delete from event_log where concerns = 'sighting/' || old.id;
    end`.execute(db);
  // A plate has at most twelve characters, so eleven pairs.
  await sql`
    create trigger plate_takes_pairs after delete on plate
    begin
      delete from plate_pair where plate = old.text and pair in (
        substr(old.folded, 1, 2), substr(old.folded, 2, 2), substr(old.folded, 3, 2), substr(old.folded, 4, 2),
        substr(old.folded, 5, 2), substr(old.folded, 6, 2), substr(old.folded, 7, 2), substr(old.folded, 8, 2),
        substr(old.folded, 9, 2), substr(old.folded, 10, 2), substr(old.folded, 11, 2));
    end`.execute(db);
}

import { type Kysely, sql } from 'kysely';

/**
 * Every index is written with every sighting. Gates and cameras are few: what is sought in time is filtered by them in
 * the index of time, which also names who was seen. A subject's visits are paired from its passings, of which an index
 * knows all.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`drop index visit_by_subject`.execute(db);
  await sql`drop index sighting_by_gate_occurred_at_id`.execute(db);
  await sql`drop index sighting_by_occurred_at`.execute(db);
  await sql`
    create index sighting_by_occurred_at on sighting (occurred_at, id, gate, camera, subject, kind)`.execute(
    db,
  );
}

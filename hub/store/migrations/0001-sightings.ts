import type { Kysely } from 'kysely';

/** Sightings, evidence, alerts, duty, policy, boxes, dead letters, the event log and retained messages. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('sighting')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('revision', 'integer', (column) => column.notNull())
    .addColumn('site', 'text', (column) => column.notNull())
    .addColumn('box', 'text', (column) => column.notNull())
    .addColumn('gate', 'text', (column) => column.notNull())
    .addColumn('camera', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('subject', 'text')
    .addColumn('plate', 'text')
    .addColumn('direction', 'text', (column) => column.notNull())
    .addColumn('occurred_at', 'text', (column) => column.notNull())
    .addColumn('received_at', 'text', (column) => column.notNull())
    .addColumn('alert_id', 'text')
    .addColumn('body', 'text', (column) => column.notNull())
    .execute();
  await index(db, 'sighting', ['occurred_at', 'id']);
  await index(db, 'sighting', ['subject', 'occurred_at', 'id', 'camera', 'direction']);
  await index(db, 'sighting', ['plate', 'occurred_at', 'id']);
  await index(db, 'sighting', ['gate', 'occurred_at', 'id']);
  await index(db, 'sighting', ['camera', 'occurred_at', 'id']);

  await db.schema
    .createTable('sighting_flag')
    .addColumn('sighting_id', 'text', (column) =>
      column.notNull().references('sighting.id').onDelete('cascade'),
    )
    .addColumn('flag', 'text', (column) => column.notNull())
    .addColumn('occurred_at', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('sighting_flag_key', ['sighting_id', 'flag'])
    .execute();
  await index(db, 'sighting_flag', ['flag', 'occurred_at', 'sighting_id']);

  await db.schema
    .createTable('evidence_name')
    .addColumn('evidence_id', 'text', (column) => column.notNull())
    .addColumn('sighting_id', 'text', (column) =>
      column.notNull().references('sighting.id').onDelete('cascade'),
    )
    .addColumn('sha256', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('evidence_name_key', ['evidence_id', 'sighting_id'])
    .execute();
  await index(db, 'evidence_name', ['sighting_id']);

  await db.schema
    .createTable('evidence')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('site', 'text', (column) => column.notNull())
    .addColumn('box', 'text', (column) => column.notNull())
    .addColumn('sha256', 'text', (column) => column.notNull())
    .addColumn('bytes', 'integer', (column) => column.notNull())
    .addColumn('received_at', 'text', (column) => column.notNull())
    .execute();
  await index(db, 'evidence', ['sha256']);

  await db.schema
    .createTable('alert')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('sighting_id', 'text', (column) => column.notNull().unique())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('site', 'text', (column) => column.notNull())
    .addColumn('gate', 'text', (column) => column.notNull())
    .addColumn('subject', 'text')
    .addColumn('opened_at', 'text', (column) => column.notNull())
    .addColumn('decided_at', 'text', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .execute();
  await index(db, 'alert', ['opened_at', 'id']);
  await index(db, 'alert', ['state', 'opened_at', 'id']);
  await index(db, 'alert', ['gate', 'opened_at', 'id']);
  await index(db, 'alert', ['subject', 'gate', 'decided_at']);

  await db.schema
    .createTable('duty')
    .addColumn('person', 'text', (column) => column.primaryKey())
    .addColumn('display_name', 'text', (column) => column.notNull())
    .addColumn('gate', 'text', (column) => column.notNull())
    .addColumn('since', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('shift')
    .addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
    .addColumn('person', 'text', (column) => column.notNull())
    .addColumn('display_name', 'text', (column) => column.notNull())
    .addColumn('gate', 'text', (column) => column.notNull())
    .addColumn('since', 'text', (column) => column.notNull())
    .addColumn('until', 'text', (column) => column.notNull())
    .execute();
  await index(db, 'shift', ['person', 'since']);

  await db.schema
    .createTable('policy')
    .addColumn('site', 'text', (column) => column.notNull())
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .addColumn('changed_by', 'text', (column) => column.notNull())
    .addColumn('changed_at', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('policy_key', ['site', 'version'])
    .execute();

  await db.schema
    .createTable('box')
    .addColumn('site', 'text', (column) => column.notNull())
    .addColumn('box', 'text', (column) => column.notNull())
    .addColumn('token_hash', 'text')
    .addColumn('admitted_at', 'text')
    .addColumn('status', 'text')
    .addColumn('telemetry', 'text')
    .addColumn('telemetry_received_at', 'text')
    .addColumn('clock_skew_seconds', 'real')
    .addPrimaryKeyConstraint('box_key', ['site', 'box'])
    .execute();
  await db.schema
    .createTable('gate')
    .addColumn('site', 'text', (column) => column.notNull())
    .addColumn('gate', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('gate_key', ['site', 'gate'])
    .execute();

  await db.schema
    .createTable('dead_letter')
    .addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
    .addColumn('received_at', 'text', (column) => column.notNull())
    .addColumn('topic', 'text', (column) => column.notNull())
    .addColumn('code', 'text', (column) => column.notNull())
    .addColumn('reason', 'text', (column) => column.notNull())
    .addColumn('bytes', 'integer', (column) => column.notNull())
    .addColumn('excerpt', 'blob', (column) => column.notNull())
    .execute();

  await db.schema
    .createTable('event_log')
    .addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
    .addColumn('concerns', 'text', (column) => column.notNull().unique())
    .addColumn('body', 'text', (column) => column.notNull())
    .execute();

  await db.schema
    .createTable('retained_message')
    .addColumn('topic', 'text', (column) => column.primaryKey())
    .addColumn('payload', 'blob', (column) => column.notNull())
    .execute();
}

async function index(db: Kysely<unknown>, table: string, columns: string[]): Promise<void> {
  await db.schema
    .createIndex(`${table}_by_${columns.join('_')}`)
    .on(table)
    .columns(columns)
    .execute();
}

import { Kysely } from 'kysely';
import type { AlertStore } from '../alerts/alert-store.ts';
import type { SnoozeStore } from '../alerts/snooze-store.ts';
import type { RetainedStore } from '../broker/retained-store.ts';
import type { ErasureStore } from '../erasure/erasure-store.ts';
import type { EventLog } from '../event-log.ts';
import type { ExportSource } from '../export/export-source.ts';
import type { BoxStore } from '../ingest/box-store.ts';
import type { DeadLetterStore } from '../ingest/dead-letter.ts';
import type { EvidenceStore } from '../ingest/evidence-store.ts';
import type { SightingStore } from '../ingest/sighting-store.ts';
import type { PolicyStore } from '../policy/policy-store.ts';
import type { DutyStore } from '../roster/duty-store.ts';
import type { GapStore, HandOverStore, RosterStore } from '../roster/roster-store.ts';
import type { SettingsStore } from '../settings/settings-store.ts';
import type { SightingLog } from '../trajectory/sighting-log.ts';
import type { ViidQueue } from '../viid/viid-queue.ts';
import { EvidenceFiles } from './evidence-files.ts';
import type { HubDatabase, HubKysely } from './hub-database.ts';
import { migrate } from './migrate.ts';
import { SqlAlertStore } from './sql-alert-store.ts';
import { SqlBoxStore } from './sql-box-store.ts';
import { SqlDeadLetterStore } from './sql-dead-letter-store.ts';
import { SqlDutyStore } from './sql-duty-store.ts';
import { SqlErasureStore } from './sql-erasure-store.ts';
import { SqlEventLog } from './sql-event-log.ts';
import { SqlEvidenceStore } from './sql-evidence-store.ts';
import { SqlExportSource } from './sql-export-source.ts';
import { SqlPolicyStore } from './sql-policy-store.ts';
import { SqlRetainedStore } from './sql-retained-store.ts';
import { SqlGapStore, SqlHandOverStore, SqlRosterStore } from './sql-roster-store.ts';
import { SqlSettingsStore } from './sql-settings-store.ts';
import { SqlSightingLog } from './sql-sighting-log.ts';
import { SqlSightingStore } from './sql-sighting-store.ts';
import { SqlSnoozeStore } from './sql-snooze-store.ts';
import { SqlViidQueue } from './sql-viid-queue.ts';
import { openSqlite } from './sqlite.ts';

/** Everything the hub keeps, one store for each aggregate, over one database. */
export interface Store {
  sightings: SightingStore;
  log: SightingLog;
  alerts: AlertStore;
  duty: DutyStore;
  policies: PolicyStore;
  evidence: EvidenceStore;
  deadLetters: DeadLetterStore;
  boxes: BoxStore;
  erasures: ErasureStore;
  roster: RosterStore;
  gaps: GapStore;
  handOvers: HandOverStore;
  snoozes: SnoozeStore;
  settings: SettingsStore;
  exportSource: ExportSource;
  viidQueue: ViidQueue;
  events: EventLog;
  retained: RetainedStore;
  /** For the stores of accounts and audit, which share the database. */
  database: HubKysely;
  /** Bytes of the database. */
  databaseBytes(): number;
  /** Lets the database grow to this many bytes and no further, as a full disk would. */
  limitDatabaseBytes(bytes: number): void;
  close(): Promise<void>;
}

/** Where the hub keeps things. */
export interface StorePaths {
  /** The SQLite file; created with its folder when missing. */
  database: string;
  /** The folder of the pictures. */
  evidence: string;
}

/** Opens the database, brings it to this version and clears what a crash left behind. */
export async function openStore(paths: StorePaths): Promise<Store> {
  const sqlite = openSqlite(paths.database);
  const database = new Kysely<HubDatabase>({ dialect: sqlite.dialect });
  try {
    await migrate(database as unknown as Kysely<unknown>);
    const files = new EvidenceFiles(paths.evidence);
    await files.sweep();
    return {
      sightings: new SqlSightingStore(database),
      log: new SqlSightingLog(database),
      alerts: new SqlAlertStore(database),
      duty: new SqlDutyStore(database),
      policies: new SqlPolicyStore(database),
      evidence: new SqlEvidenceStore(database, files),
      deadLetters: new SqlDeadLetterStore(database),
      boxes: new SqlBoxStore(database),
      erasures: new SqlErasureStore(database),
      roster: new SqlRosterStore(database),
      gaps: new SqlGapStore(database),
      handOvers: new SqlHandOverStore(database),
      snoozes: new SqlSnoozeStore(database),
      settings: new SqlSettingsStore(database),
      viidQueue: new SqlViidQueue(database),
      exportSource: new SqlExportSource(database),
      events: new SqlEventLog(database),
      retained: new SqlRetainedStore(database),
      database,
      databaseBytes: () => sqlite.bytes(),
      limitDatabaseBytes: (bytes) => sqlite.limitBytes(bytes),
      close: () => database.destroy(),
    };
  } catch (error) {
    await database.destroy();
    throw error;
  }
}

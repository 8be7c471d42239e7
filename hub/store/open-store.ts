import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import type { AlertStore } from '../alerts/alert-store.ts';
import type { SnoozeStore } from '../alerts/snooze-store.ts';
import type { ChannelStore } from '../announce/channels/channel-store.ts';
import type { NoticeStore } from '../announce/notice-store.ts';
import type { RetainedStore } from '../broker/retained-store.ts';
import type { Eraser } from '../erasure/eraser.ts';
import type { ErasureStore } from '../erasure/erasure-store.ts';
import type { EventLog } from '../event-log.ts';
import type { ExportSource } from '../export/export-source.ts';
import type { BoxStore } from '../ingest/box-store.ts';
import type { DeadLetterStore } from '../ingest/dead-letter.ts';
import type { EvidenceStore } from '../ingest/evidence-store.ts';
import type { SightingStore } from '../ingest/sighting-store.ts';
import type { HoldStore } from '../keeping/hold-store.ts';
import type { RetentionStore } from '../keeping/retention-store.ts';
import { openKeyRing } from '../keys/key-file.ts';
import { KeyRing } from '../keys/key-ring.ts';
import type { PolicyStore } from '../policy/policy-store.ts';
import type { DutyStore } from '../roster/duty-store.ts';
import type { GapStore, HandOverStore, RosterStore } from '../roster/roster-store.ts';
import type { SettingsStore } from '../settings/settings-store.ts';
import type { CorrectionStore } from '../trajectory/correction-store.ts';
import type { FlowTally, PlateIndex, PresenceLog, VisitBook } from '../trajectory/log-readers.ts';
import type { SightingLog } from '../trajectory/sighting-log.ts';
import type { ViidQueue } from '../viid/viid-queue.ts';
import { deriveIfOutdated } from './derive.ts';
import { EvidenceFiles } from './evidence-files.ts';
import { HubKysely } from './hub-database.ts';
import { finishRemovals } from './picture-removal.ts';
import { resealPlain } from './reseal.ts';
import { SqlAlertStore } from './sql-alert-store.ts';
import { SqlBoxStore } from './sql-box-store.ts';
import { SqlChannelStore } from './sql-channel-store.ts';
import { SqlCorrectionStore } from './sql-correction-store.ts';
import { SqlDeadLetterStore } from './sql-dead-letter-store.ts';
import { SqlDutyStore } from './sql-duty-store.ts';
import { SqlEraser } from './sql-eraser.ts';
import { SqlErasureStore } from './sql-erasure-store.ts';
import { SqlEventLog } from './sql-event-log.ts';
import { SqlEvidenceStore } from './sql-evidence-store.ts';
import { SqlExportSource } from './sql-export-source.ts';
import { SqlFlowTally } from './sql-flow-tally.ts';
import { SqlHoldStore } from './sql-hold-store.ts';
import { SqlNoticeStore } from './sql-notice-store.ts';
import { SqlPlateIndex } from './sql-plate-index.ts';
import { SqlPolicyStore } from './sql-policy-store.ts';
import { SqlPresenceLog } from './sql-presence-log.ts';
import { SqlRetainedStore } from './sql-retained-store.ts';
import { SqlRetentionStore } from './sql-retention-store.ts';
import { SqlGapStore, SqlHandOverStore, SqlRosterStore } from './sql-roster-store.ts';
import { SqlSettingsStore } from './sql-settings-store.ts';
import { SqlSightingLog } from './sql-sighting-log.ts';
import { SqlSightingStore } from './sql-sighting-store.ts';
import { SqlSnoozeEraser } from './sql-snooze-eraser.ts';
import { SqlSnoozeStore } from './sql-snooze-store.ts';
import { SqlViidQueue } from './sql-viid-queue.ts';
import { SqlVisitBook } from './sql-visit-book.ts';
import { openSqlite } from './sqlite.ts';
import { upgrade } from './upgrade.ts';

/** Everything the hub keeps, one store for each aggregate, over one database. */
export interface Store {
  sightings: SightingStore;
  log: SightingLog;
  visits: VisitBook;
  plates: PlateIndex;
  flows: FlowTally;
  presence: PresenceLog;
  alerts: AlertStore;
  duty: DutyStore;
  policies: PolicyStore;
  evidence: EvidenceStore;
  deadLetters: DeadLetterStore;
  boxes: BoxStore;
  erasures: ErasureStore;
  corrections: CorrectionStore;
  roster: RosterStore;
  gaps: GapStore;
  handOvers: HandOverStore;
  snoozes: SnoozeStore;
  settings: SettingsStore;
  channels: ChannelStore;
  notices: NoticeStore;
  /** Forget subjects in all that this store keeps. */
  erasers: Eraser[];
  retention: RetentionStore;
  holds: HoldStore;
  exportSource: ExportSource;
  viidQueue: ViidQueue;
  events: EventLog;
  retained: RetainedStore;
  /** For the stores of accounts and audit, which share the database. */
  database: HubKysely;
  /** Seals what a hub of before pictures were sealed left plain; gives how many pictures. Ends early when asked to. */
  resealPlain(signal: AbortSignal): Promise<number>;
  /** Files that were found at the start without a row, and removed. */
  sweptFiles: number;
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
  /** What pictures are sealed with; the `hub.key` beside the database unless given. */
  keys?: KeyRing;
}

/** Opens the database, brings it to this version and clears what a crash left behind. */
export async function openStore(paths: StorePaths): Promise<Store> {
  const sqlite = openSqlite(paths.database);
  const database = new HubKysely(sqlite);
  try {
    await upgrade(paths.database, database);
    await deriveIfOutdated(database);
    const files = new EvidenceFiles(paths.evidence, paths.keys ?? keysBeside(paths.database));
    await finishRemovals(database, files);
    const sweptFiles = await files.sweep((day) => namesOfDay(database, day));
    return {
      sightings: new SqlSightingStore(database),
      log: new SqlSightingLog(database),
      visits: new SqlVisitBook(database),
      plates: new SqlPlateIndex(database),
      flows: new SqlFlowTally(database),
      presence: new SqlPresenceLog(database),
      alerts: new SqlAlertStore(database),
      duty: new SqlDutyStore(database),
      policies: new SqlPolicyStore(database),
      evidence: new SqlEvidenceStore(database, files),
      deadLetters: new SqlDeadLetterStore(database),
      boxes: new SqlBoxStore(database),
      erasures: new SqlErasureStore(database),
      corrections: new SqlCorrectionStore(database),
      roster: new SqlRosterStore(database),
      gaps: new SqlGapStore(database),
      handOvers: new SqlHandOverStore(database),
      snoozes: new SqlSnoozeStore(database),
      settings: new SqlSettingsStore(database),
      channels: new SqlChannelStore(database),
      notices: new SqlNoticeStore(database),
      erasers: [new SqlEraser(database, files), new SqlSnoozeEraser(database)],
      retention: new SqlRetentionStore(database, files),
      holds: new SqlHoldStore(database),
      resealPlain: (signal) => resealPlain(database, files, signal),
      sweptFiles,
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

/** A database in memory has nothing beside it: its pictures open for as long as it lives. */
function keysBeside(database: string): KeyRing {
  if (database === ':memory:') return new KeyRing(randomBytes(32));
  return openKeyRing(join(dirname(database), 'hub.key'));
}

async function namesOfDay(database: HubKysely, day: string): Promise<Set<string>> {
  const rows = await database
    .selectFrom('evidence_file')
    .select('file')
    .where('file', '>=', `${day}/`)
    .where('file', '<', `${day}0`)
    .execute();
  return new Set(rows.map(({ file }) => file));
}

import type { JudgedAgainst, Judgement } from '../alerts/judgement.ts';
import { toInstant } from '../clock.ts';
import type { TrajectoryEntry } from '../contract/api.ts';
import type { Sighting } from '../contract/sighting.ts';
import type { LoggedEvent } from '../event-log.ts';
import type { SightingOutcome, SightingStore } from '../ingest/sighting-store.ts';
import type { HubKysely, HubTransaction } from './hub-database.ts';
import { findAlert, findAlertsAtGate, findAlertsOfSubject, saveAlert } from './sql-alert-store.ts';
import { logEvent } from './sql-event-log.ts';
import { saveNoticeRequests } from './sql-notice-requests.ts';
import { queueForPlatform } from './sql-viid-queue.ts';
import { inTransaction } from './transaction.ts';

/** What is known of a sighting before a revision is committed. */
interface Known {
  revision: number;
  site: string;
  box: string;
  camera: string;
  kind: string;
  alert_id: string | null;
}

/** Milliseconds that a moment or a storm may reach back, at the most that a site can set. */
const atGateMs = 15 * 60_000;

/** Commits revisions of sightings to the database. */
export class SqlSightingStore implements SightingStore {
  readonly #db: HubKysely;

  constructor(db: HubKysely) {
    this.#db = db;
  }

  commit(
    sighting: Sighting,
    subject: string | undefined,
    receivedAt: string,
    judge: (against: JudgedAgainst) => Judgement,
  ): Promise<SightingOutcome> {
    return inTransaction(this.#db, async (transaction) => {
      const known = await findKnown(transaction, sighting.id);
      if (known && !isSameTrack(known, sighting)) return { kind: 'conflict' };
      if (known && known.revision >= sighting.revision) {
        return { kind: known.revision === sighting.revision ? 'duplicate' : 'stale' };
      }

      const judgement = judge(await readJudgedAgainst(transaction, sighting, subject, known, receivedAt));
      const entry: TrajectoryEntry = {
        ...sighting,
        receivedAt,
        ...(judgement.alert === undefined ? {} : { alert: judgement.alert }),
      };
      await saveSighting(transaction, sighting, subject, entry);
      const mismatched = await nameEvidence(transaction, sighting);
      await noteGate(transaction, sighting.site, sighting.gate);
      await queueForPlatform(transaction, sighting, receivedAt);
      return {
        kind: 'committed',
        events: await saveAndLog(transaction, judgement, entry),
        mismatched,
      };
    });
  }
}

function findKnown(transaction: HubTransaction, id: string): Promise<Known | undefined> {
  return transaction
    .selectFrom('sighting')
    .select(['revision', 'site', 'box', 'camera', 'kind', 'alert_id'])
    .where('id', '=', id)
    .executeTakeFirst();
}

function isSameTrack(known: Known, { site, box, camera, kind }: Sighting): boolean {
  return known.site === site && known.box === box && known.camera === camera && known.kind === kind;
}

async function readJudgedAgainst(
  transaction: HubTransaction,
  { site, box, gate, flags }: Sighting,
  subject: string | undefined,
  known: Known | undefined,
  receivedAt: string,
): Promise<JudgedAgainst> {
  const linked = known?.alert_id ? await findAlert(transaction, known.alert_id) : undefined;
  const clock = await transaction
    .selectFrom('box')
    .select('clock_skew_seconds as skewSeconds')
    .where('site', '=', site)
    .where('box', '=', box)
    .executeTakeFirst();
  return {
    linked,
    sameSubject: subject === undefined ? [] : await findAlertsOfSubject(transaction, { site, gate, subject }),
    atGate:
      flags.length === 0
        ? []
        : await findAlertsAtGate(transaction, {
            site,
            gate,
            since: toInstant(Date.parse(receivedAt) - atGateMs),
          }),
    clockSkewMs: (clock?.skewSeconds ?? 0) * 1000,
  };
}

async function saveSighting(
  transaction: HubTransaction,
  sighting: Sighting,
  subject: string | undefined,
  entry: TrajectoryEntry,
): Promise<void> {
  const row = {
    revision: sighting.revision,
    gate: sighting.gate,
    subject: subject ?? null,
    plate: sighting.plate?.text ?? null,
    direction: sighting.direction,
    occurred_at: sighting.occurredAt,
    received_at: entry.receivedAt,
    alert_id: entry.alert ?? null,
    body: JSON.stringify(sighting),
  };
  const { id, site, box, camera, kind } = sighting;
  await transaction
    .insertInto('sighting')
    .values({ id, site, box, camera, kind, ...row })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
    .execute();
  await transaction.deleteFrom('sighting_flag').where('sighting_id', '=', id).execute();
  const flags = [...new Set(sighting.flags)].map((flag) => ({
    sighting_id: id,
    flag,
    occurred_at: sighting.occurredAt,
  }));
  if (flags.length > 0) await transaction.insertInto('sighting_flag').values(flags).execute();
}

/** Notes which pictures the sighting names; returns those newly named that are here with other bytes. */
async function nameEvidence(transaction: HubTransaction, sighting: Sighting): Promise<string[]> {
  const mismatched: string[] = [];
  for (const { id, sha256 } of sighting.evidence) {
    const inserted = await transaction
      .insertInto('evidence_name')
      .values({ evidence_id: id, sighting_id: sighting.id, sha256 })
      .onConflict((conflict) => conflict.columns(['evidence_id', 'sighting_id']).doNothing())
      .executeTakeFirst();
    if (!inserted.numInsertedOrUpdatedRows) continue;
    const kept = await transaction
      .selectFrom('evidence')
      .select('sha256')
      .where('id', '=', id)
      .executeTakeFirst();
    if (kept && kept.sha256 !== sha256) mismatched.push(id);
  }
  return mismatched;
}

/** Remembers a gate that a camera was heard of at. */
export async function noteGate(transaction: HubTransaction, site: string, gate: string): Promise<void> {
  await transaction
    .insertInto('gate')
    .values({ site, gate })
    .onConflict((conflict) => conflict.columns(['site', 'gate']).doNothing())
    .execute();
}

async function saveAndLog(
  transaction: HubTransaction,
  { changed, notices }: Judgement,
  entry: TrajectoryEntry,
): Promise<LoggedEvent[]> {
  const events: LoggedEvent[] = [];
  for (const alert of changed) {
    await saveAlert(transaction, alert);
    events.push(await logEvent(transaction, { type: 'alert', alert }));
  }
  await saveNoticeRequests(transaction, notices);
  events.push(await logEvent(transaction, { type: 'sighting', sighting: entry }));
  return events;
}

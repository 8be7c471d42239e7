import { type JudgedSighting, subjectOf } from '../alerts/alert.ts';
import type { JudgedAgainst, Judgement } from '../alerts/judgement.ts';
import { toInstant } from '../clock.ts';
import type { TrajectoryEntry } from '../contract/api.ts';
import { type Correction, correction as correctionSchema } from '../contract/correction.ts';
import { type Policy, policy as policySchema } from '../contract/policy.ts';
import type { Sighting } from '../contract/sighting.ts';
import type { LoggedEvent } from '../event-log.ts';
import type { SightingOutcome, SightingStore } from '../ingest/sighting-store.ts';
import { defaultPolicy } from '../policy/policy-rules.ts';
import { correct, correctedFacts } from '../trajectory/correction.ts';
import { derive } from './derive.ts';
import type { HubKysely, HubTransaction } from './hub-database.ts';
import type { SightingFacts } from './sighting-facts.ts';
import { findAlert, findAlertsAtGate, findAlertsOfSubject, saveAlert } from './sql-alert-store.ts';
import { logEvent, logSighting } from './sql-event-log.ts';
import { saveNoticeRequests } from './sql-notice-requests.ts';
import { queueForPlatform } from './sql-viid-queue.ts';
import type { RawSql } from './sqlite.ts';
import { inTransaction } from './transaction.ts';

/** What is known of a sighting before a revision is committed. */
interface Known extends Omit<SightingFacts, 'isFlagged'> {
  revision: number;
  box: string;
  camera: string;
  alert_id: string | null;
  corrected: string | null;
  flagged: number;
}

/** Milliseconds that a moment or a storm may reach back, at the most that a site can set. */
const atGateMs = 15 * 60_000;

/** Commits revisions of sightings to the database. */
export class SqlSightingStore implements SightingStore {
  readonly #db: HubKysely;
  /** `site/gate` of gates that are in the database. */
  readonly #gates = new Set<string>();

  constructor(db: HubKysely) {
    this.#db = db;
  }

  async commit(
    sighting: Sighting,
    subject: string | undefined,
    receivedAt: string,
    judge: (against: JudgedAgainst, current: JudgedSighting) => Judgement,
  ): Promise<SightingOutcome> {
    const { raw } = this.#db;
    const outcome = await inTransaction<SightingOutcome>(this.#db, async (transaction) => {
      const known = findKnown(raw, sighting.id);
      if (known && !isSameTrack(known, sighting)) return { kind: 'conflict' };
      if (known && known.revision >= sighting.revision) {
        return { kind: known.revision === sighting.revision ? 'duplicate' : 'stale' };
      }
      const corrections = known?.corrected ? readCorrections(raw, sighting.id) : [];
      const settled = await settle(this.#db, transaction, {
        sighting,
        subject,
        corrections,
        known,
        receivedAt,
        judge,
      });
      const mismatched = nameEvidence(raw, sighting);
      if (!this.#gates.has(gateKey(sighting))) await noteGate(transaction, sighting.site, sighting.gate);
      queueForPlatform(raw, sighting, receivedAt);
      return { kind: 'committed', events: settled.events, mismatched };
    });
    if (outcome.kind === 'committed') this.#gates.add(gateKey(sighting));
    return outcome;
  }
}

/** A revision, or a correction of one, that is to be saved. */
interface Settling {
  /** As the box told it. */
  sighting: Sighting;
  /** What its subject is called, where nothing is corrected. */
  subject: string | undefined;
  corrections: Correction[];
  known: Known | undefined;
  receivedAt: string;
  judge: (against: JudgedAgainst, current: JudgedSighting) => Judgement;
}

/** Saves a sighting with the corrections that hold, judges it, lets alerts and derived tables follow, and logs it. */
export async function settle(
  db: HubKysely,
  transaction: HubTransaction,
  { sighting, subject, corrections, known, receivedAt, judge }: Settling,
): Promise<{ current: Sighting; events: LoggedEvent[] }> {
  const { raw } = db;
  const isCorrected = corrections.some(({ undone }) => undone === undefined);
  const mark = isCorrected ? { corrected: correctedFacts(corrections) } : {};
  const current = isCorrected ? correct(sighting, corrections, readPolicy(raw, sighting.site)) : sighting;
  const called = isCorrected ? subjectOf(current) : subject;

  const judgement: Judgement = needsJudging(current, known)
    ? judge(await readJudgedAgainst(transaction, current, called, known, receivedAt), { ...current, ...mark })
    : { changed: [], notices: [] };
  const entry: TrajectoryEntry = {
    ...current,
    receivedAt,
    ...(judgement.alert === undefined ? {} : { alert: judgement.alert }),
    ...mark,
  };
  const original = corrections.length > 0 ? sighting : undefined;
  saveSighting(raw, current, called, entry, known, original);
  derive(raw, known && { ...known, isFlagged: known.flagged > 0 }, factsOf(current, called));
  const events = await saveAndLogAlerts(transaction, judgement);
  return { current, events: [...events, logSighting(raw, entry)] };
}

/** The corrections of a sighting, oldest first, those undone among them. */
export function readCorrections(raw: RawSql, sighting: string): Correction[] {
  const rows = raw.all<{ body: string }>(
    'select body from correction where sighting_id = ? order by number',
    [sighting],
  );
  return rows.map(({ body }) => correctionSchema.parse(JSON.parse(body)));
}

function readPolicy(raw: RawSql, site: string): Policy {
  const row = raw.get<{ body: string }>(
    'select body from policy where site = ? order by version desc limit 1',
    [site],
  );
  return row ? policySchema.parse(JSON.parse(row.body)) : defaultPolicy(site);
}

function gateKey({ site, gate }: Sighting): string {
  return `${site}/${gate}`;
}

/** What is known of a sighting, inside a unit of work. */
export function findKnown(raw: RawSql, id: string): Known | undefined {
  return raw.get<Known>(
    `select id, revision, site, box, gate, camera, kind, subject, direction, occurred_at as occurredAt, alert_id,
       corrected,
       exists (select 1 from sighting_flag where sighting_id = sighting.id) as flagged
     from sighting where id = ?`,
    [id],
  );
}

function isSameTrack(known: Known, { site, box, camera, kind }: Sighting): boolean {
  return known.site === site && known.box === box && known.camera === camera && known.kind === kind;
}

/** Without a flag, now or in an earlier revision that has an alert, there is nothing for the guards to decide. */
function needsJudging({ flags }: Sighting, known: Known | undefined): boolean {
  return flags.length > 0 || (known !== undefined && known.alert_id !== null);
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

function factsOf(sighting: Sighting, subject: string | undefined): SightingFacts {
  const { id, site, gate, kind, direction, occurredAt, flags } = sighting;
  return {
    id,
    site,
    gate,
    kind,
    subject: subject ?? null,
    direction,
    occurredAt,
    isFlagged: flags.length > 0,
  };
}

function saveSighting(
  raw: RawSql,
  sighting: Sighting,
  subject: string | undefined,
  entry: TrajectoryEntry,
  known: Known | undefined,
  original: Sighting | undefined,
): void {
  const { id, site, box, camera, kind, occurredAt } = sighting;
  raw.run(
    `insert into sighting (id, site, box, camera, kind, revision, gate, subject, plate, direction, occurred_at,
       received_at, alert_id, body, original, corrected)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     on conflict (id) do update set revision = excluded.revision, gate = excluded.gate, subject = excluded.subject,
       plate = excluded.plate, direction = excluded.direction, occurred_at = excluded.occurred_at,
       received_at = excluded.received_at, alert_id = excluded.alert_id, body = excluded.body,
       original = excluded.original, corrected = excluded.corrected`,
    [
      id,
      site,
      box,
      camera,
      kind,
      sighting.revision,
      sighting.gate,
      subject ?? null,
      sighting.plate?.text ?? null,
      sighting.direction,
      occurredAt,
      entry.receivedAt,
      entry.alert ?? null,
      JSON.stringify(sighting),
      original ? JSON.stringify(original) : null,
      entry.corrected ? JSON.stringify(entry.corrected) : null,
    ],
  );
  if (known?.flagged) raw.run('delete from sighting_flag where sighting_id = ?', [id]);
  for (const flag of new Set(sighting.flags))
    raw.run('insert into sighting_flag (sighting_id, flag, occurred_at) values (?, ?, ?)', [
      id,
      flag,
      occurredAt,
    ]);
}

/** Notes which pictures the sighting names; returns those newly named that are here with other bytes. */
function nameEvidence(raw: RawSql, sighting: Sighting): string[] {
  const mismatched: string[] = [];
  for (const { id, sha256 } of sighting.evidence) {
    const inserted = raw.run(
      'insert into evidence_name (evidence_id, sighting_id, sha256) values (?, ?, ?) on conflict do nothing',
      [id, sighting.id, sha256],
    );
    if (inserted.changes === 0) continue;
    const kept = raw.get<{ sha256: string }>('select sha256 from evidence where id = ?', [id]);
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

async function saveAndLogAlerts(
  transaction: HubTransaction,
  { changed, notices }: Judgement,
): Promise<LoggedEvent[]> {
  const events: LoggedEvent[] = [];
  for (const alert of changed) {
    await saveAlert(transaction, alert);
    events.push(await logEvent(transaction, { type: 'alert', alert }));
  }
  await saveNoticeRequests(transaction, notices);
  return events;
}

import { newId, newOpaqueId } from '../../hub/contract/ids.ts';
import type { Policy } from '../../hub/contract/policy.ts';
import type { EmbeddingTraits } from '../perceive/embedding-traits.ts';
import type { Track } from '../track/track.ts';
import { findingsOf } from './findings.ts';
import type { Observation, Sight, SightingRevision, SightResult, SightSetting } from './sight.ts';
import { type Conclusion, SightingDraft } from './sighting-draft.ts';

/** Where the desk's ids come from: sightings sort by time, evidence and subjects do not tell their age. */
export interface SightIds {
  sighting(now: number): string;
  evidence(): string;
  subject(): string;
}

/** The ids of the product. */
const sightIds: SightIds = { sighting: newId, evidence: newOpaqueId, subject: newOpaqueId };

/** When a track without a flag is written to the log: when it has been there this long, ms … */
const logAfter = 4000;
/** … or when it ends and was there this long, ms. Less is flicker or somebody at the edge of the view. */
const logAtEndAfter = 800;
/** Plates read this often are logged, however short the track was. */
const logPlateVotes = 2;
/** Revisions of one sighting are at least this far apart, ms, unless its flags change. */
const quietTime = 1000;
/** After so many revisions only flags and the end are news. */
const talkativeRevisions = 20;

interface Entry {
  draft: SightingDraft;
  /** What never was is flicker and leaves nothing. */
  isConfirmed: boolean;
  /** Undefined until the sighting is opened. */
  published?: { id: string; revision: number; at: number; gist: string; flags: string };
}

/**
 * Tracks → sightings for one camera. A sighting is opened as soon as a flag is certain, or when an unflagged track has lasted;
 * updated when its gist changes; closed once, when its track ends. One that was never opened before its track ended has a
 * single revision: number 1, phase `closed`. Tracks that were never confirmed leave nothing.
 */
export class SightingDesk implements Sight {
  readonly #setting: SightSetting;
  readonly #bounds: EmbeddingTraits['bounds'];
  readonly #ids: SightIds;
  readonly #entries = new Map<number, Entry>();
  #policy: Policy | undefined;

  /** `bounds`: where two faces are one person's. */
  constructor(setting: SightSetting, bounds: EmbeddingTraits['bounds'], ids: SightIds = sightIds) {
    this.#setting = setting;
    this.#bounds = bounds;
    this.#ids = ids;
  }

  observe(observation: Observation): SightResult {
    const at = observation.frame.capturedAt;
    this.#policy = observation.policy;
    const findings = findingsOf(observation);
    const result = emptyResult();

    for (const track of observation.tracks) {
      const entry = this.#entryOf(track);
      if (!entry) continue;
      entry.draft.track = track;
      if (track.state === 'confirmed') entry.isConfirmed = true;
      const found = findings.get(track.id);
      if (found) {
        result.evidenceWanted.push(...entry.draft.see(found, observation, this.#ids.evidence));
        if (entry.isConfirmed && observation.policy)
          result.enrolments.push(...entry.draft.enrolments(this.#ids.subject));
      }
      if (track.state === 'ended') this.#end(entry, at, result);
      else this.#report(entry, at, result);
    }
    return result;
  }

  close(at: number): SightResult {
    const result = emptyResult();
    for (const entry of [...this.#entries.values()]) this.#end(entry, at, result);
    return result;
  }

  #entryOf(track: Track): Entry | undefined {
    const known = this.#entries.get(track.id);
    if (known || track.state === 'ended') return known;
    const draft = new SightingDraft(track, this.#setting.line, this.#bounds);
    const fresh: Entry = { draft, isConfirmed: false };
    this.#entries.set(track.id, fresh);
    return fresh;
  }

  #report(entry: Entry, at: number, result: SightResult): void {
    const { draft, published } = entry;
    if (entry.isConfirmed) {
      const conclusion = draft.conclude(this.#policy, at, false);
      if (isNews(entry, conclusion, at))
        result.revisions.push(this.#publish(entry, conclusion, published ? 'updated' : 'opened', at));
    }
    result.evidenceDropped.push(...draft.takeDropped());
  }

  #end(entry: Entry, at: number, result: SightResult): void {
    const { draft, published } = entry;
    this.#entries.delete(draft.track.id);
    const conclusion = draft.conclude(this.#policy, at, true);
    if (published || (entry.isConfirmed && isWorthLogging(draft.track, conclusion)))
      result.revisions.push(this.#publish(entry, conclusion, 'closed', at));
    result.evidenceDropped.push(...draft.dropAll());
  }

  #publish(
    entry: Entry,
    conclusion: Conclusion,
    phase: SightingRevision['phase'],
    at: number,
  ): SightingRevision {
    const { track } = entry.draft;
    const id = entry.published?.id ?? this.#ids.sighting(Math.round(track.firstSeenAt));
    const revision = (entry.published?.revision ?? 0) + 1;
    entry.published = { id, revision, at, gist: gistOf(conclusion), flags: conclusion.flags.join() };
    const { site, box, gate, camera } = this.#setting;
    return {
      schema: 1,
      id,
      revision,
      phase,
      site,
      box,
      gate,
      camera,
      kind: track.kind,
      occurredAt: instantOf(track.firstSeenAt),
      decidedAt: instantOf(at),
      ...(phase === 'closed' && { endedAt: instantOf(track.lastSeenAt) }),
      ...(track.kind === 'vehicle' && track.label !== 'person' && { vehicleType: track.label }),
      ...conclusion,
      policyVersion: this.#policy?.version ?? 0,
    };
  }
}

function isNews({ draft, published }: Entry, conclusion: Conclusion, at: number): boolean {
  if (!published) return conclusion.flags.length > 0 || lastedOf(draft.track) >= logAfter;
  if (conclusion.flags.join() !== published.flags) return true;
  if (published.revision >= talkativeRevisions || at - published.at < quietTime) return false;
  return gistOf(conclusion) !== published.gist;
}

function isWorthLogging(track: Track, conclusion: Conclusion): boolean {
  if (conclusion.flags.length > 0 || lastedOf(track) >= logAtEndAfter) return true;
  return (conclusion.plate?.votes ?? 0) >= logPlateVotes;
}

/** How long the track was in view, ms. */
function lastedOf(track: Track): number {
  return track.lastSeenAt - track.firstSeenAt;
}

/** What a reader would call a change: confidences and vote counts alone are none. */
function gistOf({ direction, subject, plate, verdicts, flags, evidence }: Conclusion): string {
  const { mask, familiarity, province } = verdicts;
  return JSON.stringify([
    direction,
    subject,
    plate?.text,
    mask?.verdict,
    familiarity?.verdict,
    province?.verdict,
    province?.code,
    flags,
    evidence,
  ]);
}

function instantOf(at: number): string {
  return new Date(at).toISOString();
}

function emptyResult(): SightResult {
  return { evidenceWanted: [], enrolments: [], revisions: [], evidenceDropped: [] };
}

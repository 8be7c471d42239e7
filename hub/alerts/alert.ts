import type { Alert, Disposition, TrajectoryEntry } from '../contract/api.ts';
import type { Sighting } from '../contract/sighting.ts';
import { HubError } from '../errors.ts';

/** Who acts on an alert. */
export interface Guard {
  /** Id of the person's account. */
  id: string;
  displayName: string;
}

/** How a guard dealt with it. */
export interface Resolution {
  disposition: Disposition;
  note?: string;
}

/** A sighting as it holds, with what of it is a person's word. */
export type JudgedSighting = Sighting & Pick<TrajectoryEntry, 'corrected'>;

/** Who an alert goes to: those on duty at its gate, or the managers when nobody is. */
export type Audience = Alert['audience'];

/** What a subject is called in the log: a plate, or a person's pseudonymous id; undefined when the lens could not tell. */
export function subjectOf(sighting: Sighting): string | undefined {
  return sighting.kind === 'vehicle' ? sighting.plate?.text : sighting.subject;
}

/** A new alert for a flagged sighting; nobody has been told yet. */
export function openAlert(id: string, sighting: JudgedSighting, audience: Audience, at: string): Alert {
  return {
    id,
    state: 'open',
    sighting: sighting.id,
    site: sighting.site,
    gate: sighting.gate,
    camera: sighting.camera,
    kind: sighting.kind,
    ...factsOf(sighting),
    occurredAt: sighting.occurredAt,
    openedAt: at,
    updatedAt: at,
    audience,
    repeats: 0,
    cameras: [],
    steps: [],
  };
}

/** A guard takes it on. Refused a second time, naming who was first. */
export function acknowledge(alert: Alert, guard: Guard, at: string): Alert {
  refuseWhenOver(alert);
  if (alert.acknowledged) {
    throw new HubError('ALERT_ALREADY_ACKNOWLEDGED', undefined, {
      details: { acknowledged: alert.acknowledged },
    });
  }
  return { ...answered(alert), state: 'acknowledged', acknowledged: actorAt(guard, at), updatedAt: at };
}

/** A guard says what was done. Anyone may finish what another acknowledged. */
export function resolve(alert: Alert, guard: Guard, { disposition, note }: Resolution, at: string): Alert {
  refuseWhenOver(alert);
  if (alert.state === 'open') throw new HubError('ALERT_NOT_ACKNOWLEDGED');
  const resolved = { ...actorAt(guard, at), disposition, ...(note === undefined ? {} : { note }) };
  return { ...alert, state: 'resolved', resolved, updatedAt: at };
}

/** Nobody touched it in time. Only an open alert expires: what a guard has acknowledged waits for that guard. */
export function expire(alert: Alert, at: string): Alert {
  return alert.state === 'open' ? { ...answered(alert), state: 'expired', updatedAt: at } : alert;
}

/**
 * The alert follows a later revision of its sighting. Open: new facts update it, no flags withdraw it. Withdrawn: new
 * flags open it again. Acknowledged, or standing for other sightings that were folded in: the facts follow, and a flag
 * taken back is told to the guard, who still closes it.
 * Resolved or expired: it is history and stays as it was dealt with, with a mark that its sighting was corrected since.
 */
export function applyRevision(alert: Alert, sighting: JudgedSighting, at: string): Alert {
  if (alert.state === 'resolved' || alert.state === 'expired') return withMark(alert, sighting);
  const { withdrawnReason: _, corrected: __, ...kept } = alert;
  const followed: Alert = { ...kept, ...factsOf(sighting), updatedAt: at };
  if (sighting.flags.length > 0)
    return alert.state === 'withdrawn' ? { ...followed, state: 'open' } : followed;
  const takenBack = { ...followed, flags: alert.flags, withdrawnReason: whoCorrected(sighting) };
  const nobodyNeedsIt = alert.state === 'open' && alert.repeats === 0;
  return nobodyNeedsIt ? { ...answered(takenBack), state: 'withdrawn' } : takenBack;
}

/** One more sighting of the same subject, flag and gate within the cooldown: counted, not rung again. */
export function foldIn(alert: Alert, at: string): Alert {
  return { ...alert, repeats: alert.repeats + 1, updatedAt: at };
}

/** Another camera of the gate saw the same at the same moment: counted, and its name kept. */
export function seenByAnother(alert: Alert, camera: string, at: string): Alert {
  const cameras = alert.cameras.includes(camera) ? alert.cameras : [...alert.cameras, camera];
  return { ...foldIn(alert, at), cameras };
}

/** One more of too many at once: counted in the alert that stands for all of them. */
export function joinStorm(alert: Alert, at: string): Alert {
  const count = (alert.storm?.count ?? 1) + 1;
  return { ...foldIn(alert, at), storm: { count, lastAt: at } };
}

/** A sighting that had been folded in turned out to be something else. */
export function foldOut(alert: Alert, at: string): Alert {
  return { ...alert, repeats: Math.max(0, alert.repeats - 1), updatedAt: at };
}

/** Itself when the mark is as it was. */
function withMark(alert: Alert, { corrected }: JudgedSighting): Alert {
  if (alert.corrected?.join() === corrected?.join()) return alert;
  const { corrected: _, ...kept } = alert;
  return corrected ? { ...kept, corrected } : kept;
}

function whoCorrected({ corrected }: JudgedSighting): string {
  return corrected ? 'corrected_by_person' : 'corrected_by_box';
}

/** No further stage is told. */
function answered({ nextStepAt: _, ...alert }: Alert): Alert {
  return alert;
}

/** What an alert repeats of its sighting's newest revision. */
function factsOf(sighting: JudgedSighting) {
  const subject = subjectOf(sighting);
  return {
    flags: sighting.flags,
    ...(subject === undefined ? {} : { subject }),
    ...(sighting.plate === undefined ? {} : { plate: sighting.plate }),
    verdicts: sighting.verdicts,
    direction: sighting.direction,
    evidence: sighting.evidence,
    decidedAt: sighting.decidedAt,
    ...(sighting.corrected === undefined ? {} : { corrected: sighting.corrected }),
  };
}

function refuseWhenOver(alert: Alert): void {
  if (alert.state === 'resolved') {
    throw new HubError('ALERT_ALREADY_RESOLVED', undefined, { details: { resolved: alert.resolved } });
  }
  if (alert.state === 'expired' || alert.state === 'withdrawn') {
    throw new HubError('ALERT_OVER', undefined, { details: { state: alert.state } });
  }
}

function actorAt(guard: Guard, at: string) {
  return { id: guard.id, displayName: guard.displayName, at };
}

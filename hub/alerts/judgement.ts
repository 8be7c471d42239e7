import type { Alert } from '../contract/api.ts';
import type { Sighting } from '../contract/sighting.ts';
import { type Audience, applyRevision, expire, foldIn, foldOut, openAlert, subjectOf } from './alert.ts';

/** How loudly the hub rings. */
export interface AlertRules {
  /** Milliseconds within which the same subject, flag and gate rings once. */
  cooldownMs: number;
  /** Milliseconds after which an alert that nobody touched expires; what arrives later than that never rings. */
  expireAfterMs: number;
}

/** Ten minutes between two rings for the same thing; half an hour until an untouched alert is over. */
export const defaultAlertRules: AlertRules = { cooldownMs: 10 * 60_000, expireAfterMs: 30 * 60_000 };

/** What a sighting is judged against, read in the same transaction that saves the judgement. */
export interface JudgedAgainst {
  /** The alert that an earlier revision of this sighting opened, or was folded into. */
  linked?: Alert;
  /** Alerts of the same subject at the same gate, newest first. */
  sameSubject: Alert[];
  audience: Audience;
  /** Clock of the box minus clock of the hub, milliseconds, as its telemetry last showed. */
  clockSkewMs: number;
}

/** What a judgement changes: alerts to save, and the alert that the sighting belongs to from now on. */
export interface Judgement {
  changed: Alert[];
  alert?: string;
}

/** Decides what a newly committed revision means for the guards. Pure: the id of a new alert and the time come in. */
export function judge(
  sighting: Sighting,
  against: JudgedAgainst,
  rules: AlertRules,
  newAlertId: string,
  at: string,
): Judgement {
  const { linked, audience } = against;
  if (linked?.sighting === sighting.id) {
    const followed = applyRevision(linked, sighting, at);
    return { changed: followed === linked ? [] : [followed], alert: linked.id };
  }
  const repeated = sighting.flags.length > 0 ? findRepeated(sighting, against, rules) : undefined;
  if (repeated && repeated.id === linked?.id) return { changed: [], alert: repeated.id };

  const unfolded = linked ? [foldOut(linked, at)] : [];
  if (sighting.flags.length === 0) return { changed: unfolded };
  if (repeated) return { changed: [...unfolded, foldIn(repeated, at)], alert: repeated.id };

  const opened = openAlert(newAlertId, sighting, audience, at);
  const decidedAtMs = Date.parse(sighting.decidedAt) - against.clockSkewMs;
  const tooLate = Date.parse(at) - decidedAtMs > rules.expireAfterMs;
  return { changed: [...unfolded, tooLate ? expire(opened, at) : opened], alert: opened.id };
}

/** The alert that already covers every flag of this sighting within the cooldown; none when the subject is unknown. */
function findRepeated(
  sighting: Sighting,
  { sameSubject }: JudgedAgainst,
  rules: AlertRules,
): Alert | undefined {
  const subject = subjectOf(sighting);
  if (subject === undefined) return undefined;
  return sameSubject.find(
    (alert) =>
      alert.state !== 'withdrawn' &&
      alert.subject === subject &&
      alert.gate === sighting.gate &&
      sighting.flags.every((flag) => alert.flags.includes(flag)) &&
      Math.abs(Date.parse(sighting.decidedAt) - Date.parse(alert.decidedAt)) < rules.cooldownMs,
  );
}

import type { NoticeRequest } from '../announce/notice-request.ts';
import type { Alert } from '../contract/api.ts';
import type { Sighting } from '../contract/sighting.ts';
import {
  applyRevision,
  expire,
  foldIn,
  foldOut,
  type JudgedSighting,
  joinStorm,
  openAlert,
  seenByAnother,
  subjectOf,
} from './alert.ts';
import type { AlertRules } from './alert-rules.ts';
import { type Staff, tellAgain, tellFirst } from './escalation.ts';
import { type QuietRules, quietOf } from './quiet.ts';

/** What a sighting is judged against, read in the same transaction that saves the judgement. */
export interface JudgedAgainst {
  /** The alert that an earlier revision of this sighting opened, or was folded into. */
  linked?: Alert;
  /** Alerts of the same subject at the same gate, newest first. */
  sameSubject: Alert[];
  /** The newest alerts of the gate that are open or taken, newest first. */
  atGate: Alert[];
  /** Clock of the box minus clock of the hub, milliseconds, as its telemetry last showed. */
  clockSkewMs: number;
}

/** What holds at the site when a sighting is judged. */
export interface AlertContext {
  rules: AlertRules;
  staff: Staff;
  quiet: QuietRules;
}

/** What a judgement changes: alerts to save, whom to tell, and the alert that the sighting belongs to from now on. */
export interface Judgement {
  changed: Alert[];
  notices: NoticeRequest[];
  alert?: string;
}

/** Decides what a newly committed revision means for the guards. Pure: the id of a new alert and the time come in. */
export function judge(
  sighting: JudgedSighting,
  against: JudgedAgainst,
  context: AlertContext,
  newAlertId: string,
  at: string,
): Judgement {
  const { linked } = against;
  const { rules, staff } = context;
  if (linked?.sighting === sighting.id) {
    const followed = applyRevision(linked, sighting, at);
    if (followed === linked) return { changed: [], notices: [], alert: linked.id };
    const isOpenAgain = linked.state === 'withdrawn' && followed.state === 'open';
    const { alert, notices } = isOpenAgain
      ? tellAgain(followed, staff, rules, at)
      : { alert: followed, notices: [] };
    return { changed: [alert], notices, alert: alert.id };
  }
  const joined = sighting.flags.length > 0 ? findJoined(sighting, against, rules, at) : undefined;
  if (joined && joined.before.id === linked?.id) return { changed: [], notices: [], alert: joined.before.id };

  const unfolded = linked ? [foldOut(linked, at)] : [];
  if (sighting.flags.length === 0) return { changed: unfolded, notices: [] };
  if (joined) return { changed: [...unfolded, joined.after], notices: [], alert: joined.before.id };

  const { alert, notices } = open(sighting, against, context, newAlertId, at);
  return { changed: [...unfolded, alert], notices, alert: alert.id };
}

function open(
  sighting: JudgedSighting,
  against: JudgedAgainst,
  { rules, staff, quiet }: AlertContext,
  id: string,
  at: string,
) {
  const audience = staff.peopleAt('on_duty', sighting.gate).length > 0 ? 'on_duty' : 'managers';
  const opened = openAlert(id, sighting, audience, at);
  if (isTooLate(sighting, against, rules, at)) return { alert: expire(opened, at), notices: [] };
  const why = quietOf(opened, quiet, at);
  return tellFirst(why ? { ...opened, quiet: why } : opened, staff, rules, at);
}

/** Older than an alert may get: a box that was offline does not ring afterwards. */
function isTooLate(
  { decidedAt }: Sighting,
  { clockSkewMs }: JudgedAgainst,
  { expireAfterMs }: AlertRules,
  at: string,
): boolean {
  return Date.parse(at) - (Date.parse(decidedAt) - clockSkewMs) > expireAfterMs;
}

/** An alert that a sighting joins, as it was and as it becomes. */
interface Joined {
  before: Alert;
  after: Alert;
}

/** The same subject within the cooldown, the same moment through another lens, or one more of a storm. */
function findJoined(
  sighting: Sighting,
  against: JudgedAgainst,
  rules: AlertRules,
  at: string,
): Joined | undefined {
  const repeated = findRepeated(sighting, against, rules);
  if (repeated) return { before: repeated, after: foldIn(repeated, at) };
  const { linked } = against;
  if (linked && staysWith(linked, sighting)) return { before: linked, after: linked };
  const same = against.atGate.find((alert) => isSameMoment(sighting, alert, rules));
  if (same) return { before: same, after: seenByAnother(same, sighting.camera, at) };
  const storm = isTooLate(sighting, against, rules, at) ? undefined : findStorm(sighting, against, rules, at);
  if (storm) return { before: storm, after: joinStorm(storm, at) };
  return undefined;
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
      covers(alert, sighting) &&
      Math.abs(Date.parse(sighting.decidedAt) - Date.parse(alert.decidedAt)) < rules.cooldownMs,
  );
}

/** Folded in for its moment or in a storm, and a later revision says nothing against that. */
function staysWith(linked: Alert, sighting: Sighting): boolean {
  if (linked.state === 'withdrawn' || !covers(linked, sighting)) return false;
  return (
    linked.storm !== undefined || (linked.cameras.includes(sighting.camera) && mayBeSame(linked, sighting))
  );
}

/** Another lens of the gate, the same flags, the same moment, and nothing that says that it is somebody else. */
function isSameMoment(sighting: Sighting, alert: Alert, { sameMomentMs }: AlertRules): boolean {
  return (
    alert.camera !== sighting.camera &&
    !alert.cameras.includes(sighting.camera) &&
    mayBeSame(alert, sighting) &&
    covers(alert, sighting) &&
    Math.abs(Date.parse(sighting.decidedAt) - Date.parse(alert.decidedAt)) < sameMomentMs
  );
}

/** Nothing that both lenses know differs: what they are, which way they go, who they are. */
function mayBeSame(alert: Alert, sighting: Sighting): boolean {
  const subject = subjectOf(sighting);
  return (
    alert.kind === sighting.kind &&
    (subject === undefined || alert.subject === undefined || alert.subject === subject) &&
    (sighting.direction === 'unknown' ||
      alert.direction === 'unknown' ||
      alert.direction === sighting.direction)
  );
}

/**
 * The storm that goes on at this gate, or the newest open alert that begins one. Only alerts with the same flags count, so
 * that a watched plate rings among a hundred bare faces.
 */
function findStorm(
  sighting: Sighting,
  { atGate }: JudgedAgainst,
  { storm: { after, withinMs } }: AlertRules,
  at: string,
): Alert | undefined {
  const earliest = Date.parse(at) - withinMs;
  const alike = atGate.filter(
    (alert) => alert.flags.length === sighting.flags.length && covers(alert, sighting) && !alert.quiet,
  );
  const going = alike.find(
    (alert) => alert.state === 'open' && alert.storm && Date.parse(alert.storm.lastAt) >= earliest,
  );
  if (going) return going;
  const recent = alike.filter((alert) => Date.parse(alert.openedAt) >= earliest);
  if (recent.length < after) return undefined;
  return recent.find((alert) => alert.state === 'open');
}

function covers(alert: Alert, sighting: Sighting): boolean {
  return sighting.flags.every((flag) => alert.flags.includes(flag));
}

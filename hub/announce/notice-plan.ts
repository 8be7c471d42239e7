import type { Alert, AlertStage } from '../contract/api.ts';
import type { NoticeReason } from '../contract/channels.ts';
import type { ChannelSettings } from './channels/channel.ts';
import type { NoticeRequest } from './notice-request.ts';
import type { PlannedAgainst, PlannedNotice, StoredGap } from './notice-store.ts';

/** What planning needs beside the facts. */
export interface PlanRules {
  /** Milliseconds since the epoch. */
  now: number;
  /** How long an alert lives, milliseconds. */
  lifeMs: number;
  /** IANA name, for quiet hours. */
  timeZone: string;
}

/** A stage that is told late still has this long, milliseconds. */
const leastLifeMs = 5 * 60_000;

/**
 * Who is told of a request: one notice for each channel that wants it, one for each device of each person on Web Push.
 * What a channel wants but does not get is planned as skipped, with the reason, so that the alert shows it.
 */
export function planNotices(
  request: NoticeRequest,
  against: PlannedAgainst,
  rules: PlanRules,
): PlannedNotice[] {
  const { alert, gap, channels, devices } = against;
  const expiresAt = endOfLife(request, alert, rules);
  const endedBecause = reasonToStop(request.about.kind === 'alert' ? alert : gap);
  return channels
    .filter(({ settings }) => wants(settings, request, alert))
    .flatMap(({ id, kind, settings }) => {
      const reason = endedBecause ?? reasonToHoldBack(settings, request.stage, rules);
      const notice = { channel: id, channelKind: kind, channelName: settings.name, expiresAt };
      if (kind !== 'web_push') return [{ ...notice, target: '', ...stateFor(reason) }];
      if (request.people.length === 0)
        return [{ ...notice, target: '', ...stateFor(reason ?? 'nobody_in_stage') }];
      return request.people.flatMap((person) => {
        const theirs = devices.filter((device) => device.person === person);
        if (theirs.length === 0)
          return [{ ...notice, target: person, person, ...stateFor(reason ?? 'nobody_subscribed') }];
        return theirs.map((device) => ({ ...notice, target: device.id, person, ...stateFor(reason) }));
      });
    });
}

/** Why nobody needs to be told any more; undefined while somebody does. What the hub no longer knows is over. */
export function reasonToStop(about: Alert | StoredGap | undefined): NoticeReason | undefined {
  if (!about) return 'over';
  if (!('state' in about)) return about.until === undefined ? undefined : 'over';
  if (about.state === 'open') return undefined;
  return about.state === 'acknowledged' ? 'acknowledged' : 'over';
}

function wants(
  settings: ChannelSettings,
  { stage, gate, about }: NoticeRequest,
  alert: Alert | undefined,
): boolean {
  if (!settings.stages.includes(stage)) return false;
  if (settings.gates && !settings.gates.includes(gate)) return false;
  if (about.kind === 'gap') return settings.gaps;
  return !settings.flags || !alert || alert.flags.some((flag) => settings.flags?.includes(flag));
}

function reasonToHoldBack(
  settings: ChannelSettings,
  stage: AlertStage,
  rules: PlanRules,
): NoticeReason | undefined {
  if (!settings.enabled) return 'channel_off';
  const { quietHours } = settings;
  if (quietHours && !quietHours.except.includes(stage) && isQuiet(quietHours, rules)) return 'quiet_hours';
  return undefined;
}

/** From the first minute up to, and not with, the last; across midnight when it ends earlier than it begins. */
function isQuiet({ from, until }: { from: string; until: string }, { now, timeZone }: PlanRules): boolean {
  const format = { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  const time = new Intl.DateTimeFormat('en-GB', format).format(now);
  return from <= until ? from <= time && time < until : from <= time || time < until;
}

function stateFor(reason: NoticeReason | undefined): Pick<PlannedNotice, 'state' | 'reason'> {
  return reason === undefined ? { state: 'waiting' } : { state: 'skipped', reason };
}

function endOfLife({ at }: NoticeRequest, alert: Alert | undefined, { now, lifeMs }: PlanRules): string {
  const begins = Date.parse(alert?.openedAt ?? at);
  return new Date(Math.max(begins + lifeMs, now + leastLifeMs)).toISOString();
}

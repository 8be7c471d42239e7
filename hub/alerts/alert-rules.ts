import { type AlertSettings, alertSettings } from '../contract/alerting.ts';
import type { Flag } from '../contract/policy.ts';

/** How loudly the hub rings. */
export interface AlertRules {
  /** Milliseconds within which the same subject, flag and gate rings once. */
  cooldownMs: number;
  /** Milliseconds after which an alert that nobody touched expires; what arrives later than that never rings. */
  expireAfterMs: number;
  /** Milliseconds between two cameras of a gate that count as one moment. */
  sameMomentMs: number;
  /** Milliseconds until the next stage is told. */
  escalateAfterMs: Record<Flag, number>;
  /** So many open alerts of the same flags at a gate within so many milliseconds: what follows is a storm. */
  storm: { after: number; withinMs: number };
  quietHours: AlertSettings['quietHours'];
}

const secondMs = 1000;
const minuteMs = 60 * secondMs;

/** The rules as a manager has set them. */
export function alertRulesOf(settings: AlertSettings): AlertRules {
  const { cooldownMinutes, expireAfterMinutes, sameMomentSeconds, escalateAfterSeconds, storm } = settings;
  const escalateAfterMs = Object.fromEntries(
    Object.entries(escalateAfterSeconds).map(([flag, seconds]) => [flag, seconds * secondMs]),
  ) as AlertRules['escalateAfterMs'];
  return {
    cooldownMs: cooldownMinutes * minuteMs,
    expireAfterMs: expireAfterMinutes * minuteMs,
    sameMomentMs: sameMomentSeconds * secondMs,
    escalateAfterMs,
    storm: { after: storm.after, withinMs: storm.withinSeconds * secondMs },
    quietHours: settings.quietHours,
  };
}

/** What holds until a manager sets something else. */
export const defaultAlertRules: AlertRules = alertRulesOf(alertSettings.parse({}));

import { defaultAlertRules } from '../../hub/alerts/alert-rules.ts';
import type { AlertContext } from '../../hub/alerts/judgement.ts';

/** The rules as they come, nobody on duty, nothing quiet. */
export const nobodyAnywhere: AlertContext = {
  rules: defaultAlertRules,
  staff: { peopleAt: () => [] },
  quiet: { snoozes: [], quietHours: [], wallClock: { weekday: 1, weekdayBefore: 7, time: '12:00' } },
};

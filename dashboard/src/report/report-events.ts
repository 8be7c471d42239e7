import type { Alert } from '../../../hub/contract/api.ts';
import type { Words } from '../i18n/zh.ts';

/** One line of what happened to an alert. */
export interface ReportEvent {
  at: string;
  what: string;
  who: string;
  note?: string;
}

/** What happened to an alert, in time: raised, told, taken on, ended. */
export function reportEvents(alert: Alert, words: Words): ReportEvent[] {
  const said = words.report;
  const events: ReportEvent[] = [{ at: alert.openedAt, what: said.raised, who: '' }];
  for (const { at, stage, people } of alert.steps) {
    const names = people.map(({ displayName }) => displayName).join(words.listComma);
    events.push({ at, what: said.told[stage], who: names || said.nobody });
  }
  const { acknowledged, resolved } = alert;
  if (acknowledged)
    events.push({ at: acknowledged.at, what: said.acknowledged, who: acknowledged.displayName });
  if (resolved) {
    const what = said.resolved(words.dispositions[resolved.disposition]);
    const note = resolved.note === undefined ? {} : { note: resolved.note };
    events.push({ at: resolved.at, what, who: resolved.displayName, ...note });
  }
  if (alert.state === 'expired' || alert.state === 'withdrawn')
    events.push({ at: alert.updatedAt, what: endedBy(alert, words), who: '' });
  return events.sort((a, b) => a.at.localeCompare(b.at));
}

/** Nobody came in time, the box took it back, or a person did. */
function endedBy({ state, withdrawnReason }: Alert, words: Words): string {
  if (withdrawnReason === 'corrected_by_person') return words.corrections.report.withdrawn;
  return state === 'expired' ? words.report.expired : words.report.withdrawn;
}

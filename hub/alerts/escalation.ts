import type { NoticeRequest } from '../announce/notice-request.ts';
import { toInstant } from '../clock.ts';
import { type Alert, type AlertStage, type AlertStep, alertStage } from '../contract/api.ts';
import type { AlertRules } from './alert-rules.ts';

/** Who stands behind each stage now. */
export interface Staff {
  /** Empty when the stage has nobody at the moment. */
  peopleAt(stage: AlertStage, gate: string): { id: string; displayName: string }[];
}

/** An alert, and whom the channels must tell of it. */
export interface Told {
  alert: Alert;
  notices: NoticeRequest[];
}

/** An alert that has just opened: the first stage that has anybody is told at once. */
export function tellFirst(alert: Alert, staff: Staff, rules: AlertRules, at: string): Told {
  if (alert.state !== 'open' || alert.quiet) return { alert, notices: [] };
  return tellNext(alert, alert.audience === 'on_duty' ? 'opened' : 'nobody_on_duty', staff, rules, at);
}

/** An alert that was withdrawn and is open again: whoever was told knows, and the next stage comes in its time. */
export function tellAgain(alert: Alert, staff: Staff, rules: AlertRules, at: string): Told {
  if (alert.steps.length === 0) return tellFirst(alert, staff, rules, at);
  const isOver = alert.steps.at(-1)?.stage === alertStage.options.at(-1);
  return { alert: isOver ? alert : { ...alert, nextStepAt: after(at, alert, rules) }, notices: [] };
}

/** Nobody answered in time: the next stage that has anybody who was not told yet. */
export function escalate(alert: Alert, staff: Staff, rules: AlertRules, at: string): Told {
  if (alert.state !== 'open' || alert.nextStepAt === undefined || alert.nextStepAt > at) {
    return { alert, notices: [] };
  }
  return tellNext(alert, 'unanswered', staff, rules, at);
}

/** Stages are taken in order and once each; one that has nobody new is passed over without waiting. */
function tellNext(alert: Alert, why: AlertStep['why'], staff: Staff, rules: AlertRules, at: string): Told {
  const { nextStepAt: _, ...settled } = alert;
  const told = new Set(alert.steps.flatMap((step) => step.people.map(({ id }) => id)));
  const reached = Math.max(-1, ...alert.steps.map(({ stage }) => alertStage.options.indexOf(stage)));
  for (const stage of alertStage.options.slice(reached + 1)) {
    const people = staff.peopleAt(stage, alert.gate).filter(({ id }) => !told.has(id));
    if (people.length === 0) continue;
    const isLast = stage === alertStage.options.at(-1);
    return {
      alert: {
        ...settled,
        steps: [...alert.steps, { stage, at, why, people }],
        updatedAt: at,
        ...(isLast ? {} : { nextStepAt: after(at, alert, rules) }),
      },
      notices: [
        {
          at,
          about: { kind: 'alert', alert: alert.id },
          site: alert.site,
          gate: alert.gate,
          stage,
          people: people.map(({ id }) => id),
        },
      ],
    };
  }
  return { alert: settled, notices: [] };
}

/** Of several flags the most urgent one counts. */
function after(at: string, { flags }: Alert, { escalateAfterMs }: AlertRules): string {
  return toInstant(Date.parse(at) + Math.min(...flags.map((flag) => escalateAfterMs[flag])));
}

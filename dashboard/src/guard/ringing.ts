import type { Alert, Session } from '../../../hub/contract/api.ts';
import { alertSeverity, type Severity, severities } from './severity.ts';

/** Whether one stage or another told this person of the alert. */
export function wasTold({ steps }: Pick<Alert, 'steps'>, person: string): boolean {
  return steps.some(({ people }) => people.some(({ id }) => id === person));
}

/** Another gate's alert that this person, on duty elsewhere, was asked to help with. */
export function isHelping(alert: Alert, { duty, person }: Session): boolean {
  return duty !== undefined && duty.gate !== alert.gate && wasTold(alert, person.id);
}

/**
 * Whether an alert rings for this person: whoever was told of it hears it, and a guard on duty the own gate; a guard
 * who is not on duty hears all. Managers hear what they were told, and what nobody at all could be told.
 * What is quiet rings for nobody.
 */
export function ringsFor(alert: Alert, session: Session): boolean {
  if (alert.state !== 'open' || alert.quiet) return false;
  if (wasTold(alert, session.person.id)) return true;
  if (session.duty) return alert.gate === session.duty.gate;
  return session.person.role === 'guard' || (alert.audience === 'managers' && alert.steps.length === 0);
}

/** The loudest of several alerts; undefined when there is none. */
export function loudest(alerts: readonly Alert[]): Severity | undefined {
  const heard = new Set(alerts.map(alertSeverity));
  return severities.find((severity) => heard.has(severity));
}

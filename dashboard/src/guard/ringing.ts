import type { Alert, Session } from '../../../hub/contract/api.ts';
import { alertSeverity, type Severity, severities } from './severity.ts';

/**
 * Whether an alert rings for this person: a guard on duty hears the own gate, a guard not on duty hears all, and
 * managers hear what nobody at the gate can.
 */
export function ringsFor(alert: Alert, session: Session): boolean {
  if (alert.state !== 'open') return false;
  if (session.duty) return alert.gate === session.duty.gate;
  return session.person.role === 'guard' || alert.audience === 'managers';
}

/** The loudest of several alerts; undefined when there is none. */
export function loudest(alerts: readonly Alert[]): Severity | undefined {
  const heard = new Set(alerts.map(alertSeverity));
  return severities.find((severity) => heard.has(severity));
}

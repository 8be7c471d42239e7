import type { Person } from '../contract/api.ts';
import { HubError } from '../errors.ts';

/** The gates that somebody may see and change; `all` is the whole site, also gates that come later. */
export type GateScope = 'all' | readonly string[];

/** What a person may see and change. */
export function scopeOf({ gates }: Pick<Person, 'gates'>): GateScope {
  return gates ?? 'all';
}

/** Whether a gate is within a scope. */
export function covers(scope: GateScope, gate: string): boolean {
  return scope === 'all' || scope.includes(gate);
}

/** Refuses with GATE_NOT_ALLOWED what names a gate outside of the scope; undefined names none. */
export function requireGate(scope: GateScope, gate: string | undefined): void {
  if (gate === undefined || covers(scope, gate)) return;
  throw new HubError('GATE_NOT_ALLOWED', undefined, { details: { gates: scope } });
}

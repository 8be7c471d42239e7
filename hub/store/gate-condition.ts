import type { GateScope } from '../accounts/scope.ts';

/** A condition that a column names a gate of a scope, whose gates are the value `@gates`. */
export function atGates(column: string): string {
  return `(@gates is null or ${column} in (select value from json_each(@gates)))`;
}

/** The gates of a scope as that condition takes them: JSON, or null for the whole site. */
export function gatesOf(scope: GateScope): string | null {
  return scope === 'all' ? null : JSON.stringify(scope);
}

import type { Alert } from '../../../hub/contract/api.ts';
import type { Flag } from '../../../hub/contract/policy.ts';
import type { Sighting } from '../../../hub/contract/sighting.ts';

/**
 * What a correction led to, when the rules had run again. `withdrawn`: the alert rings no more. `to_close`: whoever took it
 * closes it. `raised`: people are told. `too_late`: it would have been, but it is long ago. `stays`: other flags hold.
 * `dealt_with`: what was done stays as it was done.
 */
export type Consequence =
  | { kind: 'none' | 'withdrawn' | 'to_close' | 'dealt_with' }
  | { kind: 'raised' | 'too_late' | 'stays'; flags: readonly Flag[] };

/** Compares the sighting before and after, and how its alert stands since. */
export function consequenceOf(before: Sighting, after: Sighting, alert: Alert | undefined): Consequence {
  const gone = before.flags.filter((flag) => !after.flags.includes(flag));
  const came = after.flags.filter((flag) => !before.flags.includes(flag));
  if (!alert || (gone.length === 0 && came.length === 0)) return { kind: 'none' };
  if (alert.state === 'resolved') return { kind: 'dealt_with' };
  if (alert.state === 'withdrawn') return { kind: 'withdrawn' };
  if (alert.state === 'expired')
    return came.length > 0 ? { kind: 'too_late', flags: came } : { kind: 'none' };
  if (after.flags.length === 0) return { kind: 'to_close' };
  return came.length > 0 ? { kind: 'raised', flags: came } : { kind: 'stays', flags: after.flags };
}

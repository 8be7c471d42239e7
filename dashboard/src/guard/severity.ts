import type { Alert } from '../../../hub/contract/api.ts';
import type { Flag } from '../../../hub/contract/policy.ts';
import type { IconName } from '../ui/icons.tsx';

/** How loudly an alert speaks: stop someone, speak to someone, or look at the picture. */
export type Severity = 'high' | 'normal' | 'low';

/** From loudest to quietest. */
export const severities: readonly Severity[] = ['high', 'normal', 'low'];

/** The flags in the order of their weight: the first of an alert is its title. */
const order: readonly [Flag, Severity, IconName][] = [
  ['watched_province', 'high', 'vehicle'],
  ['mask_not_worn', 'high', 'mask'],
  ['out_of_province', 'normal', 'vehicle'],
  ['mask_worn_improperly', 'normal', 'mask'],
  ['first_time', 'normal', 'newcomer'],
  ['province_uncertain', 'low', 'question'],
];

/** An alert's flags, the weightiest first. */
export function sortedFlags(flags: readonly Flag[]): Flag[] {
  return order.map(([flag]) => flag).filter((flag) => flags.includes(flag));
}

/** Which verdict a flag was raised for. */
export function flagVerdict(flag: Flag): 'mask' | 'familiarity' | 'province' {
  if (flag === 'first_time') return 'familiarity';
  return flag.startsWith('mask') ? 'mask' : 'province';
}

/** How loudly one flag speaks. */
export function flagSeverity(flag: Flag): Severity {
  return order.find(([each]) => each === flag)?.[1] ?? 'normal';
}

/** The picture that stands for a flag. */
export function flagIcon(flag: Flag): IconName {
  return order.find(([each]) => each === flag)?.[2] ?? 'alert';
}

/** As loud as the loudest of its flags. */
export function alertSeverity({ flags }: Pick<Alert, 'flags'>): Severity {
  const [first] = sortedFlags(flags);
  return first ? flagSeverity(first) : 'low';
}

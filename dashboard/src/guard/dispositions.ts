import type { Alert, Disposition } from '../../../hub/contract/api.ts';
import type { IconName } from '../ui/icons.tsx';

/** The picture that stands for each way an alert can end. */
export const dispositionIcons: Record<Disposition, IconName> = {
  let_in: 'open',
  mask_handed_out: 'mask',
  registered: 'note',
  turned_away: 'turnBack',
  false_alarm: 'falseAlarm',
  other: 'more',
};

const forPerson: readonly Disposition[] = [
  'let_in',
  'mask_handed_out',
  'registered',
  'turned_away',
  'false_alarm',
  'other',
];
const forVehicle: readonly Disposition[] = ['let_in', 'registered', 'turned_away', 'false_alarm', 'other'];

/** The ways this alert can end, always in the same place: a car gets no mask. */
export function dispositionsFor({ kind }: Pick<Alert, 'kind'>): readonly Disposition[] {
  return kind === 'person' ? forPerson : forVehicle;
}

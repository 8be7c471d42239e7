import type { AlertSettings, QuietHours } from '../../../hub/contract/alerting.ts';
import type { Hours } from '../office/hours-input.tsx';

/** Quiet hours as the form holds them. */
type QuietFields = Omit<QuietHours, 'startsAt' | 'endsAt'> & { hours: Hours };

/** The settings of alerts as the form holds them. */
export type AlertFields = Omit<AlertSettings, 'quietHours' | 'neighbours'> & {
  quietHours: QuietFields[];
  /** Who helps at each gate; none chosen are all others. */
  neighbours: Record<string, string[]>;
};

/** The settings as the form holds them. */
export function alertFields({ quietHours, neighbours, ...rest }: AlertSettings): AlertFields {
  return {
    ...rest,
    quietHours: quietHours.map(({ startsAt, endsAt, ...hours }) => ({
      ...hours,
      hours: { startsAt, endsAt },
    })),
    neighbours: Object.fromEntries(neighbours.map(({ gate, next }) => [gate, next])),
  };
}

/** What the form holds as settings; gates that the page does not show keep what they have. */
export function alertSettingsOf({ quietHours = [], neighbours, ...rest }: AlertFields): AlertSettings {
  return {
    ...rest,
    quietHours: quietHours.map(({ hours, gates = [], ...quiet }) => ({ ...quiet, gates, ...hours })),
    neighbours: Object.entries(neighbours ?? {})
      .filter(([, next]) => next?.length > 0)
      .map(([gate, next]) => ({ gate, next })),
  };
}

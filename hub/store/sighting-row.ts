import type { TrajectoryEntry } from '../contract/api.ts';
import { sighting as sightingSchema } from '../contract/sighting.ts';

/** What of a row of the log is handed out. */
export interface EntryRow {
  received_at: string;
  alert_id: string | null;
  /** Which facts are a person's word, JSON. */
  corrected: string | null;
  /** The sighting, JSON. */
  body: string;
}

/** A row of the log as the API says it. */
export function readEntry({ received_at, alert_id, corrected, body }: EntryRow): TrajectoryEntry {
  const sighting = sightingSchema.parse(JSON.parse(body));
  return {
    ...sighting,
    receivedAt: received_at,
    ...(alert_id === null ? {} : { alert: alert_id }),
    ...(corrected === null ? {} : { corrected: JSON.parse(corrected) }),
  };
}

import type { JudgedSighting } from '../alerts/alert.ts';
import type { JudgedAgainst, Judgement } from '../alerts/judgement.ts';
import type { Sighting } from '../contract/sighting.ts';
import type { LoggedEvent } from '../event-log.ts';

/**
 * What became of a revision. `stale`: a newer one is committed already. `conflict`: another track has this id.
 * `mismatched` names evidence that is here with other bytes than the sighting names; it was thrown away.
 */
export type SightingOutcome =
  | { kind: 'committed'; events: LoggedEvent[]; mismatched: string[] }
  | { kind: 'duplicate' | 'stale' | 'conflict' };

/** Commits revisions of sightings. */
export interface SightingStore {
  /**
   * One transaction: reads what the revision is judged against, applies the pure rule, saves sighting and alerts, logs
   * the events. Committing the same revision again changes nothing. What people have corrected holds for later revisions
   * too: `current` is what is judged.
   */
  commit(
    sighting: Sighting,
    subject: string | undefined,
    receivedAt: string,
    judge: (against: JudgedAgainst, current: JudgedSighting) => Judgement,
  ): Promise<SightingOutcome>;
}

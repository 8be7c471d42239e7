import type { AlertContext } from '../alerts/judgement.ts';
import type { CorrectedSighting, Correction } from '../contract/correction.ts';
import type { LoggedEvent } from '../event-log.ts';

/** A sighting after a correction, with the events that the same commit logged. */
export interface CorrectionOutcome {
  corrected: CorrectedSighting;
  events: LoggedEvent[];
}

/** Keeps corrections. Every method is one unit of work. */
export interface CorrectionStore {
  /** Undefined when there is no such sighting. */
  read(sighting: string): Promise<CorrectedSighting | undefined>;
  get(id: string): Promise<Correction | undefined>;
  /**
   * Saves corrections, or new states of them, all or none: the sightings are corrected, judged again, and the alerts
   * follow. Undefined when a sighting is not there.
   */
  save(
    corrections: Correction[],
    context: AlertContext,
    at: string,
  ): Promise<CorrectionOutcome[] | undefined>;
  /** Of these sightings, those that are of one of these subjects. */
  ofSubject(site: string, subject: string, sightings: string[]): Promise<string[]>;
}

import type { AlertStage } from '../contract/api.ts';

/**
 * Somebody must be told beyond the tablets' stream. Written in the transaction that decided it, taken up afterwards
 * by the channels, so that no crash in between loses it.
 */
export interface NoticeRequest {
  /** ISO 8601 UTC. */
  at: string;
  /** An alert by its id, or a gate at which nobody is on duty by the id of the gap. */
  about: { kind: 'alert'; alert: string } | { kind: 'gap'; gap: string };
  site: string;
  gate: string;
  stage: AlertStage;
  /** Ids of the accounts that this stage consists of; empty when it has nobody. */
  people: string[];
}

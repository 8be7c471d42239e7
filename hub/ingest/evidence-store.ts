import type { GateScope } from '../accounts/scope.ts';
import type { BoxAddress } from '../contract/topics.ts';

/** A picture as it came from a box. */
export interface NewEvidence {
  id: string;
  from: BoxAddress;
  jpeg: Uint8Array;
  receivedAt: string;
}

/** `kept` now or before with the same bytes; `mismatch` when a sighting or an earlier copy names other bytes. */
export type EvidenceOutcome = 'kept' | 'duplicate' | 'mismatch';

/** A kept picture. */
export interface KeptEvidence {
  id: string;
  site: string;
  box: string;
  sha256: string;
  jpeg: Uint8Array;
  receivedAt: string;
}

/** Keeps pictures on the disk and their rows in the database: the file first, then the row, so that a row never lies. */
export interface EvidenceStore {
  keep(evidence: NewEvidence): Promise<EvidenceOutcome>;
  /** Undefined also when no sighting at a gate within the scope names it. */
  read(id: string, scope: GateScope): Promise<KeptEvidence | undefined>;
}

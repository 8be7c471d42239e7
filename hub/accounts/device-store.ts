import type { Device } from '../contract/api.ts';

/** A tablet as stored: the token itself is only in its cookie. */
export interface StoredDevice extends Device {
  site: string;
  /** Lower-case hex SHA-256 of the token. */
  tokenHash: string;
}

/** A code that waits to be typed on a tablet. */
export interface StoredPairing {
  /** Lower-case hex SHA-256. */
  codeHash: string;
  site: string;
  gate: string;
  name: string;
  /** Display name. */
  madeBy: string;
  /** ISO 8601 UTC. */
  expiresAt: string;
}

/** Where paired tablets are kept; each call is one whole unit of work. */
export interface DeviceStore {
  /** Codes that have run out are removed along the way. */
  addPairing(pairing: StoredPairing, now: string): Promise<void>;
  /** Takes the code once and adds the tablet that it is for; undefined when there is no such code any more. */
  pair(
    codeHash: string,
    now: string,
    toDevice: (pairing: StoredPairing) => StoredDevice,
  ): Promise<StoredDevice | undefined>;
  findByToken(tokenHash: string): Promise<StoredDevice | undefined>;
  /** By gate and name. */
  list(site: string): Promise<Device[]>;
  noteSeen(id: string, at: string): Promise<void>;
  /** Ends the sessions that were begun on it, whose token hashes are given; undefined when there is no such tablet. */
  revoke(site: string, id: string): Promise<{ device: Device; sessions: string[] } | undefined>;
  guardsOnlyOnPairedTablets(site: string): Promise<boolean>;
  setGuardsOnlyOnPairedTablets(site: string, on: boolean, changedBy: string, at: string): Promise<void>;
}

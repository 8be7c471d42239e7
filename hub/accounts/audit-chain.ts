import { createHash } from 'node:crypto';

/** An entry of the trail as it is stored: what its hash is taken over. */
export interface ChainedEntry {
  id: number;
  /** ISO 8601 UTC. */
  at: string;
  action: string;
  actor: string | null;
  actorName: string | null;
  target: string | null;
  address: string;
  /** JSON text, exactly as it is stored. */
  details: string | null;
  /** Lower-case hex SHA-256. */
  hash: string;
}

/** One place in the chain: worth noting elsewhere, because everything before it can be proven by it. */
export interface ChainLink {
  id: number;
  hash: string;
}

/** What walking the chain has shown: everything holds up to the head, or where it first does not. */
export type ChainProof =
  | { intact: true; entries: number; head: ChainLink }
  | { intact: false; entries: number; brokenAt: number };

/** What the first entry follows. */
export const chainStart: ChainLink = { id: 0, hash: '0'.repeat(64) };

/**
 * SHA-256 over the hash before and the entry as canonical JSON: an array of text, integers and null in a fixed order,
 * for which JSON.stringify gives the form of RFC 8785.
 */
export function chainHash(previous: string, entry: Omit<ChainedEntry, 'hash'>): string {
  const { id, at, action, actor, actorName, target, address, details } = entry;
  const canonical = JSON.stringify([id, at, action, actor, actorName, target, address, details]);
  return createHash('sha256').update(previous).update(canonical).digest('hex');
}

/**
 * Walks the entries in the order of their ids, from `start` (the beginning, or a checkpoint). `expected` is a place that
 * was noted elsewhere: it must be in the chain, so that a tail that was cut off shows.
 */
export async function proveChain(
  entries: AsyncIterable<ChainedEntry>,
  start: ChainLink,
  expected?: ChainLink,
): Promise<ChainProof> {
  let head = start;
  let count = 0;
  let met = expected === undefined || isSame(expected, start);
  for await (const entry of entries) {
    if (entry.id <= head.id || entry.hash !== chainHash(head.hash, entry)) {
      return { intact: false, entries: count, brokenAt: entry.id };
    }
    head = { id: entry.id, hash: entry.hash };
    count += 1;
    if (expected?.id === entry.id) {
      if (!isSame(expected, head)) return { intact: false, entries: count, brokenAt: entry.id };
      met = true;
    }
  }
  if (expected && !met) return { intact: false, entries: count, brokenAt: expected.id };
  return { intact: true, entries: count, head };
}

function isSame(one: ChainLink, other: ChainLink): boolean {
  return one.id === other.id && one.hash === other.hash;
}

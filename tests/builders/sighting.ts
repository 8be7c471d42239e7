import { createHash, randomUUID } from 'node:crypto';
import { newId } from '../../hub/contract/ids.ts';
import type { Evidence, Sighting } from '../../hub/contract/sighting.ts';

/** A valid sighting of a person without a mask; `change` replaces fields. */
export function buildSighting(change: Partial<Sighting> = {}): Sighting {
  return {
    schema: 1,
    id: newId(Date.parse('2026-03-01T08:00:00.000Z')),
    revision: 1,
    phase: 'opened',
    site: 'demo',
    box: 'east-box',
    gate: 'east-gate',
    camera: 'east-lane',
    kind: 'person',
    occurredAt: '2026-03-01T08:00:00.000Z',
    decidedAt: '2026-03-01T08:00:01.000Z',
    direction: 'unknown',
    verdicts: { mask: { verdict: 'not_worn', confidence: 0.97, votes: 4 } },
    flags: ['mask_not_worn'],
    policyVersion: 1,
    evidence: [],
    ...change,
  };
}

/** Bytes that begin and end like a JPEG and differ from call to call. */
export function buildJpeg(bytes = 400): Buffer {
  const jpeg = Buffer.alloc(bytes, randomUUID());
  jpeg.set([0xff, 0xd8, 0xff, 0xe0]);
  jpeg.set([0xff, 0xd9], bytes - 2);
  return jpeg;
}

/** The contract's description of a picture. */
export function describeEvidence(jpeg: Buffer, change: Partial<Evidence> = {}): Evidence {
  return {
    id: randomUUID(),
    sha256: createHash('sha256').update(jpeg).digest('hex'),
    role: 'face',
    occurredAt: '2026-03-01T08:00:01.000Z',
    width: 120,
    height: 160,
    ...change,
  };
}

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { subjectOf } from '../../hub/alerts/alert.ts';
import { judge } from '../../hub/alerts/judgement.ts';
import { newId } from '../../hub/contract/ids.ts';
import type { Sighting } from '../../hub/contract/sighting.ts';
import type { Store } from '../../hub/store/open-store.ts';
import { nobodyAnywhere } from './alert-context.ts';
import { buildJpeg, buildSighting, describeEvidence } from './sighting.ts';

/** A sighting that the hub has with its picture, and the alert that it raised. */
export interface Kept {
  sighting: Sighting;
  jpeg: Buffer;
  picture: { id: string; sha256: string };
  alert?: string;
}

/** Has a store keep a sighting with one picture, as the event line does, at this instant. */
export async function keep(
  store: Store,
  at: string,
  change: Partial<Sighting> = {},
  bytes?: number,
): Promise<Kept> {
  const jpeg = buildJpeg(bytes);
  const evidence = describeEvidence(jpeg);
  const now = Date.parse(at);
  const sighting = buildSighting({
    id: newId(now),
    occurredAt: at,
    decidedAt: at,
    evidence: [evidence],
    ...change,
  });
  const from = { site: sighting.site, box: sighting.box };
  await store.evidence.keep({ id: evidence.id, from, jpeg, receivedAt: at });
  await store.sightings.commit(sighting, subjectOf(sighting), at, (against) =>
    judge(sighting, against, nobodyAnywhere, newId(now), at),
  );
  const alert = (await store.log.get(sighting.id, 'all'))?.alert;
  return {
    sighting,
    jpeg,
    picture: { id: evidence.id, sha256: evidence.sha256 },
    ...(alert ? { alert } : {}),
  };
}

/** What makes a sighting one of a vehicle with this plate. */
export function vehicle(text: string): Partial<Sighting> {
  const plate = { text, class: 'small_car' as const, confidence: 0.9, characters: [], votes: 3 };
  const province = { verdict: 'out_of_province' as const, confidence: 0.9, votes: 3 };
  return { kind: 'vehicle', plate, verdicts: { province }, flags: ['out_of_province'] };
}

/** Names of the files below a folder, none when it is not there. */
export function filesBelow(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** Files below a folder that hold these bytes. */
export function filesWith(folder: string, bytes: Buffer): string[] {
  return filesBelow(folder).filter((path) => readFileSync(path).includes(bytes));
}

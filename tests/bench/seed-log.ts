import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expire, subjectOf } from '../../hub/alerts/alert.ts';
import { judge } from '../../hub/alerts/judgement.ts';
import { newId } from '../../hub/contract/ids.ts';
import { defaultRetention } from '../../hub/keeping/retention-rules.ts';
import { openStore } from '../../hub/store/open-store.ts';
import { nobodyAnywhere } from '../builders/alert-context.ts';
import { Compound } from './compound.ts';

/** Sightings that are committed together. */
const batchSize = 256;

/** Midnight UTC of the first day of what is seeded: the last day is yesterday. */
export function firstMidnight(days: number, now: number): number {
  const dayMs = 86_400_000;
  return Math.floor(now / dayMs) * dayMs - days * dayMs;
}

/**
 * Fills a new hub's log with an invented compound, through the same commits that messages of boxes go through. The
 * same options on the same day give the same log. Alerts have expired, as they do when they lie. No pictures.
 */
export async function seedLog(
  dataFolder: string,
  sightings: number,
  days: number,
  now: number,
): Promise<void> {
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
  const store = await openStore({
    database: join(dataFolder, 'hub.sqlite'),
    evidence: join(dataFolder, 'evidence'),
  });
  // Nothing of it goes while the hub is measured.
  const kept = { evidenceDays: 2 * days, personDays: 2 * days, sightingDays: 2 * days, alertDays: 2 * days };
  const decided = { by: 'seed', at: new Date(now).toISOString() };
  await store.retention.saveSettings('demo', { ...defaultRetention, ...kept }, decided);
  const compound = new Compound({ sightings, days });
  const startedAt = performance.now();
  let commits: Promise<unknown>[] = [];
  let count = 0;
  for (const sighting of compound.sightings(firstMidnight(days, now))) {
    const receivedAt = new Date(Date.parse(sighting.decidedAt) + 200).toISOString();
    const commit = store.sightings.commit(sighting, subjectOf(sighting), receivedAt, (against) => {
      const alertId = newId(Date.parse(receivedAt));
      const { changed, ...rest } = judge(sighting, against, nobodyAnywhere, alertId, receivedAt);
      return { ...rest, notices: [], changed: changed.map((alert) => expire(alert, receivedAt)) };
    });
    commits.push(commit);
    count++;
    if (commits.length < batchSize && count < sightings) continue;
    await Promise.all(commits);
    commits = [];
    if (count % (batchSize * 200) === 0 || count === sightings) {
      const seconds = (performance.now() - startedAt) / 1000;
      process.stderr.write(`${count} of ${sightings} sightings, ${Math.round(count / seconds)}/s\n`);
    }
    if (count === sightings) break;
  }
  await store.close();
}

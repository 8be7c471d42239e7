import { toInstant } from '../clock.ts';
import type { RetentionKind, RetentionSettings } from '../contract/keeping.ts';
import { HubError } from '../errors.ts';

const dayMs = 86_400_000;

/**
 * What holds until somebody decides otherwise, as short as the work allows (PIPL art. 6 and 19): a month to settle an
 * argument at the gate with a picture or a person's way, a quarter for the log of vehicles, three years for the records
 * of who looked. `evidenceMaxBytes` fits the disk at the first start.
 */
export const defaultRetention: RetentionSettings = {
  evidenceDays: 30,
  personDays: 30,
  sightingDays: 90,
  alertDays: 90,
  auditDays: 1096,
  evidenceMaxBytes: 20e9,
};

/** A picture or a person's id would outlive the sighting that says when and where: it goes with it or before it. */
export function checkRetention(settings: RetentionSettings): RetentionSettings {
  for (const field of ['evidenceDays', 'personDays'] as const) {
    if (settings[field] > settings.sightingDays)
      throw new HubError('RETENTION_INVALID', undefined, {
        details: { field, atMost: settings.sightingDays },
      });
  }
  return settings;
}

/** The share of the free disk that pictures take at most, unless told otherwise. */
const shareOfFreeDisk = 0.8;

/** The defaults on a disk with so much free. */
export function retentionFor(diskFreeBytes: number): RetentionSettings {
  const room = Math.max(1e6, Math.floor(diskFreeBytes * shareOfFreeDisk));
  return { ...defaultRetention, evidenceMaxBytes: Math.min(defaultRetention.evidenceMaxBytes, room) };
}

/** The kinds that go by age, in the order in which they go: pictures before what names them. */
export const agingKinds = [
  'pictures',
  'unnamed_pictures',
  'persons',
  'alerts',
  'sightings',
  'dead_letters',
  'audit',
] as const;
export type AgingKind = Extract<RetentionKind, (typeof agingKinds)[number]>;

/**
 * Days after which a picture goes that no sighting named: longer than a box is without its hub between the picture and
 * the sighting, which is sent right after it.
 */
const unnamedDays = 7;

/** What the hub received before this instant goes. */
export function cutoff(kind: AgingKind, settings: RetentionSettings, now: number): string {
  return toInstant(now - keptDays(kind, settings) * dayMs);
}

function keptDays(kind: AgingKind, settings: RetentionSettings): number {
  switch (kind) {
    case 'pictures':
      return settings.evidenceDays;
    case 'unnamed_pictures':
      return Math.min(unnamedDays, settings.evidenceDays);
    case 'persons':
      return settings.personDays;
    case 'alerts':
      return settings.alertDays;
    case 'sightings':
    case 'dead_letters':
      return settings.sightingDays;
    case 'audit':
      return settings.auditDays;
  }
}

import { type Flag, type Policy, provinces } from './policy.ts';
import type { PlateClass, ProvinceVerdict, Sighting } from './sighting.ts';

/** Readings after which a province that is still uncertain goes to a person, although the track goes on. */
const enoughReadings = 8;
/** A single reading at the end of a track may be anything. */
const fewestReadings = 2;

/** What the site holds a province against. */
export interface ProvinceRule {
  homeProvince: string | undefined;
  /** Provinces watched now. */
  watched: readonly string[];
}

/** Classes whose first character names the province they come from (GA 36-2018). */
export const provincialClasses: ReadonlySet<PlateClass> = new Set([
  'small_car',
  'large_vehicle',
  'driving_school',
  'trailer',
  'small_new_energy',
  'large_new_energy',
  'police',
]);

/** Whether a character is one of the 31 that name a province. */
export function isProvince(text: string | undefined): text is string {
  return text !== undefined && (provinces as readonly string[]).includes(text);
}

/** What a province is to the site. One that is watched is watched even at home: somebody asked for it by name. */
export function placeOf(code: string, { homeProvince, watched }: ProvinceRule): ProvinceVerdict['verdict'] {
  if (watched.includes(code)) return 'watched';
  if (homeProvince === undefined) return 'uncertain';
  return code === homeProvince ? 'home' : 'out_of_province';
}

/** Whether a rule of the policy is in force at `at` (ms): enabled, from its start until just before its end. */
export function isInForce(
  rule: { enabled: boolean; startsAt: string; endsAt: string } | undefined,
  at: number,
): boolean {
  return rule?.enabled === true && at >= Date.parse(rule.startsAt) && at < Date.parse(rule.endsAt);
}

/** The provinces watched at `at` (ms). */
export function watchedProvinces(policy: Policy | undefined, at: number): string[] {
  const rules = policy?.watchedProvinces ?? [];
  return rules.flatMap((rule) => (isInForce(rule, at) ? rule.provinces : []));
}

/**
 * What policy wants a person to see in these verdicts. A watched plate is flagged as watched alone, for one car is one
 * matter; an uncertain province is flagged only when it will hardly become certain any more.
 */
export function flagsOf(
  verdicts: Sighting['verdicts'],
  policy: Policy | undefined,
  decidedAt: number,
  hasEnded: boolean,
): Flag[] {
  if (!policy) return [];
  const flags: Flag[] = [];
  if (isInForce(policy.mask, decidedAt)) {
    if (verdicts.mask?.verdict === 'not_worn') flags.push('mask_not_worn');
    if (verdicts.mask?.verdict === 'worn_improperly') flags.push('mask_worn_improperly');
  }
  if (isInForce(policy.firstTime, decidedAt) && verdicts.familiarity?.verdict === 'first_time')
    flags.push('first_time');

  const province = verdicts.province;
  const isAway = isInForce(policy.outOfProvince, decidedAt);
  const isWatching = watchedProvinces(policy, decidedAt).length > 0;
  if (!province) return flags;
  if (isAway && province.verdict === 'out_of_province') flags.push('out_of_province');
  if (isWatching && province.verdict === 'watched') flags.push('watched_province');
  const isFinal = province.votes >= (hasEnded ? fewestReadings : enoughReadings);
  if ((isAway || isWatching) && province.verdict === 'uncertain' && isFinal) flags.push('province_uncertain');
  return flags;
}

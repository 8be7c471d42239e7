import { createHash } from 'node:crypto';
import type { AlertDesk } from '../alerts/alert-desk.ts';
import { type Clock, toInstant } from '../clock.ts';
import type { TrajectoryEntry } from '../contract/api.ts';
import type { Flag, Policy } from '../contract/policy.ts';
import type { IncidentReport, RuleName } from '../contract/report.ts';
import { type Evidence, sighting as sightingSchema } from '../contract/sighting.ts';
import { HubError } from '../errors.ts';
import type { EvidenceStore, KeptEvidence } from '../ingest/evidence-store.ts';
import type { PolicyDesk } from '../policy/policy-desk.ts';
import type { CorrectionStore } from '../trajectory/correction-store.ts';
import type { SightingLog } from '../trajectory/sighting-log.ts';
import { canonicalJson } from './canonical-json.ts';

/** Where a report takes its facts from. */
export interface ReportParts {
  alerts: Pick<AlertDesk, 'get'>;
  sightings: Pick<SightingLog, 'get'>;
  evidence: Pick<EvidenceStore, 'read'>;
  corrections: Pick<CorrectionStore, 'read'>;
  policies: Pick<PolicyDesk, 'version'>;
  clock: Clock;
}

/** Which rules a flag can come from. */
const rulesOfFlag: Record<Flag, RuleName[]> = {
  mask_not_worn: ['mask'],
  mask_worn_improperly: ['mask'],
  first_time: ['firstTime'],
  out_of_province: ['outOfProvince'],
  watched_province: ['watchedProvinces'],
  province_uncertain: ['outOfProvince', 'watchedProvinces'],
};

/** Puts together what a report of one alert says, and looks at every byte that it names. */
export class ReportDesk {
  readonly #parts: ReportParts;

  constructor(parts: ReportParts) {
    this.#parts = parts;
  }

  /** Throws ALERT_UNKNOWN. */
  async incident(id: string, printedBy: { id: string; displayName: string }): Promise<IncidentReport> {
    const { alerts, sightings, corrections, policies, clock } = this.#parts;
    const alert = await alerts.get(id, 'all');
    const sighting = await sightings.get(alert.sighting, 'all');
    const told = await corrections.read(alert.sighting);
    const policy = sighting && (await policies.version(alert.site, sighting.policyVersion));
    const named = sighting?.evidence ?? alert.evidence;
    return {
      alert,
      ...(sighting && {
        sighting,
        sightingSha256: hashOf(canonicalJson(told?.original ?? asSent(sighting))),
        ...(told && told.corrections.length > 0 ? { original: told.original } : {}),
        corrections: told?.corrections ?? [],
        policyVersion: sighting.policyVersion,
      }),
      pictures: await Promise.all(named.map((evidence) => this.#look(evidence))),
      rules: policy ? rulesBehind(alert.flags, policy) : [],
      printedBy: { id: printedBy.id, displayName: printedBy.displayName },
      printedAt: toInstant(clock.now()),
    };
  }

  async #look(evidence: Evidence): Promise<IncidentReport['pictures'][number]> {
    let kept: KeptEvidence | undefined;
    try {
      kept = await this.#parts.evidence.read(evidence.id, 'all');
    } catch (error) {
      // What does not open is not what was kept.
      if (error instanceof HubError && error.code === 'EVIDENCE_BROKEN')
        return { evidence, state: 'changed' };
      throw error;
    }
    if (!kept) return { evidence, state: 'missing' };
    const foundSha256 = hashOf(kept.jpeg);
    return { evidence, state: foundSha256 === evidence.sha256 ? 'intact' : 'changed', foundSha256 };
  }
}

/** The sighting as the box sent it, without what the hub added. */
function asSent(entry: TrajectoryEntry): object {
  const fields = Object.keys(sightingSchema.shape) as (keyof TrajectoryEntry)[];
  return Object.fromEntries(fields.filter((field) => field in entry).map((field) => [field, entry[field]]));
}

function rulesBehind(flags: readonly Flag[], policy: Policy): IncidentReport['rules'] {
  const names = [...new Set(flags.flatMap((flag) => rulesOfFlag[flag]))];
  return names.flatMap((name) => {
    const rules = policy[name] ?? [];
    return (Array.isArray(rules) ? rules : [rules]).map(({ reason, owner, startsAt, endsAt }) => ({
      name,
      reason,
      owner,
      startsAt,
      endsAt,
    }));
  });
}

function hashOf(of: string | Uint8Array): string {
  return createHash('sha256').update(of).digest('hex');
}

import type { AuditEntry } from '../../../hub/contract/api.ts';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-/;
/** Actions whose target is a gate. */
const atGates: readonly string[] = [
  'clocked_in',
  'device_paired',
  'device_revoked',
  'pairing_code_made',
  'logged_in',
];

/** What was done to whom, short: plates whole, ids by their last six characters, gates by name. */
export function targetWords({ action, actor, target, details }: AuditEntry): {
  said: string;
  isPlace: boolean;
} {
  if (target === undefined || target === actor?.id) return { said: '', isPlace: false };
  if (atGates.includes(action)) return { said: target, isPlace: true };
  const { version } = details ?? {};
  if (typeof version === 'number') return { said: `v${version}`, isPlace: false };
  if (action.startsWith('policy_')) return { said: '', isPlace: false };
  return { said: uuid.test(target) ? `…${target.slice(-6)}` : target, isPlace: false };
}

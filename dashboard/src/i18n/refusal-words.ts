import { HubRefusal } from '../api/hub.ts';
import type { Words } from './zh.ts';

/** What to tell a person about a refusal: our words for its code, else the hub's remedy, else words for its status. */
export function refusalWords(error: unknown, words: Words): string {
  if (!(error instanceof HubRefusal)) return words.errors.fallback;
  const ours = words.errors.byCode[error.code];
  if (ours) return ours;
  return words.errors.byStatus[error.status] ?? (error.remedy || words.errors.fallback);
}

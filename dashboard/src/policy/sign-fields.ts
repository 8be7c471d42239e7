import type { Language } from '../i18n/language.tsx';

/** What a manager types for the sign in one language; empty where nothing was typed. */
export interface SignWording {
  /** The name of the compound or property: who operates the cameras. */
  operator: string;
  /** Where people ask, use their rights and complain. */
  contact: string;
  /** The way in without face comparison. */
  alternative: string;
  /** Reasons of the policy in this language, by the reason as it stands there: a reason that changes needs new words. */
  reasons: Record<string, string>;
}

/** What a manager types for the sign. */
export interface SignFields {
  wordings: Record<Language, SignWording>;
  /** How long pictures and log are really kept, days; the hub does not know. */
  recordDays: number | undefined;
}

/** The fields as this device keeps them; what is missing or of another kind counts as not typed. */
export function readSignFields(stored: string | undefined): SignFields {
  const { wordings, recordDays } = asRecord(parsed(stored));
  const { 'zh-CN': chinese, en: english } = asRecord(wordings);
  return {
    wordings: { 'zh-CN': readWording(chinese), en: readWording(english) },
    recordDays: typeof recordDays === 'number' ? recordDays : undefined,
  };
}

function readWording(value: unknown): SignWording {
  const { operator, contact, alternative, reasons } = asRecord(value);
  const said = Object.entries(asRecord(reasons)).map(([reason, words]) => [reason, asText(words)]);
  return {
    operator: asText(operator),
    contact: asText(contact),
    alternative: asText(alternative),
    reasons: Object.fromEntries(said),
  };
}

function parsed(stored: string | undefined): unknown {
  try {
    return JSON.parse(stored ?? '');
  } catch {
    return undefined;
  }
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

import type { NoticeReason } from '../../../hub/contract/channels.ts';
import { HubRefusal } from '../api/hub.ts';
import { refusalWords } from '../i18n/refusal-words.ts';
import type { Words } from '../i18n/zh.ts';

/** Why something was not delivered, with the provider's code for whoever has to look it up. */
export function reasonWords(
  { reason, detail }: { reason?: NoticeReason; detail?: string },
  words: Words,
): string | undefined {
  const said = reason && words.channels.reasons[reason];
  if (!said) return detail;
  return detail ? `${said} (${detail})` : said;
}

/** What is wrong with a channel that the hub refused, in the words of its field. */
export function channelRefusalWords(error: unknown, words: Words): string {
  if (error instanceof HubRefusal && error.code === 'CHANNEL_INVALID') {
    const said = words.channels.problems[`${error.details.field}: ${error.details.problem}`];
    if (said) return said;
  }
  return refusalWords(error, words);
}

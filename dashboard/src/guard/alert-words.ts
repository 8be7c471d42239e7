import type { Alert } from '../../../hub/contract/api.ts';
import { placeName } from '../i18n/place-name.ts';
import type { Words } from '../i18n/zh.ts';
import { sortedFlags } from './severity.ts';

/** What an alert is in one line without its time: `未戴口罩 · 东门 · 进入`. */
export function alertWords(alert: Pick<Alert, 'flags' | 'gate' | 'direction'>, words: Words): string {
  const flags = sortedFlags(alert.flags).map((flag) => words.flags[flag]);
  return [flags.join(words.listComma), placeName(alert.gate, words), words.direction[alert.direction]].join(
    words.dot,
  );
}

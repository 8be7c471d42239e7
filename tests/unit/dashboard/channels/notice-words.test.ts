import { expect, test } from 'vitest';
import { HubRefusal } from '../../../../dashboard/src/api/hub.ts';
import { channelRefusalWords, reasonWords } from '../../../../dashboard/src/channels/notice-words.ts';
import { en } from '../../../../dashboard/src/i18n/en.ts';
import { zh } from '../../../../dashboard/src/i18n/zh.ts';
import { noticeReason } from '../../../../hub/contract/channels.ts';

test('every reason of the hub has words in both languages, and carries the provider’s code', () => {
  for (const reason of noticeReason.options)
    for (const words of [zh, en]) {
      expect(reasonWords({ reason }, words), reason).toBeTruthy();
      expect(reasonWords({ reason, detail: 'errcode 1' }, words)).toMatch(/\(errcode 1\)$/);
    }
});

test('a channel that cannot work is said in the words of its field', () => {
  const details = { field: 'url', problem: 'host' };
  const refusal = new HubRefusal(400, { code: 'CHANNEL_INVALID', message: '', remedy: 'Do this.', details });
  expect(channelRefusalWords(refusal, zh)).toBe(zh.channels.problems['url: host']);
  const other = new HubRefusal(400, { code: 'CHANNEL_INVALID', message: '', remedy: 'Do this.' });
  expect(channelRefusalWords(other, en)).toBe('Do this.');
});

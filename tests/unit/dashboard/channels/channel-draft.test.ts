import { expect, test } from 'vitest';
import { toChange, toDraft, toNew } from '../../../../dashboard/src/channels/channel-draft.ts';
import { type Channel, channelChange, newChannel } from '../../../../hub/contract/channels.ts';

const channel: Channel = {
  id: '0195500c-0000-7000-8000-0000000000d1',
  kind: 'mail',
  name: '经理邮箱',
  enabled: true,
  language: 'zh-CN',
  stages: ['manager'],
  gates: ['east-gate'],
  flags: ['first_time'],
  gaps: false,
  quietHours: { from: '22:00', until: '06:30', except: ['manager'] },
  pictures: true,
  mail: {
    host: 'smtp.example.cn',
    port: 465,
    security: 'tls',
    username: 'gate',
    from: 'gate@example.cn',
    to: ['a@example.cn', 'b@example.cn'],
  },
  secretsSet: ['password'],
  waiting: 0,
  failed: 0,
};

test('a channel that is opened and saved unchanged stays as it is, with its secrets', () => {
  const change = toChange(toDraft(channel, 'en'));
  const { id: _, kind: __, secretsSet: ___, waiting: ____, failed: _____, ...settings } = channel;
  expect(change).toEqual(settings);
  expect(channelChange.parse(change)).toEqual(settings);
});

test('a secret that is typed in is sent, one that is left empty is not', () => {
  const draft = toDraft({ ...channel, kind: 'dingtalk', mail: undefined }, 'en');
  expect(toChange({ ...draft, secret: ' SECabc ' }).secrets).toEqual({ secret: 'SECabc' });
  expect(toChange(draft).secrets).toBeUndefined();
});

test('no gates and no flags mean all of them', () => {
  const change = toChange({ ...toDraft(channel, 'en'), gates: [], flags: [], isQuiet: false });
  expect(change).not.toHaveProperty('gates');
  expect(change).not.toHaveProperty('flags');
  expect(change).not.toHaveProperty('quietHours');
});

test('a new channel sends no pictures until somebody says so, and is what the hub takes', () => {
  const draft = {
    ...toDraft(undefined, 'zh-CN'),
    name: '值班群',
    url: 'https://qyapi.weixin.qq.com/x?key=1',
  };
  expect(newChannel.parse(toNew(draft))).toMatchObject({ kind: 'wecom', pictures: false, language: 'zh-CN' });
});

test('recipients may be written one a line or with commas', () => {
  const draft = toDraft(channel, 'en');
  const to = 'a@example.cn,\n b@example.cn；c@example.cn\n';
  expect(toChange({ ...draft, mail: { ...draft.mail, to } }).mail?.to).toEqual([
    'a@example.cn',
    'b@example.cn',
    'c@example.cn',
  ]);
});

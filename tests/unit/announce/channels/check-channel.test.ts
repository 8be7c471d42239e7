import { expect, test } from 'vitest';
import type { ChannelSecrets, ChannelSettings } from '../../../../hub/announce/channels/channel.ts';
import { checkChannel } from '../../../../hub/announce/channels/check-channel.ts';
import type { ChannelKind } from '../../../../hub/contract/channels.ts';
import { buildSettings } from '../../../builders/delivery.ts';

const mail = {
  host: 'mail.example.cn',
  port: 587,
  security: 'starttls' as const,
  username: 'gate',
  from: 'gate@example.cn',
  to: ['office@example.cn'],
};
const wecom = 'https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k-1';
const long = 'sixteen characters';

function problemOf(
  kind: ChannelKind,
  secrets: ChannelSecrets,
  change: Partial<ChannelSettings> = {},
): string {
  try {
    checkChannel(kind, buildSettings(change), secrets);
    return 'none';
  } catch (error) {
    const { code, details } = error as { code: string; details: { field: string; problem: string } };
    expect(code).toBe('CHANNEL_INVALID');
    expect(JSON.stringify(error)).not.toContain('k-1');
    return `${details.field}: ${details.problem}`;
  }
}

test.each<[string, ChannelKind, ChannelSecrets, Partial<ChannelSettings>, string]>([
  ['a robot of WeCom at its provider', 'wecom', { url: wecom }, {}, 'none'],
  [
    'a robot of DingTalk at its provider',
    'dingtalk',
    { url: 'https://oapi.dingtalk.com/robot/send?access_token=k-1' },
    {},
    'none',
  ],
  [
    'a robot of Feishu at its provider',
    'feishu',
    { url: 'https://open.feishu.cn/open-apis/bot/v2/hook/k-1' },
    {},
    'none',
  ],
  ['a robot without an address', 'wecom', {}, {}, 'url: missing'],
  ['a robot in the clear', 'wecom', { url: wecom.replace('https', 'http') }, {}, 'url: host'],
  ['a robot elsewhere', 'wecom', { url: wecom.replace('qyapi.', 'qyapi.evil.') }, {}, 'url: host'],
  ['a robot on another port', 'wecom', { url: wecom.replace('.com/', '.com:8443/') }, {}, 'url: host'],
  ['a name before the host', 'wecom', { url: wecom.replace('//', '//a:b@') }, {}, 'url: credentials'],
  ['an address without its key', 'wecom', { url: wecom.split('?')[0] }, {}, 'url: address'],
  ['a robot of another provider', 'dingtalk', { url: wecom }, {}, 'url: host'],
  [
    'a private deployment that an admin named',
    'wecom',
    { url: 'http://10.0.0.8/cgi-bin/webhook/send?key=k-1' },
    { baseUrl: 'http://10.0.0.8' },
    'none',
  ],
  [
    'another host than the private deployment',
    'wecom',
    { url: wecom },
    { baseUrl: 'http://10.0.0.8' },
    'url: host',
  ],
  ['a webhook on the LAN', 'webhook', { url: 'http://192.168.1.9:8080/in', secret: long }, {}, 'none'],
  ['a webhook that is not signed', 'webhook', { url: 'http://192.168.1.9/in' }, {}, 'secret: short'],
  ['mail with TLS and a password', 'mail', { password: 'p' }, { mail }, 'none'],
  ['mail without its settings', 'mail', { password: 'p' }, {}, 'mail: mail_settings'],
  ['another kind with settings of mail', 'wecom', { url: wecom }, { mail }, 'mail: mail_settings'],
  [
    'a password in the clear',
    'mail',
    { password: 'p' },
    { mail: { ...mail, security: 'none' } },
    'mail.security: password_in_the_clear',
  ],
  ['a user without a password', 'mail', {}, { mail }, 'password: missing'],
  [
    'a relay that asks for nobody',
    'mail',
    {},
    { mail: { ...mail, security: 'none', username: undefined } },
    'none',
  ],
  ['Web Push needs nothing', 'web_push', {}, {}, 'none'],
])('%s', (_, kind, secrets, change, problem) => {
  expect(problemOf(kind, secrets, change)).toBe(problem);
});

import type { ChannelKind } from '../../contract/channels.ts';
import { HubError } from '../../errors.ts';
import type { ChannelSecrets, ChannelSettings } from './channel.ts';

type Robot = 'wecom' | 'dingtalk' | 'feishu';

/** Where the providers take messages of robots, and what their addresses look like. */
const robots: Record<Robot, { hosts: string[]; isAddress: (url: URL) => boolean }> = {
  wecom: {
    hosts: ['qyapi.weixin.qq.com'],
    isAddress: ({ pathname, searchParams }) =>
      pathname === '/cgi-bin/webhook/send' && Boolean(searchParams.get('key')),
  },
  dingtalk: {
    hosts: ['oapi.dingtalk.com'],
    isAddress: ({ pathname, searchParams }) =>
      pathname === '/robot/send' && Boolean(searchParams.get('access_token')),
  },
  feishu: {
    hosts: ['open.feishu.cn', 'open.larksuite.com'],
    isAddress: ({ pathname }) => /^\/open-apis\/bot\/v2\/hook\/[^/]+$/.test(pathname),
  },
};

/** Characters of a secret that signs for a webhook. */
const leastSecret = 16;

/**
 * Whether a channel can work as it is set. Throws CHANNEL_INVALID with the field and what is wrong with it, never with
 * its value.
 */
export function checkChannel(kind: ChannelKind, settings: ChannelSettings, secrets: ChannelSecrets): void {
  if ((kind === 'mail') !== (settings.mail !== undefined)) refuse('mail', 'mail_settings');
  if (settings.mail) checkMail(settings.mail, secrets);
  if (kind === 'mail' || kind === 'web_push') return;

  const url = addressOf(secrets);
  if (kind !== 'webhook') checkRobot(kind, url, settings.baseUrl);
  else if ((secrets.secret?.length ?? 0) < leastSecret) refuse('secret', 'short');
}

function addressOf({ url: text }: ChannelSecrets): URL {
  if (!text || !URL.canParse(text)) refuse('url', 'missing');
  const url = new URL(text);
  if (url.username || url.password) refuse('url', 'credentials');
  return url;
}

function checkRobot(kind: Robot, url: URL, baseUrl: string | undefined): void {
  const { hosts, isAddress } = robots[kind];
  const isAtHome =
    baseUrl === undefined
      ? url.protocol === 'https:' && url.port === '' && hosts.includes(url.hostname)
      : url.origin === new URL(baseUrl).origin;
  if (!isAtHome) refuse('url', 'host', baseUrl === undefined ? hosts : [new URL(baseUrl).host]);
  if (!isAddress(url)) refuse('url', 'address');
}

function checkMail(mail: NonNullable<ChannelSettings['mail']>, secrets: ChannelSecrets): void {
  if (mail.username === undefined) return;
  if (mail.security === 'none') refuse('mail.security', 'password_in_the_clear');
  if (!secrets.password) refuse('password', 'missing');
}

function refuse(field: string, problem: string, hosts?: string[]): never {
  throw new HubError('CHANNEL_INVALID', field, { details: { field, problem, ...(hosts && { hosts }) } });
}

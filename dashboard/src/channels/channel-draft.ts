import type { Channel, ChannelChange, ChannelKind, NewChannel } from '../../../hub/contract/channels.ts';

type Mail = NonNullable<Channel['mail']>;
type Stage = Channel['stages'][number];

/** A channel as the form holds it. */
export interface ChannelDraft {
  kind: ChannelKind;
  name: string;
  enabled: boolean;
  language: Channel['language'];
  stages: Stage[];
  gates: string[];
  flags: NonNullable<Channel['flags']>;
  gaps: boolean;
  isQuiet: boolean;
  quietFrom: string;
  quietUntil: string;
  quietExcept: Stage[];
  pictures: boolean;
  baseUrl: string;
  url: string;
  secret: string;
  password: string;
  mail: Omit<Mail, 'to' | 'username'> & { username: string; to: string };
}

/** The stages in the order in which they are told. */
export const stageNames = ['on_duty', 'next_gate', 'shift_leader', 'manager'] as const;

/** Every kind that can be added; Web Push is there already. */
export const addableKinds = ['wecom', 'dingtalk', 'feishu', 'webhook', 'mail'] as const;

const noMail: ChannelDraft['mail'] = {
  host: '',
  port: 587,
  security: 'starttls',
  username: '',
  from: '',
  to: '',
};

/** What the form begins with: a new channel, or one as it is. Secrets begin empty: they are never shown. */
export function toDraft(channel: Channel | undefined, language: Channel['language']): ChannelDraft {
  const { quietHours, mail } = channel ?? {};
  return {
    kind: channel?.kind ?? 'wecom',
    name: channel?.name ?? '',
    enabled: channel?.enabled ?? true,
    language: channel?.language ?? language,
    stages: channel?.stages ?? ['shift_leader', 'manager'],
    gates: channel?.gates ?? [],
    flags: channel?.flags ?? [],
    gaps: channel?.gaps ?? true,
    isQuiet: quietHours !== undefined,
    quietFrom: quietHours?.from ?? '22:00',
    quietUntil: quietHours?.until ?? '06:30',
    quietExcept: quietHours?.except ?? ['manager'],
    pictures: channel?.pictures ?? false,
    baseUrl: channel?.baseUrl ?? '',
    url: '',
    secret: '',
    password: '',
    mail: mail ? { ...mail, username: mail.username ?? '', to: mail.to.join('\n') } : noMail,
  };
}

/** What is sent to the hub; an empty secret is left out, so that the one that is set stays. */
export function toChange(draft: ChannelDraft): ChannelChange {
  const { kind, name, enabled, language, stages, gates, flags, gaps, pictures, baseUrl, mail } = draft;
  const { url, secret, password } = draft;
  const secrets = {
    ...(url.trim() && { url: url.trim() }),
    ...(secret.trim() && { secret: secret.trim() }),
    ...(password && { password }),
  };
  return {
    name: name.trim(),
    enabled,
    language,
    stages: stageNames.filter((stage) => stages.includes(stage)),
    ...(gates.length > 0 && { gates }),
    ...(flags.length > 0 && { flags }),
    gaps,
    ...(draft.isQuiet && {
      quietHours: { from: draft.quietFrom, until: draft.quietUntil, except: draft.quietExcept },
    }),
    pictures,
    ...(baseUrl.trim() && { baseUrl: baseUrl.trim() }),
    ...(kind === 'mail' && { mail: toMail(mail) }),
    ...(Object.keys(secrets).length > 0 && { secrets }),
  };
}

/** The same for a channel that is new. */
export function toNew(draft: ChannelDraft): NewChannel {
  return { ...toChange(draft), kind: draft.kind as NewChannel['kind'] };
}

function toMail({ username, to, ...mail }: ChannelDraft['mail']): Mail {
  return {
    ...mail,
    ...(username.trim() && { username: username.trim() }),
    to: to.split(/[\s,;，；]+/).filter((address) => address !== ''),
  };
}

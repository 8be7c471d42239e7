import { z } from 'zod';
import { alertStage } from './api.ts';
import { instant, name, uuid } from './ids.ts';
import { flag } from './policy.ts';

/** The ways by which the hub reaches people beyond the tablets' own stream. */
export const channelKind = z.enum(['web_push', 'wecom', 'dingtalk', 'feishu', 'webhook', 'mail']);
export type ChannelKind = z.infer<typeof channelKind>;

/** The language of a message. */
export const messageLanguage = z.enum(['zh-CN', 'en']);
export type MessageLanguage = z.infer<typeof messageLanguage>;

const localTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day such as 22:30');
const headerText = z.string().regex(/^[^\r\n]*$/, 'one line');

const mailSettings = z.strictObject({
  host: z.string().regex(/^[A-Za-z0-9.:-]{1,253}$/, 'a host name or address'),
  port: z.number().int().min(1).max(65_535),
  security: z
    .enum(['starttls', 'tls', 'none'])
    .describe('starttls and tls are never downgraded; none sends no password'),
  username: headerText.max(200).optional().describe('absent: the server takes mail without a log-in'),
  from: z.email().max(200),
  to: z.array(z.email().max(200)).min(1).max(20),
});

/** What a manager decides about a channel; what is secret stands in `channelSecrets`. */
export const channelSettings = z.strictObject({
  name: headerText.min(1).max(60),
  enabled: z.boolean().describe('off: what it would have sent is recorded as skipped'),
  language: messageLanguage,
  stages: z.array(alertStage).min(1).describe('the stages that it tells'),
  gates: z.array(name).min(1).optional().describe('absent: all gates'),
  flags: z.array(flag).min(1).optional().describe('alerts with one of these flags; absent: all alerts'),
  gaps: z.boolean().describe('also tells that a gate has nobody on duty'),
  quietHours: z
    .strictObject({
      from: localTime,
      until: localTime.describe('earlier than from: until the next day'),
      except: z.array(alertStage).describe('the stages that pass all the same'),
    })
    .optional()
    .describe('local time of the site'),
  pictures: z.boolean().describe('false: no picture leaves the site; true: a link that expires'),
  baseUrl: z
    .url({ protocol: /^https?$/ })
    .max(200)
    .optional()
    .describe('set by admins only: a private deployment of the provider, instead of its public hosts'),
  mail: mailSettings.optional().describe('only for mail, and required there'),
});

/** Written and never read back. Absent keeps what is set, null removes it. */
const channelSecrets = z.strictObject({
  url: z
    .url({ protocol: /^https?$/ })
    .max(1000)
    .nullish()
    .describe('robots and webhooks: where to send to'),
  secret: z.string().min(1).max(300).nullish().describe('the key that signs: DingTalk, Feishu, webhook'),
  password: z.string().min(1).max(300).nullish().describe('of the mailbox'),
});

const attemptOutcome = z.enum(['delivered', 'retry', 'refused']);

/** Why a notice was not delivered, or not now. */
export const noticeReason = z.enum([
  'acknowledged',
  'over',
  'channel_off',
  'channel_removed',
  'quiet_hours',
  'nobody_in_stage',
  'nobody_subscribed',
  'unreachable',
  'timed_out',
  'server_failed',
  'rate_limited',
  'redirected',
  'not_understood',
  'key_refused',
  'signature_refused',
  'address_refused',
  'content_refused',
  'refused',
  'log_in_refused',
  'mailbox_refused',
  'subscription_gone',
  'not_set_up',
  'seal_broken',
  'failed_inside',
  'life_ended',
  'attempts_used_up',
]);
export type NoticeReason = z.infer<typeof noticeReason>;

const noticeState = z.enum(['waiting', 'delivered', 'failed', 'skipped']);

/** A channel as it is shown: of its secrets only which are set, and the host. */
export const channel = channelSettings.extend({
  id: uuid,
  kind: channelKind,
  secretsSet: z.array(z.enum(['url', 'secret', 'password'])),
  host: z.string().optional().describe('where it sends to, without path or key'),
  waiting: z.number().int().nonnegative(),
  failed: z.number().int().nonnegative().describe('dead letters that nobody has tried again'),
  last: z
    .strictObject({
      at: instant,
      outcome: attemptOutcome,
      reason: noticeReason.optional(),
      detail: z.string().optional(),
    })
    .optional()
    .describe('its last attempt'),
});
export type Channel = z.infer<typeof channel>;

export const channelList = z.strictObject({ items: z.array(channel) });
export type ChannelList = z.infer<typeof channelList>;

export const newChannel = channelSettings.extend({
  kind: channelKind.exclude(['web_push']).describe('Web Push is always there: one for the site'),
  secrets: channelSecrets.optional(),
});
export type NewChannel = z.infer<typeof newChannel>;

/** The whole settings, and those secrets that change. */
export const channelChange = channelSettings.extend({ secrets: channelSecrets.optional() });
export type ChannelChange = z.infer<typeof channelChange>;

/** What a test message came to. */
export const channelTest = z.strictObject({
  outcome: attemptOutcome,
  reason: noticeReason.optional(),
  detail: z.string().optional(),
  durationMs: z.number().nonnegative(),
});
export type ChannelTest = z.infer<typeof channelTest>;

/** One message to one channel, or one device of one person, with every attempt to deliver it. */
export const notice = z.strictObject({
  id: uuid,
  channel: uuid,
  channelKind,
  channelName: z.string().describe('as it was called then'),
  person: z.string().optional().describe('whose device it goes to'),
  about: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('alert'), alert: uuid }),
    z.strictObject({ kind: z.literal('gap'), gap: z.string() }),
  ]),
  gate: name,
  stage: alertStage,
  state: noticeState,
  reason: noticeReason.optional(),
  detail: z.string().optional().describe('the code of the provider, the status or the fault; never a secret'),
  createdAt: instant,
  nextAttemptAt: instant.optional().describe('only while it waits'),
  expiresAt: instant.describe('not tried any more after'),
  attempts: z.array(
    z.strictObject({
      at: instant,
      outcome: attemptOutcome,
      reason: noticeReason.optional(),
      detail: z.string().optional(),
      durationMs: z.number().nonnegative(),
      together: z.number().int().min(1).describe('notices that were sent as one message'),
    }),
  ),
});
export type Notice = z.infer<typeof notice>;

export const noticeList = z.strictObject({ items: z.array(notice) });
export type NoticeList = z.infer<typeof noticeList>;

export const noticeQuery = z.strictObject({
  state: noticeState.optional(),
  channel: uuid.optional(),
  cursor: uuid.optional().describe('the last id given'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type NoticeQuery = z.infer<typeof noticeQuery>;

/** Newest first. */
export const noticePage = z.strictObject({ items: z.array(notice), nextCursor: z.string().optional() });
export type NoticePage = z.infer<typeof noticePage>;

const timeZone = z.string().refine(isTimeZone, 'an IANA time zone such as Asia/Shanghai');

/** What all messages share. */
export const noticeSettings = z.strictObject({
  publicUrl: z
    .url({ protocol: /^https?$/ })
    .max(200)
    .optional()
    .describe('how people reach the dashboard from outside; absent: messages carry no links'),
  timeZone: timeZone.describe('of the times in messages and of quiet hours'),
});
export type NoticeSettings = z.infer<typeof noticeSettings>;

/** What a browser needs to subscribe: the key of this hub (RFC 8292), base64url. */
export const pushKey = z.strictObject({ key: z.string() });

/** What a browser gives out when it subscribes (PushSubscription.toJSON), with the language of the page. */
export const pushSubscription = z.strictObject({
  endpoint: z.url({ protocol: /^https$/ }).max(1000),
  keys: z.strictObject({ p256dh: z.string().max(200), auth: z.string().max(100) }),
  language: messageLanguage,
});
export type PushSubscriptionBody = z.infer<typeof pushSubscription>;

/** Which subscription to end. */
export const pushEndpoint = pushSubscription.pick({ endpoint: true });

function isTimeZone(value: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: value });
    return true;
  } catch {
    return false;
  }
}

import type { Channel, ChannelKind, MessageLanguage, NoticeReason } from '../../contract/channels.ts';

/** What a manager set for a channel. */
export type ChannelSettings = Omit<
  Channel,
  'id' | 'kind' | 'secretsSet' | 'host' | 'waiting' | 'failed' | 'last'
>;

/** What is sealed at rest and never shown. */
export interface ChannelSecrets {
  /** Robots and webhooks: the whole address, which holds the robot's key. */
  url?: string;
  /** Signs what is sent. */
  secret?: string;
  /** Of the mailbox. */
  password?: string;
}

/** A channel with everything that sending needs. */
export interface OpenChannel {
  id: string;
  site: string;
  kind: ChannelKind;
  settings: ChannelSettings;
  secrets: ChannelSecrets;
}

/** A browser that subscribed (Push API): where its push service takes messages, and its keys (RFC 8291), base64url. */
export interface PushTarget {
  endpoint: string;
  p256dh: string;
  auth: string;
}

/** A link in a message. */
interface Link {
  text: string;
  url: string;
}

/** What is said, in the language of the channel. It holds no markup: each provider writes its own. */
export interface Message {
  title: string;
  lines: string[];
  /** To the alert on the dashboard; absent when the hub does not know its own address. */
  link?: Link;
  /** To one picture, for a limited time; only where the channel's settings allow it. */
  picture?: Link;
  language: MessageLanguage;
  /** The same in a form for machines. Holds plates, never a person's id. */
  facts: Record<string, unknown>;
}

/** One message on its way. */
export interface Delivery {
  /** The same at every attempt, so that a receiver can drop what it has. */
  id: string;
  /** The same for everything about one alert or gap. */
  topic: string;
  /** Milliseconds since the epoch; of no use later. */
  expiresAt: number;
  urgent: boolean;
  message: Message;
  channel: OpenChannel;
  /** Only for Web Push. */
  target?: PushTarget;
}

/**
 * What an attempt came to. `retry`: worth another try, not before `afterMs`; `holdsChannel` when that is true of
 * everything on this channel. `refused`: trying again changes nothing; `targetIsGone` ends the subscription.
 * `detail` is a status or a code of the provider, never its words: those may repeat what was sent.
 */
export type SendResult =
  | { kind: 'delivered'; detail?: string }
  | { kind: 'retry'; reason: NoticeReason; detail?: string; afterMs?: number; holdsChannel?: boolean }
  | { kind: 'refused'; reason: NoticeReason; detail?: string; targetIsGone?: boolean };

/** Delivers to one kind of provider. Never rejects for what the other side does; ends at once when `signal` fires. */
export interface ChannelSender {
  send(delivery: Delivery, signal: AbortSignal): Promise<SendResult>;
}

/** How much a provider takes. */
export interface ChannelLimits {
  /** Messages a minute. */
  perMinute: number;
  /** What waits too long is folded into one message with a count. */
  folds: boolean;
  /** Deliveries under way at once. */
  atOnce: number;
}

/**
 * WeCom and DingTalk take 20 messages a minute from a robot, Feishu 100 (and 5 a second, which one at a time keeps).
 * Mailboxes rarely allow more than 30. Devices and webhooks get each notice by itself.
 */
export const channelLimits: Record<ChannelKind, ChannelLimits> = {
  wecom: { perMinute: 20, folds: true, atOnce: 1 },
  dingtalk: { perMinute: 20, folds: true, atOnce: 1 },
  feishu: { perMinute: 100, folds: true, atOnce: 1 },
  mail: { perMinute: 30, folds: true, atOnce: 1 },
  webhook: { perMinute: 300, folds: false, atOnce: 2 },
  web_push: { perMinute: 600, folds: false, atOnce: 4 },
};

import type { Alert, AlertStage } from '../contract/api.ts';
import type {
  Channel,
  ChannelKind,
  Notice,
  NoticePage,
  NoticeQuery,
  NoticeReason,
} from '../contract/channels.ts';
import type { ChannelSettings } from './channels/channel.ts';
import type { NoticeRequest } from './notice-request.ts';

/** What a request is expanded against, read in the transaction that keeps the result. */
export interface PlannedAgainst {
  channels: { id: string; kind: ChannelKind; settings: ChannelSettings }[];
  /** Browsers of the people of this stage who may still log in. */
  devices: { id: string; person: string }[];
  alert?: Alert;
  gap?: StoredGap;
}

/** A gate without anyone on duty; `until` absent while it lasts. */
export interface StoredGap {
  id: string;
  gate: string;
  from: string;
  until?: string;
}

/** One message to one channel, or one device. */
export interface PlannedNotice {
  channel: string;
  channelKind: ChannelKind;
  channelName: string;
  /** The push subscription; empty for what reaches a group. */
  target: string;
  person?: string;
  state: 'waiting' | 'skipped';
  reason?: NoticeReason;
  /** ISO 8601 UTC. */
  expiresAt: string;
}

/** A notice whose time has come. */
export interface DueNotice {
  id: string;
  target: string;
  about: NoticeRequest['about'];
  stage: AlertStage;
  /** Attempts so far. */
  tried: number;
  expiresAt: string;
}

/** Where a notice stands from now on. */
export interface NoticeOutcome {
  id: string;
  state: 'waiting' | 'delivered' | 'failed' | 'skipped';
  reason?: NoticeReason;
  detail?: string;
  tried: number;
  nextAt: string;
}

/** One attempt, made for one notice or for several at once. */
export interface NoticeAttempt {
  /** The same for all notices that went out as one message. */
  message: string;
  channel: string;
  at: string;
  outcome: 'delivered' | 'retry' | 'refused';
  reason?: NoticeReason;
  detail?: string;
  durationMs: number;
}

/** How a channel is doing. */
export type ChannelStanding = Pick<Channel, 'waiting' | 'failed' | 'last'>;

/** Keeps what must be told, to whom, and what came of it. Every method is one unit of work. */
export interface NoticeStore {
  /**
   * Takes the next request up: what the pure rule plans is kept and the cursor moved in one transaction, so that each
   * request is expanded exactly once. `unreadable` is passed over. Undefined when nothing waits.
   */
  expandNext(
    plan: (request: NoticeRequest, against: PlannedAgainst) => PlannedNotice[],
    newNoticeId: () => string,
    at: string,
  ): Promise<PlannedNotice[] | 'unreadable' | undefined>;
  /** Channels that have something due. */
  dueChannels(at: string): Promise<string[]>;
  /** Oldest first. */
  due(channel: string, at: string, limit: number): Promise<DueNotice[]>;
  /** An attempt absent: decided without one. */
  record(outcomes: NoticeOutcome[], attempt?: NoticeAttempt): Promise<void>;
  /** How many messages this channel was asked to send after this instant. */
  countMessages(channel: string, after: string): Promise<number>;
  gap(id: string): Promise<StoredGap | undefined>;
  /** Oldest first. */
  ofAlert(alert: string): Promise<Notice[]>;
  /** Newest first. */
  page(query: NoticeQuery): Promise<NoticePage>;
  /** A dead letter waits again, with all its attempts. */
  tryAgain(id: string, at: string, expiresAt: string): Promise<'waiting' | 'unknown' | 'not_failed'>;
  /** By id of the channel. */
  standings(): Promise<Map<string, ChannelStanding>>;
  /** Forgets notices that were made, and requests that were taken up, before this instant; how many. */
  forgetBefore(at: string): Promise<number>;
}

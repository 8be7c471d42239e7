import type { AlertStore } from '../alerts/alert-store.ts';
import { type Clock, toInstant } from '../clock.ts';
import type { Alert } from '../contract/api.ts';
import type { ChannelKind, Notice, NoticePage, NoticeQuery, NoticeReason } from '../contract/channels.ts';
import { newId } from '../contract/ids.ts';
import type { Counters } from '../counters.ts';
import { HubError } from '../errors.ts';
import {
  type ChannelSender,
  channelLimits,
  type Delivery,
  type OpenChannel,
  type PushTarget,
  type SendResult,
} from './channels/channel.ts';
import { attemptMs, type ChannelDesk } from './channels/channel-desk.ts';
import type { PushDesk } from './channels/push-desk.ts';
import { foldMessages, type PictureLink, renderMessage, type Subject } from './channels/render-message.ts';
import { type EvidenceLinks, linkHours } from './evidence-links.ts';
import { type PlanRules, planNotices, reasonToStop } from './notice-plan.ts';
import type { DueNotice, NoticeOutcome, NoticeStore } from './notice-store.ts';

/** Milliseconds between two looks at what waits; a look costs two small queries. */
const lookEveryMs = 1000;
/** Notices of one channel that are looked at together. */
const atOnceLimit = 200;
/** After so many attempts a notice is a dead letter. */
const mostAttempts = 8;
/** Milliseconds until the second attempt; doubled for each further one, up to the most. */
const firstWaitMs = 5000;
const longestWaitMs = 5 * 60_000;
/** How long a channel rests after its outcome could not be written, milliseconds: what was sent would be sent again. */
const restMs = 60_000;
const minuteMs = 60_000;

/** What the desk of notices works with. */
export interface NoticeDeskParts {
  store: NoticeStore;
  alerts: Pick<AlertStore, 'get'>;
  channels: Pick<ChannelDesk, 'open' | 'style' | 'settings'>;
  push: Pick<PushDesk, 'target' | 'forget'>;
  senders: Record<ChannelKind, ChannelSender>;
  links: EvidenceLinks;
  /** How long an alert lives, milliseconds: nobody is told of it later. */
  lifeMs: () => number;
  counters: Counters;
  clock: Clock;
  /** From 0 up to 1; spreads attempts, so that a provider that comes back is not run over. */
  random: () => number;
  reportFailure: (error: unknown) => void;
  /** Milliseconds between two looks, and for one attempt; the defaults are right for a site. */
  lookEveryMs?: number;
  attemptMs?: number;
}

/** A notice with what it is about, as it stands now. */
interface Ready {
  notice: DueNotice;
  subject: Subject;
}

/**
 * Tells people by their channels. Requests are expanded exactly once and delivered at least once: what was sent and
 * could not be recorded before a crash is sent again. Each channel works for itself, so a dead provider holds up
 * nobody else.
 */
export class NoticeDesk {
  readonly #parts: NoticeDeskParts;
  readonly #stopping = new AbortController();
  readonly #working = new Map<string, Promise<void>>();
  /** Channels that must not be used before this instant, ms since the epoch. */
  readonly #heldUntil = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  #lookAgain = false;

  constructor(parts: NoticeDeskParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#timer = setInterval(() => this.wake(), this.#parts.lookEveryMs ?? lookEveryMs);
    this.wake();
  }

  /** Breaks off what is under way, which is then sent at the next start. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#stopping.abort();
    await this.#looking;
    await Promise.all(this.#working.values());
  }

  /** Something may wait: looks now. */
  wake(): void {
    if (this.#stopping.signal.aborted) return;
    if (this.#looking) {
      this.#lookAgain = true;
      return;
    }
    this.#looking = this.#look()
      .catch((error: unknown) => this.#fail(error))
      .finally(() => {
        this.#looking = undefined;
        if (this.#lookAgain) {
          this.#lookAgain = false;
          this.wake();
        }
      });
  }

  /** Every notice of an alert with its attempts, oldest first. */
  ofAlert(alert: string): Promise<Notice[]> {
    return this.#parts.store.ofAlert(alert);
  }

  page(query: NoticeQuery): Promise<NoticePage> {
    return this.#parts.store.page(query);
  }

  /** A dead letter is sent again. Throws NOTICE_UNKNOWN and NOTICE_NOT_FAILED. */
  async tryAgain(id: string): Promise<void> {
    const { store, clock, lifeMs } = this.#parts;
    const now = clock.now();
    const state = await store.tryAgain(id, toInstant(now), toInstant(now + lifeMs()));
    if (state === 'unknown') throw new HubError('NOTICE_UNKNOWN');
    if (state === 'not_failed') throw new HubError('NOTICE_NOT_FAILED');
    this.wake();
  }

  /** Forgets notices older than this many days; called now and then by the owner of the timer. */
  forgetOlderThan(days: number): Promise<number> {
    return this.#parts.store.forgetBefore(toInstant(this.#parts.clock.now() - days * 86_400_000));
  }

  async #look(): Promise<void> {
    const { store, clock } = this.#parts;
    await this.#expand();
    for (const channel of await store.dueChannels(toInstant(clock.now()))) {
      if (this.#working.has(channel) || this.#isHeld(channel)) continue;
      const work = this.#serve(channel)
        .catch((error: unknown) => {
          this.#hold(channel, restMs);
          this.#fail(error);
        })
        .finally(() => this.#working.delete(channel));
      this.#working.set(channel, work);
    }
  }

  async #expand(): Promise<void> {
    const { store, channels, clock, lifeMs, counters } = this.#parts;
    const { timeZone } = await channels.settings();
    while (!this.#stopping.signal.aborted) {
      const now = clock.now();
      const rules: PlanRules = { now, lifeMs: lifeMs(), timeZone };
      const planned = await store.expandNext(
        (request, against) => planNotices(request, against, rules),
        () => newId(now),
        toInstant(now),
      );
      if (planned === undefined) return;
      if (planned === 'unreadable') {
        counters.add('notices.request_unreadable');
        continue;
      }
      for (const { state, reason } of planned)
        counters.add(`notices.${state === 'waiting' ? 'made' : reason}`);
    }
  }

  /** Sends what is due on one channel, until nothing is or the provider's limit is reached. */
  async #serve(id: string): Promise<void> {
    const { store, clock } = this.#parts;
    while (!this.#stopping.signal.aborted && !this.#isHeld(id)) {
      const now = clock.now();
      const due = await store.due(id, toInstant(now), atOnceLimit);
      if (due.length === 0) return;
      const channel = await this.#openChannel(id, due);
      if (!channel) return;
      const ready = await this.#sortOut(due);
      if (ready.length === 0) continue;
      const limits = channelLimits[channel.kind];
      const room = limits.perMinute - (await store.countMessages(id, toInstant(now - minuteMs)));
      if (room <= 0) return;
      // Half of what is left is kept for what comes next, so that the limit is never reached at once.
      const most = Math.max(1, Math.floor(room / 2));
      if (limits.folds && ready.length > most) await this.#send(channel, ready);
      else await this.#sendEach(channel, ready.slice(0, room), limits.atOnce);
    }
  }

  /** The channel, or undefined after what waits on it was decided without one. */
  async #openChannel(id: string, due: DueNotice[]): Promise<OpenChannel | undefined> {
    const { channels, store, clock } = this.#parts;
    try {
      const channel = await channels.open(id);
      if (channel?.settings.enabled) return channel;
      await this.#skip(due, channel ? 'channel_off' : 'channel_removed');
    } catch (error) {
      if (!(error instanceof HubError && error.code === 'SEAL_BROKEN')) throw error;
      const outcomes = due.map((notice) =>
        this.#outcomeOf(notice, { kind: 'refused', reason: 'seal_broken' }),
      );
      await store.record(outcomes, {
        message: newId(clock.now()),
        channel: id,
        at: toInstant(clock.now()),
        outcome: 'refused',
        reason: 'seal_broken',
        durationMs: 0,
      });
    }
    return undefined;
  }

  /** What is still worth telling; the rest is recorded with its reason. */
  async #sortOut(due: DueNotice[]): Promise<Ready[]> {
    const now = toInstant(this.#parts.clock.now());
    const ready: Ready[] = [];
    for (const notice of due) {
      const found = await this.#subjectOf(notice);
      if ('reason' in found) await this.#skip([notice], found.reason);
      else if (notice.expiresAt <= now) await this.#end(notice, 'life_ended');
      else ready.push({ notice, subject: found });
    }
    return ready;
  }

  async #subjectOf({ about, stage }: DueNotice): Promise<Subject | { reason: NoticeReason }> {
    const { alerts, store } = this.#parts;
    if (about.kind === 'alert') {
      const alert = await alerts.get(about.alert);
      const reason = reasonToStop(alert);
      return reason === undefined ? { kind: 'alert', alert: alert as Alert, stage } : { reason };
    }
    const gap = await store.gap(about.gap);
    const reason = reasonToStop(gap);
    return gap && reason === undefined ? { kind: 'gap', gap, stage } : { reason: reason ?? 'over' };
  }

  async #sendEach(channel: OpenChannel, ready: Ready[], atOnce: number): Promise<void> {
    const waiting = [...ready];
    const sendNext = async (): Promise<void> => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        if (this.#stopping.signal.aborted || this.#isHeld(channel.id)) return;
        await this.#send(channel, [next]);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, sendNext));
  }

  /** One message for these notices, and its record. */
  async #send(channel: OpenChannel, ready: Ready[]): Promise<void> {
    const { store, clock, counters, push } = this.#parts;
    const begunAt = clock.now();
    const begun = performance.now();
    const result = await this.#attempt(channel, ready);
    if (this.#stopping.signal.aborted && result.kind !== 'delivered') return;

    if (result.kind === 'retry' && result.holdsChannel)
      this.#hold(channel.id, result.afterMs ?? this.#waitAfter(ready[0].notice.tried + 1));
    if (result.kind === 'refused' && result.targetIsGone) await push.forget(ready[0].notice.target);
    const outcomes = ready.map(({ notice }) => this.#outcomeOf(notice, result));
    await store.record(outcomes, {
      message: newId(begunAt),
      channel: channel.id,
      at: toInstant(begunAt),
      outcome: result.kind,
      ...(result.kind !== 'delivered' && { reason: result.reason }),
      ...(result.detail !== undefined && { detail: result.detail }),
      durationMs: Math.round(performance.now() - begun),
    });
    for (const { state } of outcomes) counters.add(`notices.${state === 'waiting' ? 'retried' : state}`);
  }

  /** Never rejects: what nobody foresaw is reported, and tried again. */
  async #attempt(channel: OpenChannel, ready: Ready[]): Promise<SendResult> {
    const { senders } = this.#parts;
    const limit = AbortSignal.timeout(this.#parts.attemptMs ?? attemptMs);
    const signal = AbortSignal.any([limit, this.#stopping.signal]);
    try {
      const delivery = await this.#prepare(channel, ready);
      return delivery ? await senders[channel.kind].send(delivery, signal) : subscriptionGone;
    } catch (error) {
      this.#fail(error);
      return { kind: 'retry', reason: 'failed_inside' };
    }
  }

  /** Undefined when the device has unsubscribed meanwhile. */
  async #prepare(channel: OpenChannel, ready: Ready[]): Promise<Delivery | undefined> {
    const { channels, push } = this.#parts;
    const [{ notice, subject }] = ready;
    let target: PushTarget | undefined;
    let { language } = channel.settings;
    if (channel.kind === 'web_push') {
      const device = await push.target(notice.target);
      if (!device) return undefined;
      ({ language } = device);
      target = device;
    }
    const style = await channels.style(language);
    const message =
      ready.length === 1
        ? renderMessage(subject, style, this.#pictureOf(subject, channel, style.publicUrl))
        : foldMessages(
            ready.map((each) => each.subject),
            style,
          );
    return {
      id: notice.id,
      topic: subject.kind === 'alert' ? subject.alert.id : subject.gap.id,
      expiresAt: Math.max(...ready.map((each) => Date.parse(each.notice.expiresAt))),
      urgent: subject.kind === 'alert',
      message,
      channel,
      ...(target && { target }),
    };
  }

  /** Only where the manager has allowed it: the newest crop that a verdict was read from, by a link that expires. */
  #pictureOf(subject: Subject, channel: OpenChannel, publicUrl: string | undefined): PictureLink | undefined {
    if (!channel.settings.pictures || publicUrl === undefined || subject.kind !== 'alert') return undefined;
    const { evidence } = subject.alert;
    const chosen = evidence.findLast(({ role }) => role !== 'scene') ?? evidence.at(-1);
    if (!chosen) return undefined;
    const url = this.#parts.links.linkTo({ evidence: chosen.id, channel: channel.id }, publicUrl);
    return { url, hours: linkHours };
  }

  #outcomeOf(notice: DueNotice, result: SendResult): NoticeOutcome {
    const now = this.#parts.clock.now();
    const tried = notice.tried + 1;
    const { detail } = result;
    const outcome = { id: notice.id, tried, nextAt: toInstant(now), ...(detail !== undefined && { detail }) };
    if (result.kind === 'delivered') return { ...outcome, state: 'delivered' };
    const { reason } = result;
    if (result.kind === 'refused') return { ...outcome, state: 'failed', reason };
    const nextAt = toInstant(now + Math.max(result.afterMs ?? 0, this.#waitAfter(tried)));
    if (tried >= mostAttempts) return { ...outcome, state: 'failed', reason: 'attempts_used_up' };
    if (nextAt >= notice.expiresAt) return { ...outcome, state: 'failed', reason: 'life_ended' };
    return { ...outcome, state: 'waiting', reason, nextAt };
  }

  /** Doubling, and a fifth more or less. */
  #waitAfter(tried: number): number {
    const wait = Math.min(longestWaitMs, firstWaitMs * 2 ** (tried - 1));
    return Math.round(wait * (0.8 + 0.4 * this.#parts.random()));
  }

  async #skip(notices: DueNotice[], reason: NoticeReason): Promise<void> {
    const { store, clock, counters } = this.#parts;
    const nextAt = toInstant(clock.now());
    await store.record(notices.map(({ id, tried }) => ({ id, state: 'skipped', reason, tried, nextAt })));
    counters.add(`notices.${reason}`, notices.length);
  }

  async #end({ id, tried }: DueNotice, reason: NoticeReason): Promise<void> {
    const { store, clock, counters } = this.#parts;
    await store.record([{ id, state: 'failed', reason, tried, nextAt: toInstant(clock.now()) }]);
    counters.add('notices.failed');
  }

  #isHeld(channel: string): boolean {
    return (this.#heldUntil.get(channel) ?? 0) > this.#parts.clock.now();
  }

  #hold(channel: string, ms: number): void {
    this.#heldUntil.set(channel, this.#parts.clock.now() + ms);
  }

  #fail(error: unknown): void {
    this.#parts.counters.add('notices.failed_inside');
    this.#parts.reportFailure(error);
  }
}

const subscriptionGone: SendResult = { kind: 'refused', reason: 'subscription_gone' };

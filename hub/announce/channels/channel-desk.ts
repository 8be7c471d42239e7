import { type Clock, toInstant } from '../../clock.ts';
import type {
  Channel,
  ChannelChange,
  ChannelKind,
  ChannelTest,
  NewChannel,
  NoticeSettings,
} from '../../contract/channels.ts';
import { newId } from '../../contract/ids.ts';
import { HubError } from '../../errors.ts';
import type { KeyRing } from '../../keys/key-ring.ts';
import type { ChannelStanding, NoticeStore } from '../notice-store.ts';
import type { ChannelSecrets, ChannelSender, ChannelSettings, OpenChannel, SendResult } from './channel.ts';
import type { ChannelStore, StoredChannel } from './channel-store.ts';
import { checkChannel } from './check-channel.ts';
import type { Device, PushDesk } from './push-desk.ts';
import { type MessageStyle, renderTest } from './render-message.ts';

/** Milliseconds that one attempt may take. */
export const attemptMs = 10_000;

/** A test message is of no use later, milliseconds. */
const testLivesMs = 5 * 60_000;

/** Web Push as a new site has it: everybody who switches it on is told of what concerns them. */
const pushAsNew: ChannelSettings = {
  name: 'Web Push',
  enabled: true,
  language: 'zh-CN',
  stages: ['on_duty', 'next_gate', 'shift_leader', 'manager'],
  gaps: true,
  pictures: false,
};

/** What the desk of channels works with. */
export interface ChannelDeskParts {
  site: string;
  store: ChannelStore;
  notices: Pick<NoticeStore, 'standings'>;
  keys: KeyRing;
  push: Pick<PushDesk, 'targetsOf' | 'forget'>;
  senders: Record<ChannelKind, ChannelSender>;
  clock: Clock;
}

/** Who changes a channel. */
interface Changer {
  id: string;
  role: string;
}

/** Where managers say by which channels people are told. Secrets go in and never come out. */
export class ChannelDesk {
  readonly #parts: ChannelDeskParts;

  constructor(parts: ChannelDeskParts) {
    this.#parts = parts;
  }

  /** Sees to it that the site has Web Push, which needs no account anywhere. */
  async prepare(): Promise<void> {
    const { site, store, clock } = this.#parts;
    if ((await store.list(site)).some(({ kind }) => kind === 'web_push')) return;
    const now = clock.now();
    const createdAt = toInstant(now);
    await store.save({ id: newId(now), site, kind: 'web_push', settings: pushAsNew, createdAt });
  }

  async list(): Promise<Channel[]> {
    const { site, store, notices } = this.#parts;
    const standings = await notices.standings();
    return (await store.list(site)).map((channel) => this.#show(channel, standings.get(channel.id)));
  }

  /** Throws CHANNEL_INVALID, and ROLE_NOT_ALLOWED when somebody else than an admin names a private deployment. */
  async add({ kind, secrets: given, ...settings }: NewChannel, by: Changer): Promise<Channel> {
    const { site, store, clock } = this.#parts;
    const secrets = withGiven({}, given);
    requireAdminFor(undefined, settings.baseUrl, by);
    checkChannel(kind, settings, secrets);
    const now = clock.now();
    const id = newId(now);
    const sealed = this.#seal(id, secrets);
    const channel: StoredChannel = { id, site, kind, settings, sealed, createdAt: toInstant(now) };
    await store.save(channel);
    return this.#show(channel, undefined);
  }

  /** Throws CHANNEL_UNKNOWN, CHANNEL_INVALID and ROLE_NOT_ALLOWED. */
  async change(id: string, { secrets: given, ...settings }: ChannelChange, by: Changer): Promise<Channel> {
    const { store, notices } = this.#parts;
    const before = await this.#find(id);
    const secrets = withGiven(given === undefined ? this.#openOrNothing(before) : this.#open(before), given);
    requireAdminFor(before.settings.baseUrl, settings.baseUrl, by);
    checkChannel(before.kind, settings, secrets);
    const sealed = given === undefined ? before.sealed : this.#seal(id, secrets);
    const channel: StoredChannel = { ...before, settings, sealed };
    await store.save(channel);
    return this.#show(channel, (await notices.standings()).get(id));
  }

  /** Throws CHANNEL_UNKNOWN, and CHANNEL_STAYS for Web Push. */
  async remove(id: string): Promise<void> {
    if ((await this.#find(id)).kind === 'web_push') throw new HubError('CHANNEL_STAYS');
    await this.#parts.store.remove(id);
  }

  /** Sends a message now: to the group, or to the devices of the person who asks. Throws CHANNEL_UNKNOWN. */
  async test(id: string, person: string): Promise<ChannelTest> {
    const { push } = this.#parts;
    const stored = await this.#find(id);
    const channel: OpenChannel = { ...stored, secrets: this.#open(stored) };
    const begun = performance.now();
    const durationMs = () => Math.round(performance.now() - begun);
    if (stored.kind !== 'web_push') return toTest(await this.#sendTest(channel), durationMs());

    const targets = await push.targetsOf(person);
    if (targets.length === 0)
      return { outcome: 'refused', reason: 'nobody_subscribed', durationMs: durationMs() };
    const results = await Promise.all(targets.map((target) => this.#sendTest(channel, target)));
    for (const [at, result] of results.entries())
      if (result.kind === 'refused' && result.targetIsGone) await push.forget(targets[at].id);
    return toTest(results.find(({ kind }) => kind === 'delivered') ?? results[0], durationMs());
  }

  /** A channel with its secrets; undefined when it was removed. Throws SEAL_BROKEN. */
  async open(id: string): Promise<OpenChannel | undefined> {
    const stored = await this.#parts.store.get(id);
    return stored && { ...stored, secrets: this.#open(stored) };
  }

  /** Whether pictures may still be seen by what this channel has sent. */
  async showsPictures(id: string): Promise<boolean> {
    const channel = await this.#parts.store.get(id);
    return channel ? channel.settings.enabled && channel.settings.pictures : false;
  }

  /** What messages share; as the hub's own machine has it while nobody has set it. */
  async settings(): Promise<NoticeSettings> {
    const { site, store } = this.#parts;
    return (await store.settings(site)) ?? { timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone };
  }

  async changeSettings(settings: NoticeSettings, by: Changer): Promise<NoticeSettings> {
    const { site, store, clock } = this.#parts;
    await store.saveSettings(site, settings, by.id, toInstant(clock.now()));
    return settings;
  }

  /** How messages of a channel are written. */
  async style(language: MessageStyle['language']): Promise<MessageStyle> {
    return { language, ...(await this.settings()) };
  }

  async #sendTest(channel: OpenChannel, target?: Device): Promise<SendResult> {
    const { senders, clock } = this.#parts;
    const now = clock.now();
    const { name, language } = channel.settings;
    const delivery = {
      id: newId(now),
      topic: `test-${channel.id}`,
      expiresAt: now + testLivesMs,
      urgent: true,
      message: renderTest(name, await this.style(target?.language ?? language), toInstant(now)),
      channel,
      ...(target && { target }),
    };
    return senders[channel.kind].send(delivery, AbortSignal.timeout(attemptMs));
  }

  async #find(id: string): Promise<StoredChannel> {
    const channel = await this.#parts.store.get(id);
    if (channel?.site !== this.#parts.site) throw new HubError('CHANNEL_UNKNOWN');
    return channel;
  }

  #show({ id, kind, settings, sealed }: StoredChannel, standing: ChannelStanding | undefined): Channel {
    const secrets = this.#openOrNothing({ id, sealed });
    const secretsSet = (['url', 'secret', 'password'] as const).filter((name) => secrets[name] !== undefined);
    const host = settings.mail?.host ?? (secrets.url && new URL(secrets.url).host);
    return { ...settings, id, kind, secretsSet, ...(host && { host }), waiting: 0, failed: 0, ...standing };
  }

  #seal(id: string, secrets: ChannelSecrets): Uint8Array | undefined {
    if (Object.keys(secrets).length === 0) return undefined;
    return this.#parts.keys.seal('channel', id, Buffer.from(JSON.stringify(secrets)));
  }

  #open({ id, sealed }: Pick<StoredChannel, 'id' | 'sealed'>): ChannelSecrets {
    return sealed ? JSON.parse(this.#parts.keys.open('channel', id, sealed).toString('utf8')) : {};
  }

  /** With another hub.key the secrets are lost: the channel is shown without them, so that they can be set again. */
  #openOrNothing(channel: Pick<StoredChannel, 'id' | 'sealed'>): ChannelSecrets {
    try {
      return this.#open(channel);
    } catch (error) {
      if (error instanceof HubError && error.code === 'SEAL_BROKEN') return {};
      throw error;
    }
  }
}

function withGiven(before: ChannelSecrets, given: NewChannel['secrets']): ChannelSecrets {
  const merged = { ...before, ...given };
  return Object.fromEntries(
    Object.entries(merged).filter(([, value]) => value !== null && value !== undefined),
  );
}

/** A base URL leads messages, with their keys, to another server than the provider's. */
function requireAdminFor(before: string | undefined, after: string | undefined, { role }: Changer): void {
  if (before !== after && role !== 'admin')
    throw new HubError('ROLE_NOT_ALLOWED', undefined, { details: { roles: ['admin'] } });
}

function toTest(result: SendResult, durationMs: number): ChannelTest {
  const { kind: outcome, detail } = result;
  return {
    outcome,
    ...(result.kind !== 'delivered' && { reason: result.reason }),
    ...(detail !== undefined && { detail }),
    durationMs,
  };
}

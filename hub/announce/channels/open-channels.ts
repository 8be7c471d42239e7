import type { AlertStore } from '../../alerts/alert-store.ts';
import type { Clock } from '../../clock.ts';
import type { ChannelKind } from '../../contract/channels.ts';
import type { Counters } from '../../counters.ts';
import type { KeyRing } from '../../keys/key-ring.ts';
import { EvidenceLinks } from '../evidence-links.ts';
import { NoticeDesk } from '../notice-desk.ts';
import type { NoticeStore } from '../notice-store.ts';
import type { ChannelSender } from './channel.ts';
import { ChannelDesk } from './channel-desk.ts';
import type { ChannelStore } from './channel-store.ts';
import { DingtalkRobot } from './dingtalk-robot.ts';
import { FeishuRobot } from './feishu-robot.ts';
import { Mail } from './mail.ts';
import { PushDesk } from './push-desk.ts';
import { VapidKey } from './vapid.ts';
import { WebPush } from './web-push.ts';
import { Webhook } from './webhook.ts';
import { WecomRobot } from './wecom-robot.ts';

/** What the channels of a hub are made of. */
export interface ChannelsParts {
  site: string;
  store: { channels: ChannelStore; notices: NoticeStore; alerts: Pick<AlertStore, 'get'> };
  keys: KeyRing;
  /** How long an alert lives, milliseconds. */
  lifeMs: () => number;
  counters: Counters;
  clock: Clock;
  reportFailure: (error: unknown) => void;
  /** Milliseconds between two looks at what waits, and for one attempt. */
  lookEveryMs?: number;
  attemptMs?: number;
}

/** The channels of a hub, joined: what its routes need, and the desk to start and stop. */
export interface Channels {
  channels: ChannelDesk;
  notices: NoticeDesk;
  push: PushDesk;
  pushKey: string;
  links: EvidenceLinks;
}

/** Joins senders and desks; nothing runs before `notices.start()`. */
export async function openChannels(parts: ChannelsParts): Promise<Channels> {
  const { site, store, keys, clock } = parts;
  const push = new PushDesk(store.channels, keys, clock);
  const vapid = new VapidKey(keys.key('push'));
  const senders: Record<ChannelKind, ChannelSender> = {
    web_push: new WebPush(vapid, clock, async () => httpsOnly((await channels.settings()).publicUrl)),
    wecom: new WecomRobot(),
    dingtalk: new DingtalkRobot(clock),
    feishu: new FeishuRobot(clock),
    webhook: new Webhook(clock),
    mail: new Mail(),
  };
  const channels: ChannelDesk = new ChannelDesk({
    site,
    store: store.channels,
    notices: store.notices,
    keys,
    push,
    senders,
    clock,
  });
  await channels.prepare();
  const links = new EvidenceLinks(keys.key('link'), clock);
  const notices = new NoticeDesk({
    ...parts,
    store: store.notices,
    alerts: store.alerts,
    channels,
    push,
    senders,
    links,
    random: Math.random,
  });
  return { channels, notices, push, pushKey: vapid.publicKey, links };
}

/** Push services want to find whoever sends under an https or mailto URL (RFC 8292 §2.1). */
function httpsOnly(url: string | undefined): string | undefined {
  return url?.startsWith('https:') ? url : undefined;
}

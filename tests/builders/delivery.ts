import type { ChannelSecrets, ChannelSettings, Delivery } from '../../hub/announce/channels/channel.ts';
import type { Alert } from '../../hub/contract/api.ts';
import type { ChannelKind } from '../../hub/contract/channels.ts';

/** 2026-03-01 16:00:00 in Shanghai. */
export const noon = Date.parse('2026-03-01T08:00:00.000Z');

/** An alert that is open; `change` replaces fields. */
export function buildAlert(change: Partial<Alert> = {}): Alert {
  return {
    id: '0195500c-0000-7000-8000-0000000000a1',
    state: 'open',
    sighting: '0195500c-0000-7000-8000-0000000000b1',
    site: 'demo',
    gate: 'east-gate',
    camera: 'east-lane',
    kind: 'person',
    flags: ['mask_not_worn'],
    subject: '7d9c7d6e-6d0e-4a62-9c62-1f5f1d3f1a11',
    verdicts: { mask: { verdict: 'not_worn', confidence: 0.97, votes: 4 } },
    direction: 'entry',
    evidence: [],
    occurredAt: '2026-03-01T08:00:00.000Z',
    decidedAt: '2026-03-01T08:00:01.000Z',
    openedAt: '2026-03-01T08:00:01.000Z',
    updatedAt: '2026-03-01T08:00:01.000Z',
    audience: 'on_duty',
    repeats: 0,
    cameras: [],
    steps: [],
    ...change,
  };
}

/** Settings of a channel that tells everything; `change` replaces fields. */
export function buildSettings(change: Partial<ChannelSettings> = {}): ChannelSettings {
  return {
    name: 'Office',
    enabled: true,
    language: 'zh-CN',
    stages: ['on_duty', 'next_gate', 'shift_leader', 'manager'],
    gaps: true,
    pictures: false,
    ...change,
  };
}

/** A message on its way to a channel. */
export function buildDelivery(
  kind: ChannelKind,
  secrets: ChannelSecrets,
  change: Partial<Delivery> & { settings?: Partial<ChannelSettings> } = {},
): Delivery {
  const { settings, ...rest } = change;
  return {
    id: '0195500c-0000-7000-8000-0000000000c1',
    topic: '0195500c-0000-7000-8000-0000000000a1',
    expiresAt: noon + 30 * 60_000,
    urgent: true,
    message: {
      title: '门岗 东门：未戴口罩',
      lines: ['时间：03-01 16:00:00', '人员，进入'],
      link: { text: '打开告警', url: 'https://gate.example.cn/alerts?alert=1' },
      language: 'zh-CN',
      facts: { kind: 'alert', stage: 'on_duty' },
    },
    channel: {
      id: '0195500c-0000-7000-8000-0000000000d1',
      site: 'demo',
      kind,
      settings: buildSettings(settings),
      secrets,
    },
    ...rest,
  };
}

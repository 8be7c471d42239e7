import { describe, expect, test } from 'vitest';
import type { ChannelSettings } from '../../../hub/announce/channels/channel.ts';
import { type PlanRules, planNotices } from '../../../hub/announce/notice-plan.ts';
import type { NoticeRequest } from '../../../hub/announce/notice-request.ts';
import type { PlannedAgainst } from '../../../hub/announce/notice-store.ts';
import { buildAlert, buildSettings, noon } from '../../builders/delivery.ts';

const rules: PlanRules = { now: noon + 1000, lifeMs: 30 * 60_000, timeZone: 'Asia/Shanghai' };
const request: NoticeRequest = {
  at: '2026-03-01T08:00:01.000Z',
  about: { kind: 'alert', alert: buildAlert().id },
  site: 'demo',
  gate: 'east-gate',
  stage: 'on_duty',
  people: ['wang', 'li'],
};
const robot = (change: Partial<ChannelSettings> = {}) => ({
  id: 'robot',
  kind: 'wecom' as const,
  settings: buildSettings(change),
});
const push = { id: 'push', kind: 'web_push' as const, settings: buildSettings() };

function plan(against: Partial<PlannedAgainst>, change: Partial<NoticeRequest> = {}, now = rules.now) {
  const facts = { channels: [], devices: [], alert: buildAlert(), ...against };
  return planNotices({ ...request, ...change }, facts, { ...rules, now });
}

test('a group gets one notice, until the alert’s life ends', () => {
  expect(plan({ channels: [robot()] })).toEqual([
    {
      channel: 'robot',
      channelKind: 'wecom',
      channelName: 'Office',
      target: '',
      state: 'waiting',
      expiresAt: '2026-03-01T08:30:01.000Z',
    },
  ]);
});

test('a stage that is told in the last minute still has five', () => {
  const late = Date.parse('2026-03-01T08:29:30.000Z');
  expect(plan({ channels: [robot()] }, {}, late)[0].expiresAt).toBe('2026-03-01T08:34:30.000Z');
});

test('on Web Push each device of each person gets one, and who has none is recorded', () => {
  const devices = [
    { id: 'phone', person: 'wang' },
    { id: 'desk', person: 'wang' },
  ];
  expect(plan({ channels: [push], devices })).toMatchObject([
    { target: 'phone', person: 'wang', state: 'waiting' },
    { target: 'desk', person: 'wang', state: 'waiting' },
    { target: 'li', person: 'li', state: 'skipped', reason: 'nobody_subscribed' },
  ]);
  expect(plan({ channels: [push], devices }, { people: [] })).toMatchObject([
    { state: 'skipped', reason: 'nobody_in_stage' },
  ]);
});

test.each([
  ['another stage', { stages: ['manager' as const] }],
  ['another gate', { gates: ['west-gate'] }],
  ['other flags', { flags: ['watched_province' as const] }],
])('a channel for %s is not told at all', (_, change) => {
  expect(plan({ channels: [robot(change)] })).toEqual([]);
});

test('a channel without flags is told of every alert, and of a gap only where it wants gaps', () => {
  const gap = { id: 'gap-1', gate: 'east-gate', from: request.at };
  const about = { kind: 'gap', gap: 'gap-1' } as const;
  const only = { channels: [robot({ flags: ['first_time'] })], alert: undefined, gap };
  expect(plan(only, { about })).toMatchObject([{ state: 'waiting' }]);
  expect(plan({ ...only, channels: [robot({ gaps: false })] }, { about })).toEqual([]);
  expect(plan({ ...only, gap: { ...gap, until: request.at } }, { about })).toMatchObject([
    { state: 'skipped', reason: 'over' },
  ]);
});

test.each([
  ['acknowledged', 'acknowledged'],
  ['resolved', 'over'],
  ['expired', 'over'],
  ['withdrawn', 'over'],
] as const)('an alert that is %s meanwhile is skipped: %s', (state, reason) => {
  expect(plan({ channels: [robot()], alert: buildAlert({ state }) })).toMatchObject([
    { state: 'skipped', reason },
  ]);
});

test('an alert that the hub no longer knows is over', () => {
  expect(plan({ channels: [robot()], alert: undefined })).toMatchObject([
    { state: 'skipped', reason: 'over' },
  ]);
});

test('a channel that is switched off is skipped and says so', () => {
  expect(plan({ channels: [robot({ enabled: false })] })).toMatchObject([
    { state: 'skipped', reason: 'channel_off' },
  ]);
});

describe('quiet hours', () => {
  // 08:00 UTC is 16:00 in Shanghai.
  const at = (hour: string) => Date.parse(`2026-03-01T${hour}:00.000Z`);
  const night = (except: ChannelSettings['stages'] = []) => ({
    channels: [robot({ quietHours: { from: '22:00', until: '06:30', except } })],
  });

  test.each([
    ['13:59', 'waiting'],
    ['14:00', 'skipped'],
    ['18:00', 'skipped'],
    ['22:29', 'skipped'],
    ['22:30', 'waiting'],
  ])('across midnight are local: at %s UTC it is %s', (hour, state) => {
    expect(plan(night(), {}, at(hour))).toMatchObject([{ state }]);
  });

  test('let the stages pass that are named', () => {
    expect(plan(night(['manager']), { stage: 'manager' }, at('18:00'))).toMatchObject([{ state: 'waiting' }]);
    expect(plan(night(['manager']), {}, at('18:00'))).toMatchObject([{ reason: 'quiet_hours' }]);
  });

  test('within a day hold there', () => {
    const noonRest = { channels: [robot({ quietHours: { from: '12:00', until: '14:00', except: [] } })] };
    expect(plan(noonRest, {}, at('04:00'))).toMatchObject([{ state: 'skipped' }]);
    expect(plan(noonRest, {}, at('06:00'))).toMatchObject([{ state: 'waiting' }]);
  });
});

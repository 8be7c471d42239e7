import type { ApiExample } from '../api-examples.ts';
import { at, id, later } from './facts.ts';

const settings = {
  name: '物业值班群',
  enabled: true,
  language: 'zh-CN',
  stages: ['shift_leader', 'manager'],
  gaps: true,
  quietHours: { from: '22:30', until: '06:30', except: ['manager'] },
  pictures: false,
};
const channel = {
  ...settings,
  id: id.item,
  kind: 'wecom',
  secretsSet: ['url'],
  host: 'qyapi.weixin.qq.com',
  waiting: 0,
  failed: 0,
  last: { at: later, outcome: 'delivered' },
};
const notice = {
  id: '0195500c-0000-7000-8000-000000000006',
  channel: id.item,
  channelKind: 'wecom',
  channelName: settings.name,
  about: { kind: 'alert', alert: id.alert },
  gate: 'east-gate',
  stage: 'manager',
  state: 'delivered',
  createdAt: at,
  expiresAt: '2026-03-01T08:30:00.000Z',
  attempts: [{ at: later, outcome: 'delivered', durationMs: 183, together: 1 }],
};
const noticeSettings = { publicUrl: 'https://gate.jinyuan.example', timeZone: 'Asia/Shanghai' };
const endpoint = 'https://push.example/send/8e1f0c';

/** Channels beyond the tablets, and what they delivered. */
export const channelExamples: Record<string, ApiExample> = {
  listChannels: { reply: { items: [channel] } },
  addChannel: {
    body: {
      ...settings,
      kind: 'wecom',
      secrets: { url: 'https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=example' },
    },
    reply: channel,
  },
  changeChannel: { body: { ...settings, enabled: false }, reply: { ...channel, enabled: false } },
  testChannel: { reply: { outcome: 'delivered', durationMs: 183 } },
  readNoticeSettings: { reply: noticeSettings },
  changeNoticeSettings: { body: noticeSettings, reply: noticeSettings },
  listNoticesOfAlert: { reply: { items: [notice] } },
  listNotices: { reply: { items: [notice] } },
  readPushKey: {
    reply: { key: 'BNbxGYNMhEIi9zrneh7mqV4oUanjLUK3m-mYZBc62frMKrEoMk88r3Lk596T0ck9xlT-aok0fO1KXBLV4-XqxYM' },
  },
  subscribeToPush: {
    body: {
      endpoint,
      keys: {
        p256dh: 'BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8',
        auth: 'BTBZMqHH6r4Tts7J_aSIgg',
      },
      language: 'zh-CN',
    },
  },
  unsubscribeFromPush: { body: { endpoint } },
};

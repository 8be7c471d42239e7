import { accountExamples } from './examples/account-examples.ts';
import { channelExamples } from './examples/channel-examples.ts';
import {
  acknowledged,
  alert,
  at,
  boxHealth,
  certificate,
  digest,
  duty,
  guard,
  guardAccount,
  id,
  later,
  manager,
  policy,
  policyEdit,
  resolution,
  session,
  sighting,
  visitor,
} from './examples/facts.ts';
import { logExamples } from './examples/log-examples.ts';

/** What one operation takes and answers, as a client would see it. */
export interface ApiExample {
  /** Of the request. */
  body?: unknown;
  /** Of the answer with a body, when it is JSON. */
  reply?: unknown;
}

const pattern = {
  person: id.guard,
  role: 'guard',
  gates: ['east-gate'],
  weekdays: [1, 2, 3, 4, 5],
  startsAt: '08:00',
  endsAt: '20:00',
  firstDay: '2026-03-01',
  onHolidays: 'as_usual',
};
const hours = { from: '2026-03-02T00:00:00.000Z', until: '2026-03-02T12:00:00.000Z' };
const shift = { person: id.guard, role: 'guard', gates: ['east-gate'], ...hours };
const change = { shift: 'pattern:2026-03-02', person: id.manager, reason: '王师傅请假' };
const holiday = { day: '2026-10-01', name: '国庆节' };
const swap = { shift: 'pattern:2026-03-02', to: id.manager, reason: '家里有事' };
const askedSwap = { ...swap, id: id.item, from: id.guard, askedAt: at, state: 'asked' };
const gap = { id: id.item, gate: 'west-gate', from: at, why: 'late', late: ['王师傅'] };
const handOver = {
  id: id.item,
  gate: 'east-gate',
  at,
  by: guard,
  text: '3号楼的快递放在门岗',
  openAlerts: [id.alert],
};

const snoozeRequest = {
  gate: 'east-gate',
  flag: 'mask_not_worn',
  until: '2026-03-01T12:00:00.000Z',
  reason: '社区活动',
};
const snooze = { ...snoozeRequest, id: id.item, by: { ...manager, at } };
const alertingSettings = {
  cooldownMinutes: 10,
  expireAfterMinutes: 30,
  sameMomentSeconds: 5,
  escalateAfterSeconds: {
    mask_not_worn: 60,
    mask_worn_improperly: 90,
    first_time: 60,
    out_of_province: 60,
    watched_province: 30,
    province_uncertain: 120,
  },
  storm: { after: 8, withinSeconds: 60 },
  quietHours: [],
  neighbours: [{ gate: 'east-gate', next: ['west-gate'] }],
};
const rosterSettings = {
  timeZone: 'Asia/Shanghai',
  clockInRequired: true,
  graceMinutes: 10,
  forgottenHours: 16,
  staffed: [{ gate: 'east-gate', weekdays: [1, 2, 3, 4, 5, 6, 7], startsAt: '06:00', endsAt: '22:00' }],
};
const versioned = (value: object) => ({ version: 2, value });

/** Operation → example. Every operation with a JSON body or answer has one; what does not follow its schema stops the description. */
export const apiExamples: Record<string, ApiExample> = {
  ...accountExamples,
  ...channelExamples,
  ...logExamples,
  logIn: { body: { username: 'wang', password: 'at-least-ten-characters' }, reply: session },
  readSession: { reply: session },
  readHealth: { reply: { ok: true } },
  readSiteHealth: {
    reply: {
      at,
      hub: {
        version: '0.1.0',
        uptimeSeconds: 86_400,
        broker: 'embedded',
        brokerConnected: true,
        databaseBytes: 52_428_800,
        diskFreeBytes: 120_000_000_000,
        counters: { 'ingest.sightings.committed': 4211, 'refused.PAYLOAD_INVALID': 1 },
        lensToCommitMs: { p50: 240, p95: 610, count: 500 },
        evidence: { pictures: 8421, bytes: 505_260_000, maxBytes: 20_000_000_000, broken: 0 },
      },
      boxes: [boxHealth],
      deadLetters: 1,
      rulesEndingSoon: 0,
    },
  },
  listBoxes: { reply: [boxHealth] },
  listDeadLetters: {
    reply: {
      items: [
        {
          id: 1,
          receivedAt: at,
          topic: 'gatehouse/v1/jinyuan/east-box/sightings',
          code: 'PAYLOAD_INVALID',
          reason: 'flags: expected array',
          bytes: 412,
        },
      ],
    },
  },
  listAlerts: { reply: { items: [alert], nextCursor: 'MjAyNi0wMy0wMVQwODowMDowMC4wMDBa' } },
  readAlert: { reply: alert },
  acknowledgeAlert: { reply: acknowledged },
  resolveAlert: {
    body: resolution,
    reply: { ...acknowledged, state: 'resolved', resolved: { ...guard, at: later, ...resolution } },
  },
  listDuty: { reply: [duty] },
  clockIn: { body: { gate: 'east-gate' }, reply: duty },
  listDutyGaps: { reply: [gap] },
  acknowledgeDutyGap: { reply: { ...gap, acknowledged: { ...manager, at: later } } },
  readRoster: {
    reply: {
      ...hours,
      shifts: [{ ...shift, key: 'pattern:2026-03-02', displayName: '王师傅', pattern: id.item }],
      gaps: [{ gate: 'west-gate', ...hours }],
      patterns: [{ ...pattern, id: id.item }],
      holidays: [{ ...holiday, id: id.item }],
      swaps: [askedSwap],
    },
  },
  listColleagues: { reply: [{ ...guard, role: 'guard' }] },
  addShiftPattern: { body: pattern, reply: { ...pattern, id: id.item } },
  changeShiftPattern: { body: pattern, reply: { ...pattern, id: id.item } },
  addShift: { body: shift, reply: { ...shift, id: id.item } },
  changeShift: { body: change, reply: { ...change, id: id.item } },
  addHoliday: { body: holiday, reply: { ...holiday, id: id.item } },
  askSwap: { body: swap, reply: askedSwap },
  answerSwap: { body: { answer: 'accepted' }, reply: { ...askedSwap, state: 'accepted', answeredAt: later } },
  listHandOvers: { reply: [handOver] },
  leaveHandOver: { body: { text: handOver.text }, reply: handOver },
  listSnoozes: { reply: [snooze] },
  addSnooze: { body: snoozeRequest, reply: snooze },
  endSnooze: { reply: { ...snooze, ended: { ...manager, at: later } } },
  readAlertingSettings: { reply: versioned(alertingSettings) },
  changeAlertingSettings: { body: alertingSettings, reply: versioned(alertingSettings) },
  readRosterSettings: { reply: versioned(rosterSettings) },
  changeRosterSettings: { body: rosterSettings, reply: versioned(rosterSettings) },
  searchSightings: { reply: { items: [sighting] } },
  readSighting: { reply: sighting },
  readTrajectory: {
    reply: {
      subject: id.subject,
      subjects: [id.subject],
      kind: 'person',
      firstSeenAt: at,
      lastSeenAt: later,
      visits: [{ entry: at, exit: later }],
      items: [sighting],
    },
  },
  listVisits: {
    reply: { items: [{ ...visitor, isOver: false, entry: at, entryGate: 'east-gate' }] },
  },
  countInside: {
    reply: {
      items: [
        { gate: 'east-gate', person: { open: 41, overstayed: 2 }, vehicle: { open: 118, overstayed: 5 } },
      ],
    },
  },
  listPresence: {
    reply: {
      items: [{ ...visitor, sightings: 2, firstSeenAt: at, lastSeenAt: later, insideSince: at }],
      unknown: { person: 3, vehicle: 1 },
    },
  },
  listCompanions: { reply: { sightings: 12, items: [{ ...visitor, times: 5, lastAt: at }] } },
  countFlows: {
    reply: {
      items: [
        {
          from: at,
          gate: 'east-gate',
          person: { entry: 40, exit: 22, unknown: 1, flagged: 3 },
          vehicle: { entry: 25, exit: 61, unknown: 0, flagged: 1 },
        },
      ],
    },
  },
  forgetSubject: { body: { reason: '本人要求' }, reply: certificate },
  listErasures: { reply: [certificate] },
  readErasure: { reply: certificate },
  readPolicy: { reply: policy },
  changePolicy: { body: policyEdit, reply: policy },
  listPeople: { reply: [guardAccount] },
  addPerson: {
    body: { username: 'wang', displayName: '王师傅', role: 'guard', password: 'at-least-ten-characters' },
    reply: guardAccount,
  },
  changePerson: { body: { disabled: true }, reply: { ...guardAccount, disabledAt: later } },
  readAudit: {
    reply: {
      items: [
        {
          id: 7,
          at,
          action: 'trajectory_viewed',
          actor: manager,
          target: '苏A12345',
          address: '192.168.1.20',
          hash: digest,
        },
      ],
    },
  },
};

/** What every refusal looks like. */
export const refusalExample = {
  code: 'ALERT_ALREADY_ACKNOWLEDGED',
  message: 'Someone else has acknowledged this alert.',
  remedy: 'The details name the first guard; ask them, or resolve it when it is done.',
  details: { acknowledged: { ...guard, at: later } },
};

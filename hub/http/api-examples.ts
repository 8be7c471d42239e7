/** What one operation takes and answers, as a client would see it. */
export interface ApiExample {
  /** Of the request. */
  body?: unknown;
  /** Of the answer with a body, when it is JSON. */
  reply?: unknown;
}

const at = '2026-03-01T08:00:00.000Z';
const later = '2026-03-01T08:00:41.000Z';
const id = {
  alert: '0195500c-0000-7000-8000-000000000001',
  sighting: '0195500c-0000-7000-8000-000000000002',
  evidence: '4b6f3e2a-58a1-4a53-9d0e-3c1c7b9d2f10',
  guard: '0195500c-0000-7000-8000-000000000003',
  manager: '0195500c-0000-7000-8000-000000000004',
  subject: '9f2d7c1e-6a0b-4d0f-8f5e-1f6a3f0f7a55',
  item: '0195500c-0000-7000-8000-000000000005',
  boot: '1c9d4d0e-0f4e-4f7a-9a56-6d0f8b1f2a33',
} as const;
const digest = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

const guard = { id: id.guard, displayName: '王师傅' };
const manager = { id: id.manager, displayName: '李经理' };
const guardAccount = { ...guard, username: 'wang', role: 'guard', createdAt: at };
const duty = { person: id.guard, displayName: guard.displayName, gate: 'east-gate', since: at };

const evidence = { id: id.evidence, sha256: digest, role: 'face', occurredAt: at, width: 120, height: 160 };
const visitor = { subject: id.subject, kind: 'person', evidence: [evidence] };
const verdicts = { mask: { verdict: 'not_worn', confidence: 0.97, votes: 4 } };
const seen = { site: 'jinyuan', gate: 'east-gate', camera: 'east-lane', kind: 'person', direction: 'entry' };
const sighting = {
  ...seen,
  schema: 1,
  id: id.sighting,
  revision: 1,
  phase: 'opened',
  box: 'east-box',
  occurredAt: at,
  decidedAt: at,
  subject: id.subject,
  verdicts,
  flags: ['mask_not_worn'],
  policyVersion: 3,
  evidence: [evidence],
  receivedAt: at,
  alert: id.alert,
};
const alert = {
  ...seen,
  id: id.alert,
  state: 'open',
  sighting: id.sighting,
  flags: ['mask_not_worn'],
  subject: id.subject,
  verdicts,
  evidence: [evidence],
  occurredAt: at,
  decidedAt: at,
  openedAt: at,
  updatedAt: at,
  audience: 'on_duty',
  repeats: 0,
  cameras: [],
  steps: [{ stage: 'on_duty', at, why: 'opened', people: [guard] }],
  nextStepAt: '2026-03-01T08:01:00.000Z',
};
const { nextStepAt: _, ...answered } = alert;
const acknowledged = {
  ...answered,
  state: 'acknowledged',
  updatedAt: later,
  acknowledged: { ...guard, at: later },
};
const resolution = { disposition: 'mask_handed_out', note: '已戴上' };

const campaign = {
  enabled: true,
  reason: '流感高发期，进出须戴口罩',
  owner: '李经理',
  startsAt: at,
  endsAt: '2026-04-01T00:00:00.000Z',
};
const policyEdit = { homeProvince: '苏', mask: campaign, strangerRetentionDays: 14 };
const policy = { schema: 1, site: 'jinyuan', version: 3, ...policyEdit };

const session = {
  person: guardAccount,
  site: 'jinyuan',
  duty,
  gates: ['east-gate', 'west-gate'],
  expiresAt: '2026-03-01T20:00:00.000Z',
};
const boxHealth = {
  site: 'jinyuan',
  box: 'east-box',
  status: { schema: 1, online: true, version: '0.1.0', bootId: id.boot, since: at },
  clockSkewSeconds: 0.2,
};
const certificate = {
  id: id.item,
  subject: id.subject,
  subjects: [id.subject],
  reason: '本人要求',
  askedBy: manager,
  askedAt: at,
  boxes: [{ box: 'east-box', confirmedAt: later, templates: 2 }],
  version: 2,
  until: at,
  removed: [{ kind: 'sightings', count: 12, digests: [digest] }],
  pictures: [digest],
  covers: ['face_templates', 'sightings', 'pictures', 'alerts', 'events', 'dead_letters', 'snoozes'],
  stays: ['anonymous_passings', 'audit', 'backups'],
  isComplete: true,
  sha256: digest,
  publicKey: 'MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=',
  signature: 'MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=',
};

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

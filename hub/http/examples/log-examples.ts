import type { ApiExample } from '../api-examples.ts';
import {
  alert,
  at,
  campaign,
  certificate,
  digest,
  evidence,
  id,
  later,
  manager,
  policy,
  sighting,
} from './facts.ts';

const { receivedAt: _, alert: __, ...original } = sighting;
const correction = {
  id: id.item,
  sighting: id.sighting,
  fact: { of: 'mask', verdict: 'worn' },
  reason: '当面看过，戴着口罩',
  by: { ...manager, at: later },
};
const corrected = {
  original,
  current: { ...original, verdicts: { mask: { ...original.verdicts.mask, verdict: 'worn' } }, flags: [] },
  corrections: [correction],
};
const undone = {
  original,
  current: original,
  corrections: [{ ...correction, undone: { ...manager, at: later } }],
};

const proposal = {
  id: id.item,
  state: 'open',
  changes: [{ field: 'outOfProvince', after: campaign }],
  proposedBy: manager,
  proposedAt: at,
  expiresAt: '2026-03-08T08:00:00.000Z',
};
const secondManager = { id: '0195500c-0000-7000-8000-000000000007', displayName: '赵经理' };

const retention = {
  evidenceDays: 30,
  personDays: 30,
  sightingDays: 90,
  alertDays: 90,
  auditDays: 1096,
  evidenceMaxBytes: 20_000_000_000,
};
const report = {
  version: 2,
  settings: retention,
  evidence: { pictures: 48_211, bytes: 2_913_004_551 },
  due: [{ kind: 'pictures', count: 0, held: 4 }],
  runs: [
    {
      id: 7,
      at,
      tookMs: 412,
      removed: [{ kind: 'pictures', count: 130, oldest: at, newest: later, held: 4 }],
    },
  ],
};
const newHold = { about: { kind: 'alert', id: id.alert }, reason: '业主申诉，等待处理' };
const hold = { ...newHold, id: id.item, site: 'jinyuan', placedBy: manager, placedAt: later };

const viid = {
  isOn: true,
  platformUrl: 'http://10.1.2.3:8080',
  deviceId: '32050000001190000001',
  username: '32050000001190000001',
  motorVehicles: true,
  faces: false,
  cameras: [{ camera: 'east-lane', deviceId: '32050000001320000001' }],
  timeZone: 'Asia/Shanghai',
  keepaliveSeconds: 60,
};
const viidShown = { version: 2, value: viid, hasPassword: true };

/** What is said about the log, how long it is kept, and where it leaves to. */
export const logExamples: Record<string, ApiExample> = {
  readCorrections: { reply: corrected },
  correctSighting: { body: { fact: correction.fact, reason: correction.reason }, reply: corrected },
  undoCorrection: { reply: undone },
  mergeSubjects: {
    body: { with: '9f2d7c1e-6a0b-4d0f-8f5e-1f6a3f0f7a56', reason: '同一个人，换了外套' },
    reply: { subject: id.subject },
  },
  splitSubject: {
    body: { sightings: [id.sighting], reason: '不是同一个人' },
    reply: { subject: '9f2d7c1e-6a0b-4d0f-8f5e-1f6a3f0f7a57' },
  },
  findPlates: {
    reply: { items: [{ plate: '苏A12345', firstSeenAt: at, lastSeenAt: later, sightings: 14 }], more: false },
  },
  listProposals: { reply: [proposal] },
  confirmProposal: { reply: { ...policy, version: 4, outOfProvince: campaign } },
  rejectProposal: {
    reply: { ...proposal, state: 'rejected', decidedBy: secondManager, decidedAt: later },
  },
  readPolicyHistory: {
    reply: {
      items: [
        {
          version: 4,
          at: later,
          by: manager.displayName,
          confirmedBy: secondManager.displayName,
          changes: proposal.changes,
        },
      ],
    },
  },
  readErasureOfSubject: { reply: certificate },
  verifyErasure: { body: certificate, reply: { isOurs: true } },
  readRetention: { reply: report },
  changeRetention: { body: retention, reply: report },
  listHolds: { reply: [hold] },
  placeHold: { body: newHold, reply: hold },
  liftHold: {
    body: { reason: '申诉已结' },
    reply: { ...hold, ended: { at: later, by: manager, reason: '申诉已结' } },
  },
  readIncidentReport: {
    reply: {
      alert,
      sighting,
      sightingSha256: digest,
      pictures: [{ evidence, state: 'intact', foundSha256: digest }],
      policyVersion: 3,
      rules: [
        {
          name: 'mask',
          reason: campaign.reason,
          owner: campaign.owner,
          startsAt: campaign.startsAt,
          endsAt: campaign.endsAt,
        },
      ],
      printedBy: manager,
      printedAt: later,
    },
  },
  readViidSettings: { reply: viidShown },
  changeViidSettings: { body: { ...viid, password: 'as-the-platform-gave-it' }, reply: viidShown },
  readViidStatus: {
    reply: {
      state: 'registered',
      facesLeave: false,
      registeredAt: at,
      answeredAt: later,
      waiting: 3,
      sent: 1204,
      refused: 0,
    },
  },
};

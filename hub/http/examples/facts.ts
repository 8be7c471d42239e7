/** Who and what the examples are about: one guard, one manager, one visitor without a mask. */
export const at = '2026-03-01T08:00:00.000Z';
export const later = '2026-03-01T08:00:41.000Z';
export const id = {
  alert: '0195500c-0000-7000-8000-000000000001',
  sighting: '0195500c-0000-7000-8000-000000000002',
  evidence: '4b6f3e2a-58a1-4a53-9d0e-3c1c7b9d2f10',
  guard: '0195500c-0000-7000-8000-000000000003',
  manager: '0195500c-0000-7000-8000-000000000004',
  subject: '9f2d7c1e-6a0b-4d0f-8f5e-1f6a3f0f7a55',
  item: '0195500c-0000-7000-8000-000000000005',
  boot: '1c9d4d0e-0f4e-4f7a-9a56-6d0f8b1f2a33',
} as const;
export const digest = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

export const guard = { id: id.guard, displayName: '王师傅' };
export const manager = { id: id.manager, displayName: '李经理' };
export const guardAccount = { ...guard, username: 'wang', role: 'guard', createdAt: at };
export const duty = { person: id.guard, displayName: guard.displayName, gate: 'east-gate', since: at };

export const evidence = {
  id: id.evidence,
  sha256: digest,
  role: 'face',
  occurredAt: at,
  width: 120,
  height: 160,
};
export const visitor = { subject: id.subject, kind: 'person', evidence: [evidence] };
const verdicts = { mask: { verdict: 'not_worn', confidence: 0.97, votes: 4 } };
const seen = {
  site: 'jinyuan',
  gate: 'east-gate',
  camera: 'east-lane',
  kind: 'person',
  direction: 'entry',
};
export const sighting = {
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
export const alert = {
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
export const acknowledged = {
  ...answered,
  state: 'acknowledged',
  updatedAt: later,
  acknowledged: { ...guard, at: later },
};
export const resolution = { disposition: 'mask_handed_out', note: '已戴上' };

export const campaign = {
  enabled: true,
  reason: '流感高发期，进出须戴口罩',
  owner: '李经理',
  startsAt: at,
  endsAt: '2026-04-01T00:00:00.000Z',
};
export const policyEdit = { homeProvince: '苏', mask: campaign, strangerRetentionDays: 14 };
export const policy = { schema: 1, site: 'jinyuan', version: 3, ...policyEdit };

export const session = {
  person: guardAccount,
  site: 'jinyuan',
  duty,
  gates: ['east-gate', 'west-gate'],
  expiresAt: '2026-03-01T20:00:00.000Z',
};
export const boxHealth = {
  site: 'jinyuan',
  box: 'east-box',
  status: { schema: 1, online: true, version: '0.1.0', bootId: id.boot, since: at },
  clockSkewSeconds: 0.2,
};
export const certificate = {
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
  stays: ['anonymous_passings', 'audit', 'backups', 'sent_outside'],
  isComplete: true,
  sha256: digest,
  publicKey: 'MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=',
  signature: 'MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=',
};

import type { Role } from '../../../hub/contract/api.ts';

/** What is at one gate when a route is walked. */
export interface AtGate {
  gate: string;
  /** Seen there and nowhere else. */
  subject: string;
  /** An alert that nobody has touched, its sighting, its picture. */
  alert: string;
  /** An alert that somebody has acknowledged. */
  taken: string;
  sighting: string;
  /** What a person said about that sighting. */
  correction: string;
  evidence: string;
  /** A paired tablet. */
  device: string;
  /** What does not ring there. */
  snooze: string;
  /** An hour from then on. */
  soon: string;
}

/** How a route is asked about one gate. */
export interface Question {
  params?: Record<string, string>;
  query?: Record<string, string>;
  payload?: object;
}

/** Who may use a route, and how far those get who have to do with certain gates only. */
export interface Row {
  /** `anyone` is not logged in. */
  who: readonly Role[] | 'anyone';
  /**
   * `site`: refused to them. `none`: answered, it concerns no gate. `gate`: answered about their gate, and about another
   * refused or without a word of it; `ask` says how it is asked about a gate.
   */
  scope: 'site' | 'none' | 'gate';
  ask?: (at: AtGate) => Question;
  /** The answer does not name the gate that it is about. */
  isNameless?: boolean;
}

const everyone: Role[] = ['guard', 'manager', 'installer', 'admin'];
const watching: Role[] = ['guard', 'manager', 'admin'];
const managing: Role[] = ['manager', 'admin'];
const servicing: Role[] = ['manager', 'installer', 'admin'];
const administering: Role[] = ['admin'];

const site = (who: Row['who']): Row => ({ who, scope: 'site' });
const none = (who: Row['who']): Row => ({ who, scope: 'none' });
const gate = (who: Row['who'], ask: Row['ask'] = () => ({})): Row => ({ who, scope: 'gate', ask });

/** The hours in which it was furnished. */
const window = ({ soon }: AtGate) => ({
  from: new Date(Date.parse(soon) - 7_200_000).toISOString(),
  to: soon,
});

/**
 * Every route of the hub, one line each, written out here so that a wrong line in a route shows. A route that is not in
 * this table fails the tests, as does a line without a route.
 */
export const accessTable: Record<string, Row> = {
  'POST /api/v1/session': none('anyone'),
  'GET /api/v1/health': none('anyone'),
  'GET /api/v1/device': none('anyone'),
  'POST /api/v1/device': none('anyone'),
  'GET /api/v1/session': gate(everyone),
  'DELETE /api/v1/session': none(everyone),
  'POST /api/v1/session/password': none(everyone),
  'POST /api/v1/session/second-factor': none(everyone),
  'PUT /api/v1/session/second-factor': none(everyone),
  'POST /api/v1/session/second-factor/recovery-codes': none(everyone),
  'POST /api/v1/session/second-factor/removal': none(everyone),
  'GET /api/v1/sessions': none(everyone),
  'DELETE /api/v1/sessions': none(everyone),
  'DELETE /api/v1/sessions/{id}': none(everyone),
  'GET /api/v1/openapi.json': none(everyone),
  'GET /api/v1/stream': gate(everyone),
  'GET /api/v1/alerts': gate(watching, (at) => ({ query: { gate: at.gate } })),
  'GET /api/v1/alerts/{id}': gate(watching, (at) => ({ params: { id: at.alert } })),
  'POST /api/v1/alerts/{id}/acknowledge': gate(watching, (at) => ({ params: { id: at.alert } })),
  'POST /api/v1/alerts/{id}/resolve': gate(watching, (at) => ({
    params: { id: at.taken },
    payload: { disposition: 'let_in' },
  })),
  'GET /api/v1/alerts/{id}/notices': {
    ...gate(watching, (at) => ({ params: { id: at.alert } })),
    isNameless: true,
  },
  'GET /api/v1/snoozes': gate(watching),
  'POST /api/v1/snoozes': gate(watching, (at) => ({
    payload: { gate: at.gate, until: at.soon, reason: 'rain' },
  })),
  'DELETE /api/v1/snoozes/{id}': gate(watching, (at) => ({ params: { id: at.snooze } })),
  'GET /api/v1/settings/alerting': none(watching),
  'PUT /api/v1/settings/alerting': site(managing),
  'GET /api/v1/settings/roster': none(watching),
  'PUT /api/v1/settings/roster': site(managing),
  'GET /api/v1/channels': site(managing),
  'POST /api/v1/channels': site(managing),
  'PUT /api/v1/channels/{id}': site(managing),
  'DELETE /api/v1/channels/{id}': site(managing),
  'POST /api/v1/channels/{id}/test': site(managing),
  'GET /api/v1/notice-settings': site(managing),
  'PUT /api/v1/notice-settings': site(managing),
  'GET /api/v1/notices': site(managing),
  'POST /api/v1/notices/{id}/retry': site(managing),
  'GET /api/v1/push/key': none(watching),
  'PUT /api/v1/push/subscription': none(watching),
  'DELETE /api/v1/push/subscription': none(watching),
  'GET /api/v1/evidence-links/{token}': none('anyone'),
  'GET /api/v1/duty': gate(watching),
  'GET /api/v1/duty/gaps': site(managing),
  'POST /api/v1/duty/gaps/{id}/acknowledge': site(managing),
  'GET /api/v1/roster': gate(watching, () => ({
    query: { from: '2026-03-01T00:00:00.000Z', until: '2026-03-31T00:00:00.000Z' },
  })),
  'GET /api/v1/roster/people': none(watching),
  'POST /api/v1/roster/patterns': site(managing),
  'PUT /api/v1/roster/patterns/{id}': site(managing),
  'POST /api/v1/roster/shifts': site(managing),
  'POST /api/v1/roster/changes': site(managing),
  'POST /api/v1/roster/holidays': site(managing),
  'DELETE /api/v1/roster/{kind}/{id}': site(managing),
  'POST /api/v1/roster/swaps': none(watching),
  'POST /api/v1/roster/swaps/{id}/answer': none(watching),
  'GET /api/v1/hand-overs': {
    ...gate(watching, (at) => ({ query: { gate: at.gate } })),
    isNameless: true,
  },
  'POST /api/v1/hand-overs': none(watching),
  'POST /api/v1/duty/clock-in': gate(watching, (at) => ({ payload: { gate: at.gate } })),
  'POST /api/v1/duty/clock-out': none(watching),
  'GET /api/v1/sightings': gate(watching, (at) => ({ query: { gate: at.gate } })),
  'GET /api/v1/sightings/{id}': gate(watching, (at) => ({ params: { id: at.sighting } })),
  'GET /api/v1/evidence/{id}': gate(watching, (at) => ({ params: { id: at.evidence } })),
  'GET /api/v1/sightings/{id}/corrections': gate(watching, (at) => ({ params: { id: at.sighting } })),
  'POST /api/v1/sightings/{id}/corrections': gate(watching, (at) => ({
    params: { id: at.sighting },
    payload: { fact: { of: 'direction', direction: 'exit' }, reason: 'seen' },
  })),
  'POST /api/v1/corrections/{id}/undo': gate(watching, (at) => ({ params: { id: at.correction } })),
  'POST /api/v1/subjects/{subject}/merge': site(managing),
  'POST /api/v1/subjects/{subject}/split': site(managing),
  'GET /api/v1/visits': gate(watching, (at) => ({ query: { gate: at.gate } })),
  'GET /api/v1/visits/inside': gate(watching),
  'GET /api/v1/flows': gate(watching, (at) => ({ query: { ...window(at), gate: at.gate } })),
  'GET /api/v1/presence': {
    ...gate(watching, (at) => ({ query: { ...window(at), gate: at.gate } })),
    isNameless: true,
  },
  'GET /api/v1/plates': site(managing),
  'GET /api/v1/subjects/{subject}/companions': { ...gate(managing), isNameless: true },
  'GET /api/v1/subjects/{subject}/trajectory': gate(managing, (at) => ({ params: { subject: at.subject } })),
  'POST /api/v1/subjects/{subject}/erasure': site(managing),
  'GET /api/v1/subjects/{subject}/erasure': site(managing),
  'POST /api/v1/erasures/verification': site(managing),
  'GET /api/v1/alerts/{id}/report': site(managing),
  'GET /api/v1/settings/viid': site(administering),
  'PUT /api/v1/settings/viid': site(administering),
  'GET /api/v1/viid': site(servicing),
  'GET /api/v1/exports/sightings.csv': site(managing),
  'GET /api/v1/exports/sightings.xlsx': site(managing),
  'GET /api/v1/exports/alerts.csv': site(managing),
  'GET /api/v1/exports/alerts.xlsx': site(managing),
  'GET /api/v1/retention': site(managing),
  'PUT /api/v1/retention': site(managing),
  'GET /api/v1/holds': site(managing),
  'POST /api/v1/holds': site(managing),
  'POST /api/v1/holds/{id}/lift': site(managing),
  'GET /api/v1/erasures': site(managing),
  'GET /api/v1/erasures/{id}': site(managing),
  'GET /api/v1/policy': none(watching),
  'PUT /api/v1/policy': site(managing),
  'GET /api/v1/policy/history': site(managing),
  'GET /api/v1/policy/proposals': site(managing),
  'POST /api/v1/policy/proposals/{id}/confirm': site(managing),
  'POST /api/v1/policy/proposals/{id}/reject': site(managing),
  'GET /api/v1/audit': site(managing),
  'GET /api/v1/audit/head': site(managing),
  'GET /api/v1/site/health': gate(servicing),
  'GET /api/v1/boxes': gate(servicing),
  'GET /api/v1/dead-letters': site(servicing),
  'GET /api/v1/devices': gate(managing),
  'POST /api/v1/devices/pairings': gate(managing, (at) => ({ payload: { gate: at.gate, name: 'tablet' } })),
  'DELETE /api/v1/devices/{id}': gate(managing, (at) => ({ params: { id: at.device } })),
  'PUT /api/v1/devices/rules': site(administering),
  'GET /api/v1/people': site(administering),
  'POST /api/v1/people': site(administering),
  'PATCH /api/v1/people/{id}': site(administering),
  'POST /api/v1/people/{id}/password-reset': site(administering),
  'POST /api/v1/people/{id}/second-factor-reset': site(administering),
  'DELETE /api/v1/people/{id}/sessions': site(administering),
};

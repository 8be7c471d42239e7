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
  evidence: string;
  /** A paired tablet. */
  device: string;
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
}

const everyone: Role[] = ['guard', 'manager', 'installer', 'admin'];
const watching: Role[] = ['guard', 'manager', 'admin'];
const managing: Role[] = ['manager', 'admin'];
const servicing: Role[] = ['manager', 'installer', 'admin'];
const administering: Role[] = ['admin'];

const site = (who: Row['who']): Row => ({ who, scope: 'site' });
const none = (who: Row['who']): Row => ({ who, scope: 'none' });
const gate = (who: Row['who'], ask: Row['ask'] = () => ({})): Row => ({ who, scope: 'gate', ask });

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
  'GET /api/v1/duty': gate(watching),
  'POST /api/v1/duty/clock-in': gate(watching, (at) => ({ payload: { gate: at.gate } })),
  'POST /api/v1/duty/clock-out': none(watching),
  'GET /api/v1/sightings': gate(watching, (at) => ({ query: { gate: at.gate } })),
  'GET /api/v1/sightings/{id}': gate(watching, (at) => ({ params: { id: at.sighting } })),
  'GET /api/v1/evidence/{id}': gate(watching, (at) => ({ params: { id: at.evidence } })),
  'GET /api/v1/subjects/{subject}/trajectory': gate(managing, (at) => ({ params: { subject: at.subject } })),
  'POST /api/v1/subjects/{subject}/erasure': site(managing),
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

import { z } from 'zod';
import { managing, watching } from '../../accounts/access.ts';
import { requireGate } from '../../accounts/scope.ts';
import { type Clock, toInstant } from '../../clock.ts';
import {
  companionList,
  companionQuery,
  flowList,
  flowQuery,
  insideCounts,
  insideQuery,
  plateList,
  plateQuery,
  presencePage,
  presenceQuery,
  visitPage,
  visitQuery,
} from '../../contract/log.ts';
import { HubError } from '../../errors.ts';
import { gatherFlows } from '../../trajectory/flows.ts';
import type { FlowTally, PlateIndex, PresenceLog, VisitBook } from '../../trajectory/log-readers.ts';
import { type RecordDeed, readRecorded } from '../auditing.ts';
import { scopeOfRequest, sessionOf } from '../authentication.ts';
import type { HubApp } from '../hub-app.ts';
import { perMinute } from '../rate-limits.ts';
import { withinReach } from '../reach.ts';
import { refusals } from '../refusals.ts';

/** Days of a window in which everybody present is named. */
const presenceDays = 7;
/** Days of a window whose hours are counted. */
const flowDays = 400;

export interface LogParts {
  site: string;
  visits: VisitBook;
  plates: PlateIndex;
  flows: FlowTally;
  presence: PresenceLog;
  record: RecordDeed;
  clock: Clock;
}

/** What is read from the log as a whole. Whom one looks for is recorded before it is answered. */
export function logRoutes(
  app: HubApp,
  { site, visits, plates, flows, presence, record, clock }: LogParts,
): void {
  app.get(
    '/api/v1/visits',
    {
      config: { access: watching, scope: 'gate', rateLimit: perMinute.search },
      schema: {
        operationId: 'listVisits',
        summary: 'Who is in, who was, and who stays too long; guards see visits begun in the last 24 hours',
        querystring: visitQuery,
        response: { 200: visitPage, ...refusals },
      },
    },
    (request) => {
      const scope = scopeOfRequest(request);
      requireGate(scope, request.query.gate);
      const query = withinReach(request.query, sessionOf(request).person.role, clock);
      return visits.list(query, toInstant(clock.now()), scope);
    },
  );

  app.get(
    '/api/v1/visits/inside',
    {
      config: { access: watching, scope: 'gate', rateLimit: perMinute.search },
      schema: {
        operationId: 'countInside',
        summary: 'How many are in now, by gate of entry; guards see visits begun in the last 24 hours',
        querystring: insideQuery,
        response: { 200: insideCounts, ...refusals },
      },
    },
    (request) => {
      const query = withinReach(request.query, sessionOf(request).person.role, clock);
      return visits.inside(query, toInstant(clock.now()), scopeOfRequest(request));
    },
  );

  app.get(
    '/api/v1/plates',
    {
      config: { access: managing, rateLimit: perMinute.search },
      schema: {
        operationId: 'findPlates',
        summary: 'Plates by what is remembered of them, last seen first; every search is recorded',
        querystring: plateQuery,
        response: { 200: plateList, ...refusals },
      },
    },
    async (request) => {
      const recorded = record(request, { action: 'plates_searched', target: request.query.pattern });
      return readRecorded(recorded, () => plates.find(request.query));
    },
  );

  app.get(
    '/api/v1/flows',
    {
      config: { access: watching, scope: 'gate', rateLimit: perMinute.search },
      schema: {
        operationId: 'countFlows',
        summary: 'How many passed each gate by hour or day; guards see the last 24 hours',
        querystring: flowQuery,
        response: { 200: flowList, ...refusals },
      },
    },
    async (request) => {
      const { from, to, by, utcOffsetHours, gate } = request.query;
      const scope = scopeOfRequest(request);
      requireGate(scope, gate);
      withinReach({ from }, sessionOf(request).person.role, clock);
      requireWindow(from, to, flowDays);
      const counts = await flows.hours({ from, to, ...(gate === undefined ? {} : { gate }) }, scope);
      return { items: gatherFlows(counts, by, utcOffsetHours) };
    },
  );

  app.get(
    '/api/v1/presence',
    {
      config: { access: watching, scope: 'gate', rateLimit: perMinute.search },
      schema: {
        operationId: 'listPresence',
        summary: 'Who and what was there in a window; every look is recorded; guards see the last 24 hours',
        querystring: presenceQuery,
        response: { 200: presencePage, ...refusals },
      },
    },
    async (request) => {
      const { from, to, gate } = request.query;
      const scope = scopeOfRequest(request);
      requireGate(scope, gate);
      withinReach({ from }, sessionOf(request).person.role, clock);
      requireWindow(from, to, presenceDays);
      await record(request, {
        action: 'presence_viewed',
        ...(gate === undefined ? {} : { target: gate }),
        details: { from, to },
      });
      return presence.present(request.query, scope);
    },
  );

  app.get(
    '/api/v1/subjects/:subject/companions',
    {
      config: { access: managing, scope: 'gate', rateLimit: perMinute.search },
      schema: {
        operationId: 'listCompanions',
        summary: 'Who and what passes the same gate at about the same time; every look is recorded',
        params: z.strictObject({ subject: z.string().min(1).max(60) }),
        querystring: companionQuery,
        response: { 200: companionList, ...refusals },
      },
    },
    async (request) => {
      const { subject } = request.params;
      const recorded = record(request, { action: 'companions_viewed', target: subject });
      return readRecorded(recorded, () =>
        presence.companions({ site, subject }, request.query, scopeOfRequest(request)),
      );
    },
  );
}

function requireWindow(from: string, to: string, days: number): void {
  const lengthDays = (Date.parse(to) - Date.parse(from)) / (24 * 3_600_000);
  if (lengthDays <= 0 || lengthDays > days)
    throw new HubError('WINDOW_INVALID', undefined, { details: { days } });
}

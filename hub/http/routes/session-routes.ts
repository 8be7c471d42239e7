import { z } from 'zod';
import { everyone } from '../../accounts/access.ts';
import type { Accounts, CurrentSession } from '../../accounts/accounts.ts';
import type { AuditTrail } from '../../accounts/audit-trail.ts';
import type { TabletStream } from '../../announce/tablet-stream.ts';
import { type Clock, toInstant } from '../../clock.ts';
import { logIn, type Session, session } from '../../contract/api.ts';
import type { Counters } from '../../counters.ts';
import type { BoxStore } from '../../ingest/box-store.ts';
import type { DutyDesk } from '../../roster/duty-desk.ts';
import type { RecordDeed } from '../auditing.ts';
import { clearSessionCookie, sessionOf, setSessionCookie } from '../authentication.ts';
import type { HubApp } from '../hub-app.ts';
import { perMinute } from '../rate-limits.ts';
import { refusals } from '../refusals.ts';

export interface SessionParts {
  site: string;
  accounts: Accounts;
  audit: AuditTrail;
  record: RecordDeed;
  boxes: BoxStore;
  duties: DutyDesk;
  stream: TabletStream;
  counters: Counters;
  clock: Clock;
}

/** Logging in and out, and who is logged in. */
export function sessionRoutes(app: HubApp, parts: SessionParts): void {
  const { accounts, audit, record, stream, counters, clock } = parts;

  app.post(
    '/api/v1/session',
    {
      config: { access: 'public', rateLimit: perMinute.logIn },
      schema: {
        operationId: 'logIn',
        summary: 'Log in; the session is an HttpOnly cookie',
        body: logIn,
        response: { 200: session, ...refusals },
      },
    },
    async (request, reply) => {
      const at = toInstant(clock.now());
      const result = await accounts.logIn(request.body, request.ip);
      if ('refused' in result) {
        const { refused, person } = result;
        counters.add(refused.code.toLowerCase());
        if (refused.code === 'LOG_IN_REFUSED') {
          await audit.record({ at, action: 'log_in_failed', actor: nameOf(person), address: request.ip });
        }
        throw refused;
      }
      const { person, expiresAt } = result.session;
      await audit.record({ at, action: 'logged_in', actor: nameOf(person), address: request.ip });
      setSessionCookie(request, reply, result.token, expiresAt);
      return describe(result.session, parts);
    },
  );

  app.get(
    '/api/v1/session',
    {
      config: { access: everyone },
      schema: {
        operationId: 'readSession',
        summary: 'Who is logged in, and where they are on duty',
        response: { 200: session, ...refusals },
      },
    },
    (request) => describe(sessionOf(request), parts),
  );

  app.delete(
    '/api/v1/session',
    {
      config: { access: everyone },
      schema: {
        operationId: 'logOut',
        summary: 'Log out; the live streams of the session end',
        response: { 204: z.null(), ...refusals },
      },
    },
    async (request, reply) => {
      const { tokenHash } = sessionOf(request);
      await accounts.logOut(tokenHash);
      stream.closeSession(tokenHash);
      clearSessionCookie(request, reply);
      await record(request, { action: 'logged_out' });
      return reply.code(204).send(null);
    },
  );
}

async function describe(
  { person, expiresAt }: CurrentSession,
  { site, boxes, duties }: SessionParts,
): Promise<Session> {
  const [duty, gates] = await Promise.all([duties.of(person.id), boxes.gates(site)]);
  return { person, site, duty, gates, expiresAt };
}

function nameOf(person: { id: string; displayName: string } | undefined) {
  return person && { id: person.id, displayName: person.displayName };
}

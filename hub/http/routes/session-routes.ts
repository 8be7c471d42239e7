import { z } from 'zod';
import { everyone } from '../../accounts/access.ts';
import type { Accounts, CurrentSession } from '../../accounts/accounts.ts';
import type { AuditTrail } from '../../accounts/audit-trail.ts';
import { browserName } from '../../accounts/browser-name.ts';
import type { Devices } from '../../accounts/devices.ts';
import { covers, scopeOf } from '../../accounts/scope.ts';
import type { TabletStream } from '../../announce/tablet-stream.ts';
import { type Clock, toInstant } from '../../clock.ts';
import { logIn, ownSession, passwordChange, type Session, session } from '../../contract/api.ts';
import { sha256 } from '../../contract/ids.ts';
import type { Counters } from '../../counters.ts';
import { HubError } from '../../errors.ts';
import type { BoxStore } from '../../ingest/box-store.ts';
import type { DutyDesk } from '../../roster/duty-desk.ts';
import type { RecordDeed } from '../auditing.ts';
import {
  clearSessionCookie,
  deviceCookie,
  sessionOf,
  setDeviceCookie,
  setSessionCookie,
} from '../authentication.ts';
import type { HubApp } from '../hub-app.ts';
import { perMinute } from '../rate-limits.ts';
import { refusals } from '../refusals.ts';

export interface SessionParts {
  site: string;
  accounts: Accounts;
  devices: Devices;
  audit: AuditTrail;
  record: RecordDeed;
  boxes: BoxStore;
  duties: DutyDesk;
  stream: TabletStream;
  counters: Counters;
  clock: Clock;
}

/** A session may always be read and ended, whatever it still needs. */
const always = ['new_password', 'second_factor'] as const;

/** Log-ins that somebody may have guessed at; the others are a step of a right one. */
const guesses: readonly string[] = ['LOG_IN_REFUSED', 'CODE_REFUSED'];

/** Logging in and out, who is logged in, and where else. */
export function sessionRoutes(app: HubApp, parts: SessionParts): void {
  const { accounts, devices, audit, record, stream, counters, clock } = parts;

  app.post(
    '/api/v1/session',
    {
      config: { access: 'public', rateLimit: perMinute.logIn },
      schema: {
        operationId: 'logIn',
        summary:
          'Log in; the session is an HttpOnly cookie. SECOND_FACTOR_NEEDED asks for the same with a code',
        body: logIn,
        response: { 200: session, ...refusals },
      },
    },
    async (request, reply) => {
      const at = toInstant(clock.now());
      const address = request.ip;
      const deviceToken = request.cookies[deviceCookie];
      const device = await devices.recognise(deviceToken);
      const browser = browserName(request.headers['user-agent']);
      const result = await accounts.logIn(request.body, { address, browser, device });
      if ('refused' in result) {
        const { refused, person } = result;
        counters.add(refused.code.toLowerCase());
        if (guesses.includes(refused.code)) {
          const details = refused.code === 'CODE_REFUSED' ? { of: 'second_factor' } : undefined;
          await audit.record({ at, action: 'log_in_failed', actor: nameOf(person), address, details });
        }
        throw refused;
      }
      const { person, expiresAt } = result.session;
      const actor = nameOf(person);
      await audit.record({ at, action: 'logged_in', actor, address, target: device?.gate });
      if (result.usedRecoveryCode) await audit.record({ at, action: 'recovery_code_used', actor, address });
      setSessionCookie(request, reply, result.token, expiresAt);
      if (device && deviceToken) setDeviceCookie(request, reply, deviceToken);
      return describe(result.session, parts);
    },
  );

  app.get(
    '/api/v1/session',
    {
      config: { access: everyone, scope: 'gate', evenWhile: always },
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
      config: { access: everyone, scope: 'none', evenWhile: always },
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

  app.post(
    '/api/v1/session/password',
    {
      config: { access: everyone, scope: 'none', evenWhile: ['new_password'], rateLimit: perMinute.logIn },
      schema: {
        operationId: 'changeOwnPassword',
        summary: 'Change one’s password; the other sessions end',
        body: passwordChange,
        response: { 200: session, ...refusals },
      },
    },
    async (request) => {
      const current = sessionOf(request);
      try {
        await accounts.changePassword(current, request.body, request.ip);
      } catch (error) {
        if (error instanceof HubError && error.code === 'PASSWORD_REFUSED') {
          await record(request, { action: 'log_in_failed', details: { of: 'password_change' } });
        }
        throw error;
      }
      stream.closePerson(current.person.id);
      await record(request, { action: 'password_changed', target: current.person.id });
      const renewed = await accounts.read(current.tokenHash);
      return describe(renewed ?? current, parts);
    },
  );

  app.get(
    '/api/v1/sessions',
    {
      config: { access: everyone, scope: 'none' },
      schema: {
        operationId: 'listOwnSessions',
        summary: 'Where one is logged in, newest use first',
        response: { 200: z.array(ownSession), ...refusals },
      },
    },
    (request) => accounts.sessionsOf(sessionOf(request)),
  );

  app.delete(
    '/api/v1/sessions/:id',
    {
      config: { access: everyone, scope: 'none' },
      schema: {
        operationId: 'endOwnSession',
        summary: 'Log out in one other place',
        params: z.strictObject({ id: sha256 }),
        response: { 204: z.null(), ...refusals },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      await accounts.endSession(sessionOf(request).person.id, id);
      stream.closeSession(id);
      await record(request, { action: 'sessions_ended', details: { sessions: 1 } });
      return reply.code(204).send(null);
    },
  );

  app.delete(
    '/api/v1/sessions',
    {
      config: { access: everyone, scope: 'none' },
      schema: {
        operationId: 'logOutEverywhere',
        summary: 'Log out everywhere, here too',
        response: { 204: z.null(), ...refusals },
      },
    },
    async (request, reply) => {
      const { id } = sessionOf(request).person;
      const sessions = await accounts.endSessions(id);
      stream.closePerson(id);
      clearSessionCookie(request, reply);
      await record(request, { action: 'sessions_ended', target: id, details: { sessions } });
      return reply.code(204).send(null);
    },
  );
}

/** A session as its person sees it. */
async function describe(
  { person, expiresAt, needs, device }: CurrentSession,
  { site, boxes, duties }: Pick<SessionParts, 'site' | 'boxes' | 'duties'>,
): Promise<Session> {
  const scope = scopeOf(person);
  const [duty, gates] = await Promise.all([duties.of(person.id), boxes.gates(site)]);
  return { person, site, duty, gates: gates.filter((gate) => covers(scope, gate)), expiresAt, needs, device };
}

function nameOf(person: { id: string; displayName: string } | undefined) {
  return person && { id: person.id, displayName: person.displayName };
}

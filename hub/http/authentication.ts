import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Access } from '../accounts/access.ts';
import type { Accounts, CurrentSession } from '../accounts/accounts.ts';
import { type GateScope, scopeOf } from '../accounts/scope.ts';
import type { SessionNeed } from '../contract/api.ts';
import { HubError, type HubErrorCode } from '../errors.ts';
import type { HubApp } from './hub-app.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may use the route; every route of the API names it. */
    access?: Access;
    /**
     * `gate`: the route itself answers and changes only what lies within `scopeOfRequest`. `none`: it concerns no gate.
     * Without it the route concerns the whole site, and is refused to people who have to do with certain gates only.
     */
    scope?: 'gate' | 'none';
    /** Needs of a session during which the route is answered all the same. */
    evenWhile?: readonly SessionNeed[];
  }
  interface FastifyRequest {
    /** Null on public routes. */
    session: CurrentSession | null;
  }
}

/** The cookie of a person who is logged in. */
export const sessionCookie = 'gatehouse_session';
/** The cookie of a paired tablet. */
export const deviceCookie = 'gatehouse_device';
/** As long as browsers keep a cookie (RFC 6265bis: 400 days); it is set again at every log-in on the tablet. */
const deviceCookieSeconds = 400 * 86_400;

const refusalOfNeed = {
  new_password: 'NEW_PASSWORD_NEEDED',
  second_factor: 'SECOND_FACTOR_MISSING',
} as const satisfies Record<SessionNeed, HubErrorCode>;

/**
 * Lets in only who may use the route. A route below /api without `access` stops the start, so none can be open by
 * oversight; what is not below /api is the dashboard's own files, which hold nothing about anyone.
 */
export function authenticate(app: HubApp, accounts: Accounts): void {
  app.decorateRequest('session', null);

  app.addHook('onRoute', ({ url, config }) => {
    if (url.startsWith('/api') && !config?.access)
      throw new Error(`route ${url} does not say who may use it`);
  });

  // After the route's rate limit (onRequest), before any body is read.
  app.addHook('preParsing', async (request, reply) => {
    const { access, scope, evenWhile } = request.routeOptions.config;
    if (access === undefined || access === 'public') return;

    const token = request.cookies[sessionCookie];
    const session = token === undefined ? undefined : await accounts.authenticate(token);
    if (!token || !session) throw new HubError('NOT_LOGGED_IN');
    const { renewed, ...current } = session;
    request.session = current;
    if (renewed) setSessionCookie(request, reply, token, current.expiresAt);

    if (!access.includes(current.person.role)) {
      throw new HubError('ROLE_NOT_ALLOWED', undefined, { details: { roles: access } });
    }
    const { needs } = current;
    if (needs && !evenWhile?.includes(needs)) throw new HubError(refusalOfNeed[needs]);
    const { gates } = current.person;
    if (gates && !scope) throw new HubError('GATE_NOT_ALLOWED', undefined, { details: { gates } });
  });
}

/** Who is asking; only on routes that are not public. */
export function sessionOf(request: FastifyRequest): CurrentSession {
  if (!request.session) throw new Error(`${request.routeOptions.url} is public and has no session`);
  return request.session;
}

/** The gates that the person behind a request may see and change. */
export function scopeOfRequest(request: FastifyRequest): GateScope {
  return scopeOf(sessionOf(request).person);
}

/** Out of reach of scripts, never sent by another site's page, and encrypted wherever the connection is. */
export function setSessionCookie(
  request: FastifyRequest,
  reply: FastifyReply,
  token: string,
  expiresAt: string,
): void {
  reply.setCookie(sessionCookie, token, { ...cookieRules(request), expires: new Date(expiresAt) });
}

/** Known from then on as the tablet of its gate, until it is revoked. */
export function setDeviceCookie(request: FastifyRequest, reply: FastifyReply, token: string): void {
  reply.setCookie(deviceCookie, token, { ...cookieRules(request), maxAge: deviceCookieSeconds });
}

export function clearSessionCookie(request: FastifyRequest, reply: FastifyReply): void {
  reply.clearCookie(sessionCookie, cookieRules(request));
}

function cookieRules(request: FastifyRequest) {
  return { path: '/', httpOnly: true, sameSite: 'strict', secure: request.protocol === 'https' } as const;
}

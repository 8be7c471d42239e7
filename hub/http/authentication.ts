import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Access } from '../accounts/access.ts';
import type { Accounts, CurrentSession } from '../accounts/accounts.ts';
import { HubError } from '../errors.ts';
import type { HubApp } from './hub-app.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may use the route; every route of the API names it. */
    access?: Access;
  }
  interface FastifyRequest {
    /** Null on public routes. */
    session: CurrentSession | null;
  }
}

/** The only cookie of the hub. */
export const sessionCookie = 'gatehouse_session';

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
    const { access } = request.routeOptions.config;
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
  });
}

/** Who is asking; only on routes that are not public. */
export function sessionOf(request: FastifyRequest): CurrentSession {
  if (!request.session) throw new Error(`${request.routeOptions.url} is public and has no session`);
  return request.session;
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

export function clearSessionCookie(request: FastifyRequest, reply: FastifyReply): void {
  reply.clearCookie(sessionCookie, cookieRules(request));
}

function cookieRules(request: FastifyRequest) {
  return { path: '/', httpOnly: true, sameSite: 'strict', secure: request.protocol === 'https' } as const;
}

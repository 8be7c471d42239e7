import type { FastifyRequest } from 'fastify';
import { HubError } from '../errors.ts';
import { sessionCookie } from './authentication.ts';
import type { HubApp } from './hub-app.ts';

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses changes that another site's page asks for in a logged-in person's name. Browsers say where a request comes
 * from in Sec-Fetch-Site (over TLS and on loopback) or in Origin (everywhere); a cookie without either is refused too.
 */
export function requireSameOrigin(app: HubApp): void {
  app.addHook('preParsing', async (request) => {
    if (safeMethods.has(request.method) || comesFromOwnPage(request)) return;
    throw new HubError('ORIGIN_REFUSED');
  });
}

function comesFromOwnPage(request: FastifyRequest): boolean {
  const { origin, 'sec-fetch-site': site } = request.headers;
  if (site !== undefined) return site === 'same-origin';
  if (origin !== undefined) return URL.canParse(origin) && new URL(origin).host === request.host;
  return request.cookies[sessionCookie] === undefined;
}

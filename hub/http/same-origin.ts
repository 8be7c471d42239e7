import type { FastifyRequest } from 'fastify';
import { HubError } from '../errors.ts';
import { deviceCookie, sessionCookie } from './authentication.ts';
import type { HubApp } from './hub-app.ts';

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses changes that another site's page asks for in a logged-in person's name, log-in among them. Browsers say where
 * a request comes from in Sec-Fetch-Site (over TLS and on loopback) or in Origin (everywhere); a cookie without either
 * is refused too. What is only read is refused where the browser says that another site's page wants to read it.
 */
export function requireSameOrigin(app: HubApp): void {
  app.addHook('preParsing', async (request) => {
    const isSafe = safeMethods.has(request.method);
    if (isSafe ? !isReadByOtherSite(request) : comesFromOwnPage(request)) return;
    throw new HubError('ORIGIN_REFUSED');
  });
}

/** The dashboard's own files hold nothing about anyone, and links lead to them from everywhere. */
function isReadByOtherSite({ headers, routeOptions }: FastifyRequest): boolean {
  const { access } = routeOptions.config;
  const site = headers['sec-fetch-site'];
  return access !== undefined && access !== 'public' && (site === 'cross-site' || site === 'same-site');
}

function comesFromOwnPage(request: FastifyRequest): boolean {
  const { origin, 'sec-fetch-site': site } = request.headers;
  if (site !== undefined) return site === 'same-origin';
  if (origin !== undefined) return URL.canParse(origin) && new URL(origin).host === request.host;
  return request.cookies[sessionCookie] === undefined && request.cookies[deviceCookie] === undefined;
}

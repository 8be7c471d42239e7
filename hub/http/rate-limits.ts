import rateLimit from '@fastify/rate-limit';
import type { FastifyRequest } from 'fastify';
import { HubError } from '../errors.ts';
import type { HubApp } from './hub-app.ts';

/** Requests per minute and address, by what a route costs; a gate's tablets may share one address. */
export const perMinute = {
  logIn: { max: 20, timeWindow: 60_000 },
  stream: { max: 60, timeWindow: 60_000 },
  export: { max: 20, timeWindow: 60_000 },
  search: { max: 120, timeWindow: 60_000 },
  ordinary: { max: 300, timeWindow: 60_000 },
  picture: { max: 1200, timeWindow: 60_000 },
  file: { max: 3000, timeWindow: 60_000 },
} as const;

/**
 * Every route has a limit: its own, or the ordinary one. The files of the dashboard, of which a page is made by the dozen,
 * are counted apart. Refusals are coded and name the seconds to wait.
 */
export async function limitRates(app: HubApp): Promise<void> {
  await app.register(rateLimit, {
    ...perMinute.ordinary,
    max: (request) => (isOfApi(request) ? perMinute.ordinary.max : perMinute.file.max),
    keyGenerator: (request) => (isOfApi(request) ? request.ip : `${request.ip} files`),
    errorResponseBuilder: (_request, { ttl }) =>
      new HubError('TOO_MANY_REQUESTS', undefined, { details: { waitSeconds: Math.ceil(ttl / 1000) } }),
  });
}

function isOfApi({ url }: FastifyRequest): boolean {
  return url.startsWith('/api/') || url.startsWith('/metrics');
}

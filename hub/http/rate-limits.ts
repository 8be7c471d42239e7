import rateLimit from '@fastify/rate-limit';
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
} as const;

/** Every route has a limit: its own, or the ordinary one. Refusals are coded and name the seconds to wait. */
export async function limitRates(app: HubApp): Promise<void> {
  await app.register(rateLimit, {
    ...perMinute.ordinary,
    errorResponseBuilder: (_request, { ttl }) =>
      new HubError('TOO_MANY_REQUESTS', undefined, { details: { waitSeconds: Math.ceil(ttl / 1000) } }),
  });
}

import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { HubError } from '../../errors.ts';
import { expositionType } from '../../metrics/exposition.ts';
import { isLoopback } from '../../tls/server-names.ts';
import type { HubApp } from '../hub-app.ts';
import { refusals } from '../refusals.ts';

export interface MetricsParts {
  readMetrics: () => Promise<string>;
  /** Whoever sends it may read from anywhere; without one only this machine may. */
  metricsToken?: string;
}

/** The hub's numbers for Prometheus, which has no session. */
export function metricsRoutes(app: HubApp, { readMetrics, metricsToken }: MetricsParts): void {
  app.get(
    '/metrics',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'readMetrics',
        summary: 'Numbers for Prometheus; with the token, or without any from this machine',
        security: [{ metricsToken: [] }],
        produces: ['text/plain'],
        response: { 200: z.any().describe('Prometheus text format 0.0.4'), ...refusals },
      },
    },
    async (request, reply) => {
      if (!mayRead(request)) throw new HubError('METRICS_REFUSED');
      return reply
        .type(expositionType)

        .send(await readMetrics());
    },
  );

  /** `request.ip` is the client's, also behind a proxy on this machine that says for whom it asks. */
  function mayRead({ ip, headers }: FastifyRequest): boolean {
    if (metricsToken === undefined) return isLoopback(ip.replace(/^::ffff:/, ''));
    const sent = headers.authorization?.match(/^Bearer (.+)$/i)?.[1] ?? '';
    return timingSafeEqual(digest(sent), digest(metricsToken));
  }
}

/** Of one length, so that comparing tells nothing about it. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

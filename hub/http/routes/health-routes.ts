import { z } from 'zod';
import { servicing } from '../../accounts/access.ts';
import { boxHealth, publicHealth, type SiteHealth, siteHealth } from '../../contract/api.ts';
import type { BoxStore } from '../../ingest/box-store.ts';
import { boxesWithin } from '../../ingest/boxes-within.ts';
import { scopeOfRequest } from '../authentication.ts';
import type { HubApp } from '../hub-app.ts';
import { refusals } from '../refusals.ts';

export interface HealthParts {
  boxes: BoxStore;
  /** Whether the hub commits what arrives. */
  isWell: () => boolean;
  readSiteHealth: () => Promise<SiteHealth>;
}

/** Whether the hub works (for anyone), and how hub and boxes are doing (for those who keep them working). */
export function healthRoutes(app: HubApp, { boxes, isWell, readSiteHealth }: HealthParts): void {
  app.get(
    '/api/v1/health',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'readHealth',
        summary: 'Whether the hub works; nothing more, because anyone may ask',
        response: { 200: publicHealth, 503: publicHealth, ...refusals },
      },
    },
    async (_request, reply) => {
      const ok = isWell();
      return reply.code(ok ? 200 : 503).send({ ok });
    },
  );

  app.get(
    '/api/v1/site/health',
    {
      config: { access: servicing, scope: 'gate' },
      schema: {
        operationId: 'readSiteHealth',
        summary: 'Hub, boxes, cameras, latencies, and what was dropped by reason',
        response: { 200: siteHealth, ...refusals },
      },
    },
    async (request) => {
      const health = await readSiteHealth();
      return { ...health, boxes: boxesWithin(scopeOfRequest(request), health.boxes) };
    },
  );

  app.get(
    '/api/v1/boxes',
    {
      config: { access: servicing, scope: 'gate' },
      schema: {
        operationId: 'listBoxes',
        summary: 'Every box that was admitted or heard of',
        response: { 200: z.array(boxHealth), ...refusals },
      },
    },
    async (request) => boxesWithin(scopeOfRequest(request), await boxes.list()),
  );
}

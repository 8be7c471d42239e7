import { z } from 'zod';
import { everyone } from '../../accounts/access.ts';
import type { TabletStream } from '../../announce/tablet-stream.ts';
import { sessionOf } from '../authentication.ts';
import type { HubApp } from '../hub-app.ts';
import { perMinute } from '../rate-limits.ts';
import { refusals } from '../refusals.ts';

const eventId = z.coerce.number().int().nonnegative().optional();

/** The live stream of the tablets (server-sent events). */
export function streamRoutes(app: HubApp, stream: TabletStream): void {
  app.get(
    '/api/v1/stream',
    {
      config: { access: everyone, scope: 'gate', rateLimit: perMinute.stream },
      schema: {
        operationId: 'openStream',
        summary: 'Server-sent events; comes back without a gap after Last-Event-ID',
        querystring: z.strictObject({ lastEventId: eventId }),
        headers: z.looseObject({ 'last-event-id': eventId.describe('wins over the query') }),
        produces: ['text/event-stream'],
        response: { 200: z.any().describe('one `streamEvent` of the contract in each `data`'), ...refusals },
      },
    },
    (request, reply) => {
      const lastEventId = request.headers['last-event-id'] ?? request.query.lastEventId;
      const { person, tokenHash } = sessionOf(request);
      reply.hijack();
      reply.raw.writeHead(200, {
        ...(reply.getHeaders() as Record<string, string>),
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      });
      stream.open({ person, tokenHash }, reply.raw, lastEventId);
    },
  );
}

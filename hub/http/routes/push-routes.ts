import { z } from 'zod';
import { watching } from '../../accounts/access.ts';
import type { PushDesk } from '../../announce/channels/push-desk.ts';
import { pushEndpoint, pushKey, pushSubscription } from '../../contract/channels.ts';
import type { RecordDeed } from '../auditing.ts';
import { sessionOf } from '../authentication.ts';
import type { HubApp } from '../hub-app.ts';
import { refusals } from '../refusals.ts';

export interface PushParts {
  push: PushDesk;
  /** The public key of this hub towards push services, base64url. */
  pushKey: string;
  record: RecordDeed;
}

/** Browsers subscribe for the person who is logged in. */
export function pushRoutes(app: HubApp, { push, pushKey: key, record }: PushParts): void {
  app.get(
    '/api/v1/push/key',
    {
      config: { access: watching, scope: 'none' },
      schema: {
        operationId: 'readPushKey',
        summary: 'The key that a browser subscribes with (RFC 8292)',
        response: { 200: pushKey, ...refusals },
      },
    },
    () => ({ key }),
  );

  app.put(
    '/api/v1/push/subscription',
    {
      config: { access: watching, scope: 'none' },
      schema: {
        operationId: 'subscribeToPush',
        summary: 'Tell me on this browser; replaces whoever was told on it before',
        body: pushSubscription,
        response: { 204: z.null(), ...refusals },
      },
    },
    async (request, reply) => {
      const { id } = sessionOf(request).person;
      await push.subscribe(id, request.body);
      await record(request, { action: 'push_subscribed', target: id });
      return reply.code(204).send(null);
    },
  );

  app.delete(
    '/api/v1/push/subscription',
    {
      config: { access: watching, scope: 'none' },
      schema: {
        operationId: 'unsubscribeFromPush',
        summary: 'Tell me on this browser no more',
        body: pushEndpoint,
        response: { 204: z.null(), ...refusals },
      },
    },
    async (request, reply) => {
      const { id } = sessionOf(request).person;
      await push.unsubscribe(id, request.body.endpoint);
      await record(request, { action: 'push_unsubscribed', target: id });
      return reply.code(204).send(null);
    },
  );
}

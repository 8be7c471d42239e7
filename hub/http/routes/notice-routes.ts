import { z } from 'zod';
import { managing, watching } from '../../accounts/access.ts';
import type { AlertDesk } from '../../alerts/alert-desk.ts';
import type { NoticeDesk } from '../../announce/notice-desk.ts';
import { noticeList, noticePage, noticeQuery } from '../../contract/channels.ts';
import { uuid } from '../../contract/ids.ts';
import type { RecordDeed } from '../auditing.ts';
import { scopeOfRequest } from '../authentication.ts';
import type { HubApp } from '../hub-app.ts';
import { refusals } from '../refusals.ts';

export interface NoticeParts {
  alerts: AlertDesk;
  notices: NoticeDesk;
  record: RecordDeed;
}

const byId = z.strictObject({ id: uuid });

/** Who was told by which channel, and what did not get through. */
export function noticeRoutes(app: HubApp, { alerts, notices, record }: NoticeParts): void {
  app.get(
    '/api/v1/alerts/:id/notices',
    {
      config: { access: watching, scope: 'gate' },
      schema: {
        operationId: 'listNoticesOfAlert',
        summary: 'Who was told of an alert, with every attempt',
        params: byId,
        response: { 200: noticeList, ...refusals },
      },
    },
    async (request) => {
      const { id } = await alerts.get(request.params.id, scopeOfRequest(request));
      return { items: await notices.ofAlert(id) };
    },
  );

  app.get(
    '/api/v1/notices',
    {
      config: { access: managing },
      schema: {
        operationId: 'listNotices',
        summary: 'Notices, newest first; state=failed are the dead letters',
        querystring: noticeQuery,
        response: { 200: noticePage, ...refusals },
      },
    },
    (request) => notices.page(request.query),
  );

  app.post(
    '/api/v1/notices/:id/retry',
    {
      config: { access: managing },
      schema: {
        operationId: 'retryNotice',
        summary: 'Send a dead letter again',
        params: byId,
        response: { 204: z.null(), ...refusals },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      await notices.tryAgain(id);
      await record(request, { action: 'notice_retried', target: id });
      return reply.code(204).send(null);
    },
  );
}

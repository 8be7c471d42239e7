import { z } from 'zod';
import { managing } from '../../accounts/access.ts';
import type { ChannelDesk } from '../../announce/channels/channel-desk.ts';
import {
  channel,
  channelChange,
  channelList,
  channelTest,
  newChannel,
  noticeSettings,
} from '../../contract/channels.ts';
import { uuid } from '../../contract/ids.ts';
import type { RecordDeed } from '../auditing.ts';
import { sessionOf } from '../authentication.ts';
import type { HubApp } from '../hub-app.ts';
import { perMinute } from '../rate-limits.ts';
import { refusals } from '../refusals.ts';

export interface ChannelParts {
  site: string;
  channels: ChannelDesk;
  record: RecordDeed;
}

const byId = z.strictObject({ id: uuid });

/** By which channels people are told. Secrets are written and never read. */
export function channelRoutes(app: HubApp, { site, channels, record }: ChannelParts): void {
  app.get(
    '/api/v1/channels',
    {
      config: { access: managing },
      schema: {
        operationId: 'listChannels',
        summary: 'Channels, with what waits, what failed and the last attempt',
        response: { 200: channelList, ...refusals },
      },
    },
    async () => ({ items: await channels.list() }),
  );

  app.post(
    '/api/v1/channels',
    {
      config: { access: managing },
      schema: {
        operationId: 'addChannel',
        summary: 'Add a channel',
        body: newChannel,
        response: { 201: channel, ...refusals },
      },
    },
    async (request, reply) => {
      const added = await channels.add(request.body, sessionOf(request).person);
      const { id, kind, enabled, pictures } = added;
      await record(request, { action: 'channel_added', target: id, details: { kind, enabled, pictures } });
      return reply.code(201).send(added);
    },
  );

  app.put(
    '/api/v1/channels/:id',
    {
      config: { access: managing },
      schema: {
        operationId: 'changeChannel',
        summary: 'Change a channel; secrets that are left out stay',
        params: byId,
        body: channelChange,
        response: { 200: channel, ...refusals },
      },
    },
    async (request) => {
      const { id } = request.params;
      const changed = await channels.change(id, request.body, sessionOf(request).person);
      const { kind, enabled, pictures } = changed;
      const secrets = Object.keys(request.body.secrets ?? {});
      await record(request, {
        action: 'channel_changed',
        target: id,
        details: { kind, enabled, pictures, ...(secrets.length > 0 && { newSecrets: secrets }) },
      });
      return changed;
    },
  );

  app.delete(
    '/api/v1/channels/:id',
    {
      config: { access: managing },
      schema: {
        operationId: 'removeChannel',
        summary: 'Remove a channel; what waits on it is skipped',
        params: byId,
        response: { 204: z.null(), ...refusals },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      await channels.remove(id);
      await record(request, { action: 'channel_removed', target: id });
      return reply.code(204).send(null);
    },
  );

  app.post(
    '/api/v1/channels/:id/test',
    {
      config: { access: managing, rateLimit: perMinute.logIn },
      schema: {
        operationId: 'testChannel',
        summary: 'Send a test message now; Web Push goes to the devices of the person who asks',
        params: byId,
        response: { 200: channelTest, ...refusals },
      },
    },
    async (request) => {
      const { id } = request.params;
      const result = await channels.test(id, sessionOf(request).person.id);
      await record(request, { action: 'channel_tested', target: id, details: { outcome: result.outcome } });
      return result;
    },
  );

  app.get(
    '/api/v1/notice-settings',
    {
      config: { access: managing },
      schema: {
        operationId: 'readNoticeSettings',
        summary: 'What all messages share',
        response: { 200: noticeSettings, ...refusals },
      },
    },
    () => channels.settings(),
  );

  app.put(
    '/api/v1/notice-settings',
    {
      config: { access: managing },
      schema: {
        operationId: 'changeNoticeSettings',
        summary: 'Change what all messages share',
        body: noticeSettings,
        response: { 200: noticeSettings, ...refusals },
      },
    },
    async (request) => {
      const changed = await channels.changeSettings(request.body, sessionOf(request).person);
      await record(request, { action: 'notice_settings_changed', target: site, details: { ...changed } });
      return changed;
    },
  );
}

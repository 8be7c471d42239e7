import { z } from 'zod';
import type { AuditTrail } from '../../accounts/audit-trail.ts';
import type { ChannelDesk } from '../../announce/channels/channel-desk.ts';
import type { EvidenceLinks } from '../../announce/evidence-links.ts';
import { type Clock, toInstant } from '../../clock.ts';
import type { Counters } from '../../counters.ts';
import { HubError } from '../../errors.ts';
import type { EvidenceStore } from '../../ingest/evidence-store.ts';
import type { HubApp } from '../hub-app.ts';
import { perMinute } from '../rate-limits.ts';
import { refusals } from '../refusals.ts';

export interface EvidenceLinkParts {
  links: EvidenceLinks;
  channels: ChannelDesk;
  evidence: EvidenceStore;
  audit: AuditTrail;
  counters: Counters;
  clock: Clock;
}

/**
 * The one route that shows a picture without a session: to whom a channel sent a signed link, until it expires, or the
 * channel is forbidden to show pictures. Every opening is in the audit trail before the picture is sent.
 */
export function evidenceLinkRoutes(app: HubApp, parts: EvidenceLinkParts): void {
  const { links, channels, evidence, audit, counters, clock } = parts;
  app.get(
    '/api/v1/evidence-links/:token',
    {
      config: { access: 'public', rateLimit: perMinute.stream },
      schema: {
        operationId: 'openEvidenceLink',
        summary: 'The picture that a message linked to, while the link holds',
        params: z.strictObject({ token: z.string().max(200) }),
        produces: ['image/jpeg'],
        security: [],
        response: { 200: z.any().describe('JPEG bytes'), ...refusals },
      },
    },
    async (request, reply) => {
      const linked = links.open(request.params.token);
      if (!(await channels.showsPictures(linked.channel))) throw new HubError('LINK_EXPIRED');
      const kept = await evidence.read(linked.evidence, 'all');
      if (!kept) throw new HubError('EVIDENCE_UNKNOWN');
      await audit.record({
        at: toInstant(clock.now()),
        action: 'evidence_link_opened',
        target: linked.evidence,
        address: request.ip,
        details: { channel: linked.channel },
      });
      counters.add('evidence_links.opened');
      return reply
        .type('image/jpeg')
        .header('cache-control', 'no-store')
        .header('x-robots-tag', 'noindex, nofollow')
        .send(Buffer.from(kept.jpeg));
    },
  );
}

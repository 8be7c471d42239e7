import { z } from 'zod';
import { administering, servicing } from '../../accounts/access.ts';
import { viidSettingsEdit, viidSettingsShown, viidStatus } from '../../contract/viid.ts';
import type { ViidExporter } from '../../viid/viid-exporter.ts';
import type { ViidSettingsDesk } from '../../viid/viid-settings.ts';
import type { RecordDeed } from '../auditing.ts';
import { sessionOf } from '../authentication.ts';
import type { HubApp } from '../hub-app.ts';
import { refusals } from '../refusals.ts';

export interface ViidParts {
  viidSettings: ViidSettingsDesk;
  viid: ViidExporter;
  record: RecordDeed;
}

const basedOn = z.strictObject({
  basedOn: z.coerce
    .number()
    .int()
    .nonnegative()
    .describe('the version that was edited; refused with SETTING_CONFLICT when there is a newer one'),
});

/** What leaves for a platform of GA/T 1400. */
export function viidRoutes(app: HubApp, { viidSettings, viid, record }: ViidParts): void {
  app.get(
    '/api/v1/settings/viid',
    {
      config: { access: administering },
      schema: {
        operationId: 'readViidSettings',
        summary: 'Settings: what leaves for a platform of GA/T 1400; never the password',
        response: { 200: viidSettingsShown, ...refusals },
      },
    },
    async () => shown(await viidSettings.read()),
  );

  app.put(
    '/api/v1/settings/viid',
    {
      config: { access: administering },
      schema: {
        operationId: 'changeViidSettings',
        summary: 'Change settings: what leaves for a platform of GA/T 1400; faces need a legal basis',
        querystring: basedOn,
        body: viidSettingsEdit,
        response: { 200: viidSettingsShown, ...refusals },
      },
    },
    async (request) => {
      const { id } = sessionOf(request).person;
      const changed = await viidSettings.change(request.body, id, request.query.basedOn);
      const { isOn, platformUrl, motorVehicles, faces, facesBasis } = changed.value;
      await record(request, {
        action: 'settings_changed',
        target: 'viid',
        details: { version: changed.version, isOn, platformUrl, motorVehicles, faces, facesBasis },
      });
      return shown(changed);
    },
  );

  app.get(
    '/api/v1/viid',
    {
      config: { access: servicing },
      schema: {
        operationId: 'readViidStatus',
        summary: 'How the export to the platform is doing: registered, waiting, sent, refused',
        response: { 200: viidStatus, ...refusals },
      },
    },
    () => viid.status(),
  );
}

function shown({ version, value, hasPassword }: Awaited<ReturnType<ViidSettingsDesk['read']>>) {
  return { version, value, hasPassword };
}

import { z } from 'zod';
import { type Clock, toInstant } from '../clock.ts';
import type { Sighting } from '../contract/sighting.ts';
import { type ViidSettings, type ViidSettingsEdit, viidSettings } from '../contract/viid.ts';
import { HubError } from '../errors.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import type { SettingsStore } from '../settings/settings-store.ts';
import type { ViidAccount } from './viid-client.ts';
import type { ViidQueue } from './viid-queue.ts';

/** The name under which the settings are kept. */
export const viidSettingName = 'viid';

/** What the seal of the password belongs to. */
const sealedFor = 'setting/viid';

/** What is kept: the settings, and the password sealed, base64. */
export const savedViidSettings = viidSettings.extend({ sealedPassword: z.string().optional() });

/** What the settings are, with what only the exporter may know. */
export interface ViidSetting {
  version: number;
  value: ViidSettings;
  hasPassword: boolean;
  /** Undefined while anything is missing or it is switched off. */
  account: ViidAccount | undefined;
}

/** Which sightings leave: the kinds that are switched on. */
export function kindsThatLeave({ isOn, motorVehicles, faces, facesBasis }: ViidSettings): Sighting['kind'][] {
  if (!isOn) return [];
  return [
    ...(motorVehicles ? (['vehicle'] as const) : []),
    ...(faces && facesBasis !== undefined ? (['person'] as const) : []),
  ];
}

/** What the desk works with. */
export interface ViidSettingsParts {
  site: string;
  store: SettingsStore;
  queue: ViidQueue;
  keys: KeyRing;
  clock: Clock;
}

/** Where an admin says what leaves for the platform. The password is sealed with the hub's key and never shown again. */
export class ViidSettingsDesk {
  readonly #parts: ViidSettingsParts;

  constructor(parts: ViidSettingsParts) {
    this.#parts = parts;
  }

  async read(): Promise<ViidSetting> {
    const { site, store } = this.#parts;
    const saved = await store.current(site, viidSettingName);
    const { sealedPassword, ...value } = savedViidSettings.parse(saved?.value ?? {});
    return {
      version: saved?.version ?? 0,
      value,
      hasPassword: sealedPassword !== undefined,
      account: this.#accountOf(value, sealedPassword),
    };
  }

  /**
   * Throws VIID_SETTINGS_INVALID when it is switched on without what it needs, SETTING_CONFLICT when someone else was
   * faster. What waits of a kind that no longer leaves is forgotten.
   */
  async change(edit: ViidSettingsEdit, changedBy: string, basedOn: number): Promise<ViidSetting> {
    const { site, store, queue, keys, clock } = this.#parts;
    const before = await store.current(site, viidSettingName);
    const { password, ...value } = edit;
    const sealedPassword =
      password === undefined
        ? savedViidSettings.parse(before?.value ?? {}).sealedPassword
        : keys.seal('channel', sealedFor, Buffer.from(password)).toString('base64');
    refuseIncomplete(value, sealedPassword !== undefined);

    const version = before?.version ?? 0;
    const setting = {
      version: basedOn + 1,
      value: { ...value, ...(sealedPassword === undefined ? {} : { sealedPassword }) },
      changedBy,
      changedAt: toInstant(clock.now()),
    };
    if (version !== basedOn || !(await store.save(site, viidSettingName, setting)))
      throw new HubError('SETTING_CONFLICT', undefined, { details: { version } });
    await queue.keepOnly(kindsThatLeave(value));
    return this.read();
  }

  #accountOf(value: ViidSettings, sealedPassword: string | undefined): ViidAccount | undefined {
    const { isOn, platformUrl, deviceId, username } = value;
    if (!isOn || !platformUrl || !deviceId || !username || sealedPassword === undefined) return undefined;
    const opened = this.#parts.keys.open('channel', sealedFor, Buffer.from(sealedPassword, 'base64'));
    return { platformUrl, deviceId, username, password: opened.toString() };
  }
}

function refuseIncomplete(value: ViidSettings, hasPassword: boolean): void {
  const { isOn, platformUrl, deviceId, username, faces, facesBasis } = value;
  const missing = [
    ...(isOn && !platformUrl ? ['platformUrl'] : []),
    ...(isOn && !deviceId ? ['deviceId'] : []),
    ...(isOn && !username ? ['username'] : []),
    ...(isOn && !hasPassword ? ['password'] : []),
    ...(faces && facesBasis === undefined ? ['facesBasis'] : []),
  ];
  if (missing.length > 0) throw new HubError('VIID_SETTINGS_INVALID', undefined, { details: { missing } });
}

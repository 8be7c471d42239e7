import type { ViidSettingsEdit } from '../../../hub/contract/viid.ts';

/** Text fields of the form: empty is not given. */
const texts = ['platformUrl', 'deviceId', 'username', 'facesBasis', 'password'] as const;

/** The settings as the form holds them. */
export type ViidFields = Omit<ViidSettingsEdit, (typeof texts)[number]> &
  Record<(typeof texts)[number], string>;

/** The settings as the form holds them; the password is never told, so its field begins empty. */
export function viidFields(value: ViidSettingsEdit): ViidFields {
  const { platformUrl = '', deviceId = '', username = '', facesBasis = '', password = '', ...rest } = value;
  return { ...rest, platformUrl, deviceId, username, facesBasis, password };
}

/** What the form holds as settings: without spaces around, the address without what the hub adds itself. */
export function viidSettingsOf({ cameras = [], ...fields }: ViidFields): ViidSettingsEdit {
  const { platformUrl, deviceId, username, facesBasis, password, ...rest } = fields;
  const given = {
    platformUrl: platformUrl.trim().replace(/\/+(VIID\/*)?$/i, ''),
    deviceId: deviceId.trim(),
    username: username.trim(),
    facesBasis: facesBasis.trim(),
    // Spaces may belong to it.
    password,
  };
  const filled = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ''));
  return { ...rest, ...filled, cameras };
}

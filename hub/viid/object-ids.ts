import { createHash } from 'node:crypto';

/** Kinds of things in an id of GA/T 1400.1 (the two digits after the 41st). */
export const thingCodes = { motorVehicle: '02', face: '06' } as const;

/** The two digits after the device's twenty that say: an image. */
const image = '02';

/**
 * Id of an image (41 digits): device (20), image (2), local time `YYYYMMDDhhmmss` (14), serial (5). The serial is
 * derived from our own id, so that what is sent again has the same id.
 */
export function imageId(deviceId: string, localTime: string, ownId: string): string {
  return `${deviceId}${image}${localTime}${serialOf(`image/${ownId}`)}`;
}

/** Id of a thing found in an image (48 digits): the image's (41), what it is (2), serial (5). */
export function thingId(inImage: string, code: string, ownId: string): string {
  return `${inImage}${code}${serialOf(`thing/${ownId}`)}`;
}

function serialOf(name: string): string {
  return String(createHash('sha256').update(name).digest().readUInt32BE() % 100_000).padStart(5, '0');
}

import type { Evidence, Sighting } from '../contract/sighting.ts';
import { wallClockOf } from '../export/table.ts';
import { colors, plateClassCode, plateColorCode } from './codes.ts';
import { imageId, thingCodes, thingId } from './object-ids.ts';

/** A picture of a sighting that is here. */
export interface SightingPicture {
  evidence: Evidence;
  jpeg: Uint8Array;
}

/** How a site appears to the platform. */
export interface Appearance {
  /** 20 digits, of the camera or of the site. */
  deviceId: string;
  timeZone: string;
}

/** Collected automatically (InfoType). */
const automatic = 1;

/** What is not known about a person: 0 no, 1 yes, 2 not known. A gate accuses nobody. */
const notKnown = 2;

/** What a plate is called when none was read. */
const noPlate = '无车牌';

/** Kinds of pictures (ImageType) and the event that each comes from (EventType). */
const looks = {
  vehicle: { scene: { Type: '01', EventSort: 12 }, plate: { Type: '02', EventSort: 16 } },
  person: { scene: { Type: '14', EventSort: 10 }, face: { Type: '11', EventSort: 10 } },
} as const;

interface SubImage {
  ImageID: string;
  EventSort: number;
  DeviceID: string;
  StoragePath: string;
  Type: string;
  FileFormat: 'Jpeg';
  ShotTime: string;
  Width: number;
  Height: number;
  Data: string;
}

/** A vehicle that passed (GA/T 1400.3, MotorVehicle; names and spelling are the standard's). */
export function toMotorVehicle(sighting: Sighting, pictures: SightingPicture[], as: Appearance) {
  const local = localTimes(as.timeZone);
  const images = subImages(sighting, pictures, as);
  const found = whereFound(sighting, pictures, as, 'scene');
  const { plate, endedAt } = sighting;
  return {
    MotorVehicleID: thingId(found.SourceID, thingCodes.motorVehicle, sighting.id),
    InfoKind: automatic,
    ...found,
    DeviceID: as.deviceId,
    StorageUrl1: '',
    MarkTime: local(sighting.decidedAt),
    AppearTime: local(sighting.occurredAt),
    ...(endedAt === undefined ? {} : { DisappearTime: local(endedAt) }),
    PassTime: local(sighting.occurredAt),
    HasPlate: plate ? '1' : '0',
    PlateClass: plate ? plateClassCode(plate, sighting.vehicleType) : '99',
    PlateColor: plate ? plateColorCode(plate) : colors.other,
    PlateNo: plate?.text ?? noPlate,
    ...(plate && {
      PlateReliability: toPercent(plate.confidence),
      PlateCharReliability: plate.characters
        .map(({ text, confidence }) => `${text}-${toPercent(confidence)}`)
        .join(','),
    }),
    VehicleColor: colors.other,
    SubImageList: { SubImageInfoObject: images },
  };
}

/** A face that was seen (GA/T 1400.3, Face); undefined when no picture of it is here. */
export function toFace(sighting: Sighting, pictures: SightingPicture[], as: Appearance) {
  if (!pictures.some(({ evidence }) => evidence.role === 'face')) return undefined;
  const local = localTimes(as.timeZone);
  const found = whereFound(sighting, pictures, as, 'face');
  const { endedAt } = sighting;
  return {
    FaceID: thingId(found.SourceID, thingCodes.face, sighting.id),
    InfoKind: automatic,
    ...found,
    DeviceID: as.deviceId,
    LocationMarkTime: local(sighting.decidedAt),
    FaceAppearTime: local(sighting.occurredAt),
    ...(endedAt === undefined ? {} : { FaceDisAppearTime: local(endedAt) }),
    IsDriver: notKnown,
    IsForeigner: notKnown,
    IsSuspectedTerrorist: notKnown,
    IsCriminalInvolved: notKnown,
    IsDetainees: notKnown,
    IsVictim: notKnown,
    IsSuspiciousPerson: notKnown,
    SubImageList: { SubImageInfoObject: subImages(sighting, pictures, as) },
  };
}

/**
 * The picture that a thing was found in, and where. A face lies where its crop was cut; the outline of a vehicle is not
 * sent by the boxes, so it is the whole picture.
 */
function whereFound(sighting: Sighting, pictures: SightingPicture[], as: Appearance, role: 'scene' | 'face') {
  const local = localTimes(as.timeZone);
  const chosen = pictures.findLast(({ evidence }) => evidence.role === role) ?? pictures.at(-1);
  const { box, width = 0, height = 0 } = chosen?.evidence ?? {};
  const [x, y, w, h] = (role === 'face' && box) || [0, 0, width, height];
  return {
    SourceID: chosen
      ? imageId(as.deviceId, local(chosen.evidence.occurredAt), chosen.evidence.id)
      : imageId(as.deviceId, local(sighting.occurredAt), sighting.id),
    LeftTopX: Math.round(x),
    LeftTopY: Math.round(y),
    RightBtmX: Math.round(x + w),
    RightBtmY: Math.round(y + h),
  };
}

function subImages({ kind }: Sighting, pictures: SightingPicture[], as: Appearance): SubImage[] {
  const local = localTimes(as.timeZone);
  return pictures.flatMap(({ evidence, jpeg }) => {
    const look = (looks[kind] as Partial<Record<Evidence['role'], { Type: string; EventSort: number }>>)[
      evidence.role
    ];
    if (!look) return [];
    return [
      {
        ImageID: imageId(as.deviceId, local(evidence.occurredAt), evidence.id),
        EventSort: look.EventSort,
        DeviceID: as.deviceId,
        StoragePath: '',
        Type: look.Type,
        FileFormat: 'Jpeg',
        ShotTime: local(evidence.occurredAt),
        Width: evidence.width,
        Height: evidence.height,
        Data: Buffer.from(jpeg).toString('base64'),
      },
    ];
  });
}

/** `YYYYMMDDhhmmss` on the wall clock of the site. */
function localTimes(timeZone: string): (instant: string) => string {
  const local = wallClockOf(timeZone);
  return (instant) => local(instant).wallClock.replace(/\D/g, '');
}

function toPercent(share: number): string {
  return String(Math.round(share * 100));
}

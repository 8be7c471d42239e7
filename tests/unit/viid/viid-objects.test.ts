import { describe, expect, test } from 'vitest';
import type { Plate, PlateClass, Sighting } from '../../../hub/contract/sighting.ts';
import { toFace, toMotorVehicle } from '../../../hub/viid/viid-objects.ts';
import { buildJpeg, buildSighting, describeEvidence } from '../../builders/sighting.ts';

const as = { deviceId: '32050000001190000001', timeZone: 'Asia/Shanghai' };
const plateOf = (text: string, kind: PlateClass): Plate => ({
  text,
  class: kind,
  confidence: 0.934,
  characters: [...text].map((each) => ({ text: each, confidence: 0.805 })),
  votes: 3,
});
const carOf = (plate: Plate | undefined, change: Partial<Sighting> = {}) =>
  buildSighting({
    kind: 'vehicle',
    occurredAt: '2026-03-01T16:00:00.000Z',
    ...(plate && { plate }),
    ...change,
  });

describe('a vehicle', () => {
  test.each<[string, PlateClass, string, string]>([
    ['苏A12345', 'small_car', '02', '5'],
    ['苏A12345', 'large_vehicle', '01', '6'],
    ['苏AD12345', 'small_new_energy', '52', '9'],
    ['苏A12345D', 'large_new_energy', '51', '9'],
    ['苏A1234学', 'driving_school', '16', '6'],
    ['苏A1234挂', 'trailer', '15', '6'],
    ['苏A1234警', 'police', '23', '2'],
    ['粤Z1234港', 'hong_kong_macao', '26', '1'],
    ['粤Z1234澳', 'hong_kong_macao', '27', '1'],
    ['使014578', 'embassy', '03', '1'],
    ['苏A1234领', 'consulate', '04', '1'],
    ['WJ苏1234X', 'armed_police', '31', '2'],
    ['VA12345', 'military', '32', '2'],
    ['苏A12345', 'unknown', '99', '99'],
  ])('%s, %s: class %s, colour %s', (text, kind, plateClass, plateColor) => {
    expect(toMotorVehicle(carOf(plateOf(text, kind)), [], as)).toMatchObject({
      HasPlate: '1',
      PlateNo: text,
      PlateClass: plateClass,
      PlateColor: plateColor,
    });
  });

  test('on two wheels has the class of motorcycles', () => {
    const car = carOf(plateOf('苏A12345', 'large_vehicle'), { vehicleType: 'motorcycle' });
    expect(toMotorVehicle(car, [], as).PlateClass).toBe('07');
  });

  test('tells how sure every character is, and times of the site', () => {
    expect(toMotorVehicle(carOf(plateOf('苏A1', 'small_car')), [], as)).toMatchObject({
      PlateReliability: '93',
      PlateCharReliability: '苏-81,A-81,1-81',
      AppearTime: '20260302000000',
      PassTime: '20260302000000',
    });
  });

  test('without a plate says so in the words of the standard', () => {
    expect(toMotorVehicle(carOf(undefined), [], as)).toMatchObject({
      HasPlate: '0',
      PlateNo: '无车牌',
      PlateClass: '99',
    });
  });

  test('has the same id whenever it is sent, and another than the next', () => {
    const car = carOf(plateOf('苏A12345', 'small_car'));
    const { MotorVehicleID } = toMotorVehicle(car, [], as);
    expect(toMotorVehicle({ ...car, revision: 7 }, [], as).MotorVehicleID).toBe(MotorVehicleID);
    const other = carOf(plateOf('苏A12345', 'small_car'));
    expect(toMotorVehicle(other, [], as).MotorVehicleID).not.toBe(MotorVehicleID);
    expect(MotorVehicleID).toMatch(/^320500000011900000010220260302000000\d{5}02\d{5}$/);
  });
});

describe('a face', () => {
  test('lies where its crop was cut from the frame, and accuses nobody', () => {
    const jpeg = buildJpeg();
    const evidence = describeEvidence(jpeg, { role: 'face', box: [100, 50, 120, 160] });
    expect(toFace(buildSighting({ evidence: [evidence] }), [{ evidence, jpeg }], as)).toMatchObject({
      LeftTopX: 100,
      LeftTopY: 50,
      RightBtmX: 220,
      RightBtmY: 210,
      IsSuspectedTerrorist: 2,
      IsSuspiciousPerson: 2,
      SubImageList: { SubImageInfoObject: [{ Type: '11', Data: jpeg.toString('base64') }] },
    });
  });

  test('of which there is no picture is nothing to send', () => {
    expect(toFace(buildSighting(), [], as)).toBeUndefined();
  });
});

import { expect, test } from 'vitest';
import type { Box, Detection, Face, PlateReading } from '../../../edge/perceive/perception.ts';
import { findingsOf } from '../../../edge/sight/findings.ts';
import type { Track } from '../../../edge/track/track.ts';
import { aFace, aReading, person, start, vehicle } from './observations.ts';

function track(id: number, kind: Detection['kind'], detection: number | undefined): Track {
  return {
    id,
    kind,
    label: kind === 'person' ? 'person' : 'car',
    state: 'confirmed',
    box: [0, 0, 1, 1],
    score: 0.8,
    firstSeenAt: start,
    lastSeenAt: start,
    ...(detection !== undefined && { detection }),
  };
}

function found(seen: {
  tracks: Track[];
  persons?: Box[];
  vehicles?: Box[];
  faces?: Face[];
  plates?: PlateReading[];
}) {
  const { tracks, persons = [], vehicles = [], faces = [], plates = [] } = seen;
  return findingsOf({
    tracks,
    perception: {
      persons: persons.map((box) => person(box)),
      vehicles: vehicles.map((box) => vehicle(box)),
      faces,
      plates,
      timings: {},
    },
  });
}

const left: Box = [100, 100, 200, 600];
const right: Box = [250, 100, 200, 600];

test('a face goes to the track of the person it was found on', () => {
  const faces = [aFace('worn', { person: 1 }), aFace('not_worn', { person: 0 })];
  const findings = found({
    tracks: [track(7, 'person', 0), track(8, 'person', 1)],
    persons: [left, right],
    faces,
  });
  expect(findings.get(7)).toMatchObject({ box: left, face: { person: 0 } });
  expect(findings.get(8)).toMatchObject({ box: right, face: { person: 1 } });
});

test('a face without a person goes to the smallest box around it, or to none', () => {
  const inside = aFace('worn', { box: [260, 150, 20, 20] });
  const outside = aFace('worn', { box: [1500, 150, 20, 20] });
  const small: Box = [240, 120, 80, 200];
  const findings = found({
    tracks: [track(1, 'person', 0), track(2, 'person', 1)],
    persons: [left, small],
    faces: [inside, outside],
  });
  expect(findings.get(1)?.face).toBeUndefined();
  expect(findings.get(2)?.face).toBe(inside);
});

test('of two faces on one person the better one counts, with its own match', () => {
  const faces = [
    aFace('worn', { person: 0, quality: 0.4 }),
    aFace('not_worn', { person: 0, quality: 0.9 }),
    aFace('worn', { person: 0, quality: 0.5 }),
  ];
  const findings = found({ tracks: [track(1, 'person', 0)], persons: [left], faces });
  expect(findings.get(1)).toMatchObject({ face: { quality: 0.9 } });
});

test('the face above counts before the print on the shirt, however sharp that is', () => {
  const real = aFace('worn', { person: 0, box: [170, 120, 50, 60], quality: 0.5 });
  const print = aFace('not_worn', { person: 0, box: [170, 500, 60, 70], quality: 0.9 });
  for (const faces of [
    [real, print],
    [print, real],
  ]) {
    expect(found({ tracks: [track(1, 'person', 0)], persons: [left], faces }).get(1)?.face).toBe(real);
  }
});

test('where only head and chest are in the picture a low face counts like any other', () => {
  const bust: Box = [100, 100, 400, 420];
  const high = aFace('worn', { person: 0, box: [300, 120, 50, 60], quality: 0.5 });
  const low = aFace('not_worn', { person: 0, box: [250, 320, 120, 140], quality: 0.9 });
  expect(found({ tracks: [track(1, 'person', 0)], persons: [bust], faces: [high, low] }).get(1)?.face).toBe(
    low,
  );
});

test('of two faces alike in quality the surer one counts', () => {
  const unsure = aFace('worn', { person: 0, score: 0.4, quality: 0.8 });
  const sure = aFace('not_worn', { person: 0, score: 0.95, quality: 0.75 });
  expect(
    found({ tracks: [track(1, 'person', 0)], persons: [left], faces: [unsure, sure] }).get(1)?.face,
  ).toBe(sure);
});

test('a plate goes to the vehicle it was found on, never to a person, and the surer one counts', () => {
  const plates = [
    { ...aReading('苏A12345', { confidence: 0.5 }), vehicle: 0 },
    { ...aReading('鄂A12345'), vehicle: 0 },
  ];
  const findings = found({
    tracks: [track(1, 'person', 0), track(2, 'vehicle', 0)],
    persons: [[700, 600, 400, 300]],
    vehicles: [[700, 600, 400, 300]],
    plates,
  });
  expect(findings.get(1)?.plate).toBeUndefined();
  expect(findings.get(2)?.plate?.text).toBe('鄂A12345');
});

test('a plate without a vehicle goes to the box around it', () => {
  const plates = [aReading('苏A12345')];
  expect(
    found({ tracks: [track(2, 'vehicle', 0)], vehicles: [[700, 600, 400, 300]], plates }).get(2)?.plate?.text,
  ).toBe('苏A12345');
  expect(
    found({ tracks: [track(2, 'vehicle', 0)], vehicles: [[0, 0, 400, 300]], plates }).get(2)?.plate,
  ).toBeUndefined();
});

test('a track that was not seen finds nothing, and a face on nobody followed goes to nobody', () => {
  const faces = [aFace('worn', { person: 1 })];
  const findings = found({
    tracks: [track(1, 'person', undefined), track(2, 'person', 0)],
    persons: [left, right],
    faces,
  });
  expect([...findings.keys()]).toEqual([2]);
  expect(findings.get(2)?.face).toBeUndefined();
});

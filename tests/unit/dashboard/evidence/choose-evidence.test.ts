import { expect, test } from 'vitest';
import { chooseEvidence, placeInScene } from '../../../../dashboard/src/evidence/choose-evidence.ts';
import type { Evidence } from '../../../../hub/contract/sighting.ts';
import { at } from '../builders.ts';

const picture = (role: Evidence['role'], id: string, box?: Evidence['box']): Evidence => ({
  id,
  sha256: '0'.repeat(64),
  role,
  occurredAt: at(0),
  width: role === 'scene' ? 1000 : 200,
  height: role === 'scene' ? 500 : 200,
  ...(box ? { box } : {}),
});

test('the last crop and the last scene are shown', () => {
  const chosen = chooseEvidence([picture('face', 'a'), picture('scene', 'b'), picture('face', 'c')]);
  expect([chosen.crop?.id, chosen.scene?.id]).toEqual(['c', 'b']);
  expect(chooseEvidence([])).toEqual({ crop: undefined, scene: undefined });
});

test('the place of the crop is a part of the scene', () => {
  const chosen = chooseEvidence([picture('face', 'a', [250, 100, 100, 50]), picture('scene', 'b')]);
  expect(placeInScene(chosen)).toEqual([0.25, 0.2, 0.1, 0.1]);
});

test('a scene that is itself a part of the frame is taken into account', () => {
  const chosen = chooseEvidence([
    picture('plate', 'a', [1000, 500, 100, 50]),
    picture('scene', 'b', [500, 250, 1000, 500]),
  ]);
  expect(placeInScene(chosen)).toEqual([0.5, 0.5, 0.1, 0.1]);
});

test('a place outside the scene is not drawn', () => {
  expect(
    placeInScene(chooseEvidence([picture('face', 'a', [990, 0, 200, 200]), picture('scene', 'b')])),
  ).toBeUndefined();
});

test('a scene of another instant does not show where the crop was: the car has moved on', () => {
  const scene = { ...picture('scene', 'b'), occurredAt: '2026-03-01T08:00:09.000Z' };
  expect(placeInScene(chooseEvidence([picture('face', 'a', [250, 100, 100, 50]), scene]))).toBeUndefined();
});

import { describe, expect, test } from 'vitest';
import type { Face } from '../../../edge/perceive/perception.ts';
import {
  aFace,
  aPolicy,
  aReading,
  carApproaching,
  filled,
  type Outcome,
  person,
  personWalking,
  play,
  type Shown,
  vehicle,
} from './observations.ts';

const registered = {
  subject: '11111111-1111-4111-8111-111111111111',
  category: 'registered',
  kind: 'bare',
  similarity: 0.7,
} as const;

function times<Value>(count: number, value: Value): Value[] {
  return Array<Value>(count).fill(value);
}

/** The rules that every outcome keeps, whatever was seen. */
function holdRules({ perFrame, revisions, evidenceWanted }: Outcome): void {
  const byId = Map.groupBy(revisions, (revision) => revision.id);
  for (const own of byId.values()) {
    expect(own.map((revision) => revision.revision)).toEqual(own.map((_, index) => index + 1));
    expect(own.filter((revision) => revision.phase === 'closed')).toHaveLength(1);
    expect(own.at(-1)?.phase).toBe('closed');
    const opened = own.filter((revision) => revision.phase === 'opened');
    expect(opened).toHaveLength(own.length === 1 ? 0 : 1);
    if (own.length > 1) expect(own[0].phase).toBe('opened');
    for (const [index, revision] of own.entries()) {
      const before = own[index - 1];
      if (revision.phase !== 'updated' || before.flags.join() !== revision.flags.join()) continue;
      expect(Date.parse(revision.decidedAt) - Date.parse(before.decidedAt)).toBeGreaterThanOrEqual(1000);
    }
  }
  const given = new Set<string>();
  for (const result of perFrame) {
    for (const revision of result.revisions)
      for (const id of revision.evidence) expect(given.has(id)).toBe(false);
    for (const id of result.evidenceDropped) given.add(id);
  }
  expect([...given].sort()).toEqual(evidenceWanted.map(({ id }) => id).sort());
  for (const revision of revisions) filled(revision, evidenceWanted);
}

describe('a car', () => {
  test('from another province opens a sighting with its flag while it still moves, and closes it once', () => {
    const outcome = play(carApproaching(30, times(30, aReading('浙A12345'))));
    holdRules(outcome);
    const [first] = outcome.revisions;
    expect(first.phase).toBe('opened');
    expect(first.flags).toEqual(['out_of_province']);
    expect(Date.parse(first.decidedAt) - Date.parse(first.occurredAt)).toBeLessThanOrEqual(1000);
    const last = outcome.revisions.at(-1);
    expect(last).toMatchObject({
      phase: 'closed',
      kind: 'vehicle',
      vehicleType: 'car',
      direction: 'entry',
      plate: { text: '浙A12345', class: 'small_car' },
      verdicts: { province: { verdict: 'out_of_province', code: '浙' } },
    });
  });

  test('from home is logged without a flag', () => {
    const outcome = play(carApproaching(30, times(30, aReading('苏A12345'))));
    holdRules(outcome);
    expect(outcome.revisions.flatMap((revision) => revision.flags)).toEqual([]);
    expect(new Set(outcome.revisions.map((revision) => revision.id)).size).toBe(1);
  });

  test('whose first readings are wrong is judged by the later, better ones', () => {
    const far = aReading('粤A12845', { confidence: 0.5, score: 0.5 });
    const near = aReading('苏A12345', { confidence: 0.95 });
    const outcome = play(carApproaching(30, [far, far, ...times(28, near)]));
    holdRules(outcome);
    expect(outcome.revisions.at(-1)?.plate?.text).toBe('苏A12345');
    expect(outcome.revisions.flatMap((revision) => revision.flags)).toEqual([]);
  });

  test('of an uncertain province is flagged as uncertain, not at the first glimpse and never as a stranger', () => {
    const doubtful = aReading('京A12345', { doubts: { 0: { rival: '琼', share: 0.42 } } });
    const outcome = play(carApproaching(30, times(30, doubtful)));
    holdRules(outcome);
    const flagged = outcome.revisions.filter((revision) => revision.flags.length > 0);
    expect(flagged[0].flags).toEqual(['province_uncertain']);
    expect(Date.parse(flagged[0].decidedAt) - Date.parse(flagged[0].occurredAt)).toBeGreaterThan(1000);
    for (const revision of outcome.revisions) expect(revision.flags).not.toContain('out_of_province');
  });

  test('standing for ten minutes is one sighting of few revisions', () => {
    const noisy = [
      aReading('鄂A12345'),
      undefined,
      aReading('鄂A12845', { confidence: 0.6 }),
      aReading('鄂A12345'),
    ];
    const scene: Shown[] = Array.from({ length: 3000 }, (_, index) => {
      const jitter = (index * 7919) % 7;
      const reading = noisy[index % noisy.length];
      return {
        vehicles:
          index % 40 > 35
            ? []
            : [vehicle([600 + jitter, 380, 500, 400 + jitter], index % 3 ? 'car' : 'truck')],
        plates: reading && index % 40 <= 35 ? [{ ...reading, vehicle: 0 }] : [],
      };
    });
    const outcome = play(scene);
    holdRules(outcome);
    expect(new Set(outcome.revisions.map((revision) => revision.id)).size).toBe(1);
    expect(outcome.revisions.length).toBeLessThanOrEqual(8);
    expect(outcome.evidenceWanted.length).toBeLessThanOrEqual(20);
    expect(outcome.revisions.at(-1)).toMatchObject({
      flags: ['watched_province'],
      plate: { text: '鄂A12345' },
    });
  });

  test('names the picture of a frame that reads what the plate says', () => {
    const readings = [
      aReading('鄂A12845', { confidence: 0.99, score: 0.99 }),
      ...times(20, aReading('鄂A12345', { confidence: 0.8 })),
    ];
    const outcome = play(carApproaching(21, readings));
    const last = outcome.revisions.at(-1);
    const plate = outcome.evidenceWanted.find(
      ({ id, role }) => role === 'plate' && last?.evidence.includes(id),
    );
    const frame = outcome.perFrame.findIndex((result) =>
      result.evidenceWanted.some(({ id }) => id === plate?.id),
    );
    expect(last?.plate?.text).toBe('鄂A12345');
    expect(frame).toBeGreaterThan(0);
  });
});

describe('a person', () => {
  test('without a mask opens a sighting within a second, with the face of such a frame', () => {
    const policy = aPolicy({ firstTime: undefined });
    const outcome = play(personWalking(times(20, aFace('not_worn'))), { policy });
    holdRules(outcome);
    const flagged = outcome.revisions.find((revision) => revision.flags.includes('mask_not_worn'));
    expect(flagged?.phase).toBe('opened');
    expect(Date.parse(flagged?.decidedAt ?? '') - Date.parse(flagged?.occurredAt ?? '')).toBeLessThanOrEqual(
      800,
    );
    const roles = outcome.evidenceWanted
      .filter(({ id }) => flagged?.evidence.includes(id))
      .map(({ role }) => role);
    expect(roles.sort()).toEqual(['face', 'scene']);
  });

  test('with a mask, seen without for a flicker, is not flagged', () => {
    const faces = times(30, aFace('worn')).map((face, index) =>
      index % 10 === 4 ? aFace('not_worn') : face,
    );
    const outcome = play(personWalking(faces), { policy: aPolicy({ firstTime: undefined }) });
    holdRules(outcome);
    expect(outcome.revisions.flatMap((revision) => revision.flags)).toEqual([]);
    expect(outcome.revisions.at(-1)?.verdicts.mask?.verdict).toBe('worn');
  });

  test('who holds a hand over the mouth for 0.3 s is not taken to wear a mask', () => {
    const faces: Face[] = [...times(2, aFace('worn')), ...times(15, aFace('not_worn'))];
    const outcome = play(personWalking(faces), { policy: aPolicy({ firstTime: undefined }) });
    holdRules(outcome);
    const verdicts = outcome.revisions.map((revision) => revision.verdicts.mask?.verdict);
    expect(verdicts).not.toContain('worn');
    expect(verdicts.at(-1)).toBe('not_worn');
  });

  test('who puts the mask on that the guard hands out has the flag withdrawn', () => {
    const faces = [...times(10, aFace('not_worn')), ...times(30, aFace('worn'))];
    const outcome = play(personWalking(faces), { policy: aPolicy({ firstTime: undefined }) });
    holdRules(outcome);
    expect(outcome.revisions[0].flags).toEqual(['mask_not_worn']);
    expect(outcome.revisions.at(-1)).toMatchObject({ flags: [], verdicts: { mask: { verdict: 'worn' } } });
  });

  test('who is registered is named and not flagged as new', () => {
    const outcome = play(personWalking(times(20, aFace('not_worn')), times(20, registered)), {
      policy: aPolicy({ mask: undefined }),
    });
    holdRules(outcome);
    expect(outcome.revisions.at(-1)).toMatchObject({
      subject: registered.subject,
      flags: [],
      verdicts: { familiarity: { verdict: 'registered' } },
    });
    expect(outcome.enrolments).toEqual([]);
  });

  test('nobody knows is enrolled once under the subject of the sighting', () => {
    const outcome = play(personWalking(times(20, aFace('not_worn'))));
    holdRules(outcome);
    const last = outcome.revisions.at(-1);
    expect(last?.flags).toContain('first_time');
    expect(outcome.enrolments.map(({ kind }) => kind)).toEqual(['whole', 'whole', 'whole', 'upper', 'upper']);
    for (const enrolment of outcome.enrolments)
      expect(enrolment).toMatchObject({ subject: last?.subject, category: 'stranger' });
  });

  test('is not called new when the gallery cannot be read as a whole', () => {
    const outcome = play(personWalking(times(20, aFace('not_worn'))), { isGalleryWhole: false });
    expect(outcome.revisions.at(-1)?.verdicts.familiarity?.verdict).toBe('cannot_tell');
    expect(outcome.enrolments).toEqual([]);
  });
});

describe('the face that is shown', () => {
  function shownFrame(faces: Face[]): number {
    const outcome = play(personWalking(faces), { policy: aPolicy({ firstTime: undefined }) });
    holdRules(outcome);
    const last = outcome.revisions.at(-1);
    const face = outcome.evidenceWanted.find(
      ({ id, role }) => role === 'face' && last?.evidence.includes(id),
    );
    return outcome.perFrame.findIndex((result) => face && result.evidenceWanted.includes(face));
  }

  test('is one that shows the verdict, though another were better', () => {
    const faces = [
      ...times(2, aFace('worn', { quality: 1 })),
      ...times(12, aFace('not_worn', { quality: 0.6 })),
    ];
    expect(shownFrame(faces)).toBeGreaterThanOrEqual(2);
  });

  test('is the best there was when nobody can tell', () => {
    const faces = [...times(2, aFace('not_worn')), ...times(12, aFace('cannot_tell', { quality: 0.3 }))];
    expect(shownFrame(faces)).toBeLessThan(2);
  });
});

describe('the scene', () => {
  function sceneOf(boxes: [number, number, number, number][]): number | undefined {
    const outcome = play(boxes.map((box) => ({ vehicles: [vehicle(box)] })));
    const scene = outcome.evidenceWanted.find(({ id }) => outcome.revisions.at(-1)?.evidence.includes(id));
    return scene && outcome.perFrame.findIndex((result) => result.evidenceWanted.includes(scene));
  }

  test('is taken nearer, but not where the box is cut off by the edge', () => {
    const approach = Array.from({ length: 8 }, (_, index): [number, number, number, number] => [
      600 - index * 10,
      300 + index * 40,
      220 + index * 20,
      160 + index * 15,
    ]);
    const cutOff = Array.from({ length: 3 }, (): [number, number, number, number] => [520, 640, 400, 440]);
    expect(sceneOf(approach)).toBeGreaterThan(4);
    expect(sceneOf([...approach, ...cutOff])).toBeLessThan(8);
  });
});

describe('any track', () => {
  test('that was flicker leaves nothing', () => {
    const [shown] = personWalking([aFace('not_worn')]);
    const outcome = play([shown, {}, {}, shown]);
    expect(outcome.revisions).toEqual([]);
    expect(outcome.enrolments).toEqual([]);
    holdRules(outcome);
  });

  test('that was never confirmed leaves nothing, though its plate was read twice, and no scene is taken of it', () => {
    const outcome = play(carApproaching(2, times(2, aReading('鄂A12345'))));
    expect(outcome.revisions).toEqual([]);
    expect(outcome.evidenceWanted.map(({ role }) => role)).not.toContain('scene');
    holdRules(outcome);
  });

  test('that was short is logged when its plate was read', () => {
    expect(play(carApproaching(3, times(3, aReading('苏A12345')))).revisions).toHaveLength(1);
    expect(play(carApproaching(3, [])).revisions).toEqual([]);
  });

  test('that changes with every frame is told at most once a second', () => {
    const standing = times(22, [760, 300, 200, 150] as const);
    const nearing = Array.from({ length: 12 }, (_, index) => {
      const width = 200 * 1.12 ** index;
      return [860 - width / 2, 300, width, width * 0.75] as const;
    });
    const outcome = play([...standing, ...nearing].map((box) => ({ vehicles: [vehicle([...box])] })));
    holdRules(outcome);
    expect(outcome.revisions.length).toBeGreaterThan(2);
  });

  test('that wanders over the line all day is told twenty times and at its end', () => {
    const quiet = aPolicy({ mask: undefined, firstTime: undefined });
    const lower = [330, 330, 330, 330, 400, 480, 560, 560, 560, 560, 480, 400];
    const scene = Array.from(
      { length: 1200 },
      (_, index): Shown => ({
        persons: [person([600, lower[index % lower.length], 110, 320])],
      }),
    );
    const outcome = play(scene, { policy: quiet });
    holdRules(outcome);
    expect(outcome.revisions).toHaveLength(21);
  });

  test('that only passed unflagged is one revision, closed', () => {
    const outcome = play(personWalking(times(8, undefined)));
    expect(outcome.revisions.map(({ phase, revision }) => ({ phase, revision }))).toEqual([
      { phase: 'closed', revision: 1 },
    ]);
    holdRules(outcome);
  });

  test('that stays is logged before it leaves', () => {
    const outcome = play(personWalking(times(30, undefined)));
    expect(outcome.revisions[0].phase).toBe('opened');
    holdRules(outcome);
  });

  test('is closed with the camera', () => {
    const outcome = play(personWalking(times(10, aFace('not_worn'))), { patience: 0, closeAtEnd: true });
    expect(outcome.revisions.at(-1)?.phase).toBe('closed');
    holdRules(outcome);
  });

  test('is flagged by nothing without a policy, and its province stays uncertain', () => {
    const outcome = play(
      [
        ...carApproaching(20, times(20, aReading('浙A12345'))),
        ...personWalking(times(20, aFace('not_worn'))),
      ],
      { policy: () => undefined },
    );
    holdRules(outcome);
    expect(outcome.revisions.flatMap((revision) => revision.flags)).toEqual([]);
    const car = outcome.revisions.find((revision) => revision.kind === 'vehicle');
    expect(outcome.enrolments).toEqual([]);
    expect(car).toMatchObject({ policyVersion: 0, verdicts: { province: { verdict: 'uncertain' } } });
  });

  test('loses its flag when the campaign ends while it is in view', () => {
    const ending = aPolicy({ firstTime: undefined });
    const endsAt = '2026-03-01T08:00:01.000Z';
    const policy = { ...ending, mask: ending.mask && { ...ending.mask, endsAt } };
    const outcome = play(personWalking(times(20, aFace('not_worn'))), { policy });
    holdRules(outcome);
    expect(outcome.revisions[0].flags).toEqual(['mask_not_worn']);
    expect(outcome.revisions.find((revision) => revision.flags.length === 0)?.decidedAt).toBe(endsAt);
  });
});

test('somebody of whom only the upper body is found up close has not gone back out', () => {
  const whole = (bottom: number): Shown => ({ persons: [person([900, bottom - 520, 200, 520])] });
  const upperBody: Shown = { persons: [person([900, 380, 210, 330])] };
  const entering = [600, 640, 680, 720, 780, 840, 900].map(whole);
  const { revisions } = play([...entering, ...Array.from({ length: 5 }, () => upperBody)]);
  expect(revisions.at(-1)?.direction).toBe('entry');
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Box, Detection } from '../../../edge/perceive/perception.ts';
import type { Track } from '../../../edge/track/track.ts';
import { Tracker } from '../../../edge/track/tracker.ts';
import { frameMs, ids, person, run, seen, vehicle } from '../../builders/tracking.ts';

const anyBox = fc.tuple(
  fc.double({ min: -100, max: 1900, noNaN: true }),
  fc.double({ min: -100, max: 1000, noNaN: true }),
  fc.double({ min: 5, max: 600, noNaN: true }),
  fc.double({ min: 5, max: 600, noNaN: true }),
) as fc.Arbitrary<Box>;
const anyDetection = fc.record({
  isPerson: fc.boolean(),
  score: fc.double({ min: 0, max: 1, noNaN: true }),
  box: anyBox,
  label: fc.constantFrom('car' as const, 'truck' as const, 'bus' as const),
});
const anyFrames = fc
  .array(fc.array(anyDetection, { maxLength: 6 }), { maxLength: 12 })
  .map((frames) =>
    frames.map((detections) =>
      detections.map(({ isPerson, score, box, label }) =>
        isPerson ? person(box, score) : vehicle(box, score, label),
      ),
    ),
  );

describe('for whatever is detected', () => {
  test('a detection goes to at most one track, and a track keeps its kind', () => {
    fc.assert(
      fc.property(anyFrames, (frames) => {
        const kinds = new Map<number, string>();
        for (const [index, tracks] of run(frames).entries()) {
          const used = tracks
            .filter((track) => track.detection !== undefined)
            .map((track) => `${track.kind}${track.detection}`);
          expect(new Set(used).size).toBe(used.length);
          for (const track of tracks) {
            expect(kinds.get(track.id) ?? track.kind).toBe(track.kind);
            kinds.set(track.id, track.kind);
            if (track.detection === undefined) continue;
            const list = track.kind === 'person' ? seen(frames[index]).persons : seen(frames[index]).vehicles;
            expect(list[track.detection]).toBeDefined();
          }
        }
      }),
    );
  });

  test('ids rise and an ended id never comes back', () => {
    fc.assert(
      fc.property(anyFrames, fc.array(fc.integer({ min: 0, max: 5000 })), (frames, gaps) => {
        const tracker = new Tracker();
        const ended = new Set<number>();
        let highest = 0;
        let at = 0;
        for (const [index, detections] of frames.entries()) {
          at += gaps[index] ?? frameMs;
          for (const track of tracker.update(seen(detections), at)) {
            expect(ended.has(track.id)).toBe(false);
            if (track.state === 'ended') ended.add(track.id);
            if (track.detection === undefined) continue;
            expect(track.lastSeenAt).toBe(at);
            highest = Math.max(highest, track.id);
          }
        }
        const fresh = tracker.update(seen([person([0, 0, 50, 100])]), at + 60_000);
        for (const track of fresh) if (track.state !== 'ended') expect(track.id).toBeGreaterThan(highest);
      }),
    );
  });

  test('the order of the detections does not matter', () => {
    fc.assert(
      fc.property(anyFrames, fc.nat(5), fc.boolean(), (frames, by, isReversed) => {
        const shuffled = frames.map((detections) => {
          const turned = [...detections.slice(by), ...detections.slice(0, by)];
          return isReversed ? turned.reverse() : turned;
        });
        const withoutIndex = (all: Track[][]) =>
          all.map((tracks) =>
            tracks.map((track) => ({ ...track, detection: track.detection !== undefined })),
          );
        expect(withoutIndex(run(shuffled))).toEqual(withoutIndex(run(frames)));
      }),
    );
  });

  test('no box, however hostile, makes a coordinate that is not a number', () => {
    const hostile = fc.constantFrom(
      Number.NaN,
      Number.POSITIVE_INFINITY,
      -1e308,
      1e308,
      5e-324,
      0,
      -1,
      1,
      300,
      1e6,
    );
    const hostileBox = fc.tuple(hostile, hostile, hostile, hostile) as fc.Arbitrary<Box>;
    const frames = fc.array(
      fc.array(
        fc
          .tuple(hostileBox, fc.constantFrom(0.9, 0.3, Number.NaN, 2))
          .map(([box, score]) => person(box, score)),
        { maxLength: 4 },
      ),
      { maxLength: 10 },
    );
    const times = fc.array(fc.constantFrom(0, 1, -5000, 1e12, Number.NaN, 400));
    fc.assert(
      fc.property(frames, times, (all, at) => {
        const tracker = new Tracker();
        for (const [index, detections] of all.entries())
          for (const track of tracker.update(seen(detections), at[index] ?? index * frameMs))
            for (const side of track.box) expect(Number.isFinite(side)).toBe(true);
      }),
    );
  });
});

describe('one thing in view', () => {
  test('a smoothly moving box keeps its id through one to three missed frames', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -60, max: 60, noNaN: true }),
        fc.double({ min: -20, max: 20, noNaN: true }),
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 5, max: 12 }),
        (stepX, stepY, missed, from) => {
          const frames = Array.from({ length: 25 }, (_, index) =>
            index >= from && index < from + missed
              ? []
              : [person([900 + stepX * index, 400 + stepY * index, 100, 260])],
          );
          const tracks = run(frames);
          expect(ids(tracks)).toEqual([1]);
          expect(tracks[from][0].state).toBe('lost');
          expect(tracks.at(-1)?.[0].state).toBe('confirmed');
        },
      ),
    );
  });

  test('a runner who leaves his own box between two frames is one track', () => {
    const frames = Array.from({ length: 8 }, (_, index) => [person([100 + index * 130, 300, 90, 250])]);
    expect(ids(run(frames))).toEqual([1]);
  });

  test('a car that approaches and grows eightfold is one track', () => {
    const frames = Array.from({ length: 30 }, (_, index) => {
      const width = 80 * 8 ** (index / 29);
      return [vehicle([960 - width / 2, 300 + index * 8, width, width * 0.75])];
    });
    expect(ids(run(frames))).toEqual([1]);
  });

  test('a car that stands for ten minutes is one track, although its label and box flicker and frames are missed', () => {
    const tracker = new Tracker();
    const states = new Set<string>();
    const found = new Set<number>();
    for (let index = 0; index < 3000; index++) {
      const jitter = (index * 7919) % 9;
      const label = index % 3 === 0 ? 'truck' : 'car';
      const missed = index % 50 > 44;
      const frame = missed ? [] : [vehicle([600 + jitter, 400 - jitter, 400 + jitter, 300], 0.8, label)];
      for (const track of tracker.update(seen(frame), index * frameMs)) {
        found.add(track.id);
        if (index > 10) {
          states.add(track.state);
          expect(track.label).toBe('car');
        }
      }
    }
    expect([...found]).toEqual([1]);
    expect([...states].sort()).toEqual(['confirmed', 'lost']);
  });

  test('a car found twice in a frame, or with a part of it apart, is one track', () => {
    const frames = Array.from({ length: 10 }, (_, index) => [
      vehicle([600, 400 + index * 5, 400, 300], 0.9),
      vehicle([610, 405 + index * 5, 395, 290], 0.7, 'truck'),
      vehicle([620, 480 + index * 5, 240, 190], 0.6),
    ]);
    expect(ids(run(frames))).toEqual([1]);
  });

  test('what is detected twice does not bring back a neighbour who is hidden', () => {
    const shown = vehicle([600, 400, 400, 300], 0.9);
    const hidden = vehicle([760, 410, 380, 290], 0.8);
    const twice = vehicle([630, 402, 395, 297], 0.7, 'truck');
    const tracker = new Tracker();
    for (let index = 0; index < 5; index++) tracker.update(seen([shown, hidden]), index * frameMs);
    const tracks = tracker.update(seen([shown, twice]), 5 * frameMs);
    expect(tracks.map((track) => track.state)).toEqual(['confirmed', 'lost']);
    expect(tracker.drops).toEqual({ unusable_box: 0, duplicate: 1, below_score: 0 });
  });

  test('what cannot be followed is counted by reason', () => {
    const tracker = new Tracker();
    tracker.update(
      seen([person([0, 0, 0, 50]), person([0, 0, 50, 50], 0.1), person([0, 0, 50, 50], Number.NaN)]),
      0,
    );
    expect(tracker.drops).toEqual({ unusable_box: 2, duplicate: 0, below_score: 1 });
  });

  test('a lost box that was growing does not go on growing', () => {
    const frames = Array.from({ length: 8 }, (_, index): Detection[] =>
      index < 6 ? [vehicle([600 - index * 40, 400, 200 + index * 80, 150 + index * 60])] : [],
    );
    const tracks = run(frames);
    expect(tracks[7][0].box[3]).toBeCloseTo(tracks[6][0].box[3], 5);
    expect(tracks[7][0].state).toBe('lost');
  });

  test('flicker stays tentative and ends', () => {
    const tracks = run([[], [person([100, 100, 50, 120])], [], [], [], []]);
    expect(tracks.map((frame) => frame.map((track) => track.state))).toEqual([
      [],
      ['tentative'],
      ['tentative'],
      ['tentative'],
      ['ended'],
      [],
    ]);
  });

  test('at one frame per second a walker is still confirmed', () => {
    const tracker = new Tracker();
    const states = [0, 1000, 2000, 4000].map(
      (at) => tracker.update(seen([person([100 + at / 50, 300, 90, 250])]), at)[0].state,
    );
    expect(states).toEqual(['tentative', 'tentative', 'confirmed', 'confirmed']);
  });

  test('a track is confirmed at its third sight, lost when unseen, found again, and ends once', () => {
    const box: Box = [100, 100, 80, 200];
    const gone = Array.from({ length: 17 }, () => []);
    const states = run([...Array.from({ length: 4 }, () => [person(box)]), [], [person(box)], ...gone]).map(
      (frame) => frame.map((track) => track.state).join(),
    );
    expect(states.slice(0, 7)).toEqual([
      'tentative',
      'tentative',
      'confirmed',
      'confirmed',
      'lost',
      'confirmed',
      'lost',
    ]);
    expect(states.filter((state) => state === 'ended')).toHaveLength(1);
    expect(states.at(-1)).toBe('');
  });

  test('a weak detection keeps a track alive but begins none', () => {
    const box: Box = [100, 100, 80, 200];
    expect(run([[person(box, 0.3)], [person(box, 0.3)]]).flat()).toEqual([]);
    const tracks = run([...Array.from({ length: 3 }, () => [person(box)]), [person(box, 0.2)]]);
    expect(tracks[3].map((track) => track.state)).toEqual(['confirmed']);
  });

  test('time that runs backwards ends nothing', () => {
    const tracker = new Tracker();
    for (const at of [10_000, 10_200, 10_400, 0, 10_600])
      for (const track of tracker.update(seen([person([100, 100, 80, 200])]), at)) {
        expect(track.id).toBe(1);
        expect(track.state).not.toBe('ended');
      }
  });
});

describe('two things in view', () => {
  test('two walkers who cross keep their ids', () => {
    const steps = 30;
    const frames = Array.from({ length: steps }, (_, index) => {
      const left: Box = [100 + index * 40, 300, 90, 250];
      const right: Box = [1260 - index * 40, 330, 95, 260];
      // In the middle the one in front hides the other.
      return Math.abs(left[0] - right[0]) < 45 ? [person(right)] : [person(left), person(right)];
    });
    const tracks = run(frames);
    expect(ids(tracks)).toEqual([1, 2]);
    const first = tracks[5].find((track) => track.box[0] < 600)?.id;
    expect(tracks.at(-1)?.find((track) => track.box[0] > 600)?.id).toBe(first);
  });

  test('a person beside a car is not the car', () => {
    const frames = Array.from({ length: 5 }, () => [
      person([500, 300, 90, 250]),
      vehicle([480, 300, 120, 250]),
    ]);
    expect(
      run(frames)
        .at(-1)
        ?.map((track) => track.kind),
    ).toEqual(['person', 'vehicle']);
  });

  test('a car that takes the place of one that left long ago is another', () => {
    const tracker = new Tracker();
    const box: Box = [600, 400, 400, 300];
    for (let index = 0; index < 10; index++) tracker.update(seen([vehicle(box)]), index * frameMs);
    const later = tracker.update(seen([vehicle(box)]), 60_000);
    expect(later.map((track) => [track.id, track.state])).toEqual([
      [1, 'ended'],
      [2, 'tentative'],
    ]);
  });
});
describe('what leaves the picture', () => {
  test('is not taken up again by what comes in at the same corner a few seconds later', () => {
    const tracker = new Tracker();
    const lorry: Box[] = [
      [165, 217, 716, 635],
      [171, 216, 717, 635],
      [158, 220, 722, 641],
      [122, 221, 743, 651],
      [56, 220, 803, 698],
    ];
    const car: Box[] = [
      [0, 440, 815, 636],
      [12, 424, 803, 606],
      [98, 402, 716, 504],
      [227, 399, 614, 420],
    ];
    const empty: Detection[][] = Array.from({ length: 12 }, () => []);
    const frames = [
      ...lorry.map((box) => [vehicle(box, 0.9, 'truck')]),
      ...empty,
      ...car.map((box) => [vehicle(box)]),
    ];
    const tracks = frames.map((detections, index) =>
      tracker.update(seen(detections), index * frameMs, { width: 1920, height: 1080 }),
    );
    expect(ids(tracks)).toEqual([1, 2]);
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Passing, pairVisits } from '../../../hub/trajectory/visits.ts';

const at = (minute: number) =>
  new Date(Date.parse('2026-03-01T08:00:00.000Z') + minute * 60_000).toISOString();
const entry = (minute: number): Passing => ({ at: at(minute), direction: 'entry' });
const exit = (minute: number): Passing => ({ at: at(minute), direction: 'exit' });

describe('passings become visits, newest first', () => {
  test('in and out is one visit', () =>
    expect(pairVisits([entry(0), exit(30)])).toEqual([{ entry: at(0), exit: at(30) }]));
  test('in twice without out leaves the first open', () =>
    expect(pairVisits([entry(0), entry(90), exit(120)])).toEqual([
      { entry: at(90), exit: at(120) },
      { entry: at(0) },
    ]));
  test('out without in is a visit without entry', () =>
    expect(pairVisits([exit(5)])).toEqual([{ exit: at(5) }]));
  test('out twice does not end a visit again', () =>
    expect(pairVisits([entry(0), exit(5), exit(60)])).toEqual([
      { exit: at(60) },
      { entry: at(0), exit: at(5) },
    ]));
  test('two cameras on one passing count once', () =>
    expect(pairVisits([entry(0), entry(0.5), exit(30), exit(30.9)])).toEqual([
      { entry: at(0), exit: at(30) },
    ]));
  test('nothing is no visit', () => expect(pairVisits([])).toEqual([]));
});

test('every visit has a side, entry comes before exit, and no passing is used twice', () => {
  const passings = fc
    .uniqueArray(fc.tuple(fc.nat(2000), fc.boolean()), { maxLength: 40, selector: ([minute]) => minute })
    .map((list) =>
      list.sort(([a], [b]) => a - b).map(([minute, isEntry]) => (isEntry ? entry : exit)(minute)),
    );
  fc.assert(
    fc.property(passings, (list) => {
      const visits = pairVisits(list);
      const used = visits.flatMap(({ entry: came, exit: left }) => [
        came && `in${came}`,
        left && `out${left}`,
      ]);
      const ends = used.filter((end) => end !== undefined);
      expect(new Set(ends).size).toBe(ends.length);
      for (const { entry: came, exit: left } of visits) {
        expect(came ?? left).toBeDefined();
        if (came && left) expect(came <= left).toBe(true);
      }
    }),
  );
});

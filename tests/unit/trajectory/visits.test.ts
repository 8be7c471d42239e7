import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decideAnew, type Passing, pairVisits, surroundings } from '../../../hub/trajectory/visits.ts';

const at = (minute: number) =>
  new Date(Date.parse('2026-03-01T08:00:00.000Z') + minute * 60_000).toISOString();
const entry = (minute: number): Passing => ({ at: at(minute), direction: 'entry' });
const exit = (minute: number): Passing => ({ at: at(minute), direction: 'exit' });

/** Visits by their times. */
const timesOf = (passings: Passing[]) =>
  pairVisits(passings).map(({ entry: came, exit: left }) => ({
    ...(came && { entry: came.at }),
    ...(left && { exit: left.at }),
  }));

describe('passings become visits, newest first', () => {
  test('in and out is one visit', () =>
    expect(timesOf([entry(0), exit(30)])).toEqual([{ entry: at(0), exit: at(30) }]));
  test('in twice without out leaves the first open', () =>
    expect(timesOf([entry(0), entry(90), exit(120)])).toEqual([
      { entry: at(90), exit: at(120) },
      { entry: at(0) },
    ]));
  test('out without in is a visit without entry', () =>
    expect(timesOf([exit(5)])).toEqual([{ exit: at(5) }]));
  test('out twice does not end a visit again', () =>
    expect(timesOf([entry(0), exit(5), exit(60)])).toEqual([
      { exit: at(60) },
      { entry: at(0), exit: at(5) },
    ]));
  test('two cameras on one passing count once', () =>
    expect(timesOf([entry(0), entry(0.5), exit(30), exit(30.9)])).toEqual([{ entry: at(0), exit: at(30) }]));
  test('a visit is over when its exit is seen, or when a later passing shows that it was missed', () =>
    expect(
      pairVisits([exit(0), entry(10), entry(90), exit(120), entry(150)]).map(({ isOver }) => isOver),
    ).toEqual([false, true, true, true]));
  test('nothing is no visit', () => expect(timesOf([])).toEqual([]));
});

test('every visit has a side, entry comes before exit, and no passing is used twice', () => {
  const passings = fc
    .uniqueArray(fc.tuple(fc.nat(2000), fc.boolean()), { maxLength: 40, selector: ([minute]) => minute })
    .map((list) =>
      list.sort(([a], [b]) => a - b).map(([minute, isEntry]) => (isEntry ? entry : exit)(minute)),
    );
  fc.assert(
    fc.property(passings, (list) => {
      const visits = timesOf(list);
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

/** Passings in time, one for each minute and a half, with an id. */
const inTime = fc
  .uniqueArray(fc.tuple(fc.nat(60), fc.boolean()), {
    minLength: 1,
    maxLength: 25,
    selector: ([half]) => half,
  })
  .map((list) =>
    list
      .sort(([a], [b]) => a - b)
      .map(([half, isEntry]) => ({ ...(isEntry ? entry : exit)(half * 0.75), id: half })),
  );

test('what a change decides anew, beside what it leaves, is what pairing everything gives', () => {
  fc.assert(
    fc.property(inTime, fc.nat(60), fc.constantFrom('entry', 'exit', undefined), (list, half, direction) => {
      const others = list.filter(({ id }) => id !== half);
      const there = direction && { at: at(half * 0.75), direction, id: half };
      const after = [...others, ...(there ? [there] : [])].sort((a, b) => a.id - b.id);
      const { visits, decided } = decideAnew(
        surroundings(
          others.filter(({ id }) => id < half).reverse(),
          there,
          others.filter(({ id }) => id > half),
        ),
      );
      const replaced = new Set([...decided.map(({ id }) => id), half]);
      const begunBy = ({ entry: came, exit: left }: (typeof visits)[number]) => (came ?? left)!.id;
      const left = pairVisits(list).filter((visit) => !replaced.has(begunBy(visit)));
      const byBeginning = [...left, ...visits].sort((a, b) => begunBy(b) - begunBy(a));
      expect(byBeginning).toEqual(pairVisits(after));
    }),
    { numRuns: 2000 },
  );
});

import { expect, test } from 'vitest';
import { alertMarks } from '../../../../dashboard/src/guard/alert-marks.ts';
import { foldIn, joinStorm, seenByAnother } from '../../../../hub/alerts/alert.ts';
import { anAlert, at } from '../builders.ts';

test('what the hub folds into one count is told apart again: repeats, other cameras, a storm', () => {
  const folded = foldIn(foldIn(anAlert(), at(1)), at(2));
  expect(alertMarks(folded)).toEqual({ repeats: 2, cameras: [], storm: 0 });
  const seen = seenByAnother(folded, 'east-gate-out', at(3));
  expect(alertMarks(seen)).toEqual({ repeats: 2, cameras: ['east-gate-out'], storm: 0 });
  const stormy = joinStorm(joinStorm(seen, at(4)), at(5));
  expect(alertMarks(stormy)).toEqual({ repeats: 2, cameras: ['east-gate-out'], storm: 3 });
});

test('an alert by itself has no marks', () => {
  expect(alertMarks(anAlert())).toEqual({ repeats: 0, cameras: [], storm: 0 });
});

import { expect, test } from 'vitest';
import { anonymousAlert, unlinkedAlert } from '../../../hub/erasure/anonymous.ts';
import { anAlert } from '../dashboard/builders.ts';

test('an alert about nobody bears no mark of corrections: they went with whom they were about', () => {
  const alert = anAlert({ subject: 'someone', corrected: ['familiarity'] });
  expect([anonymousAlert(alert).corrected, unlinkedAlert(alert).corrected]).toEqual([undefined, undefined]);
});

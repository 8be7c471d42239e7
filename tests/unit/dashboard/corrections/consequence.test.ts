import { describe, expect, test } from 'vitest';
import { consequenceOf } from '../../../../dashboard/src/corrections/consequence.ts';
import type { Flag } from '../../../../hub/contract/policy.ts';
import { buildSighting } from '../../../builders/sighting.ts';
import { anAlert } from '../builders.ts';

const flagged = (...flags: Flag[]) => buildSighting({ flags });

describe('what a correction led to', () => {
  const bare = flagged('mask_not_worn');
  const plain = flagged();

  test.each([
    ['an alert that nobody had taken is withdrawn', bare, plain, 'withdrawn', { kind: 'withdrawn' }],
    ['one in hand waits for whoever took it', bare, plain, 'acknowledged', { kind: 'to_close' }],
    ['one that was dealt with stays so', bare, plain, 'resolved', { kind: 'dealt_with' }],
    [
      'another flag keeps it open',
      flagged('mask_not_worn', 'first_time'),
      flagged('first_time'),
      'open',
      { kind: 'stays', flags: ['first_time'] },
    ],
    [
      'a new flag rings',
      plain,
      flagged('out_of_province'),
      'open',
      { kind: 'raised', flags: ['out_of_province'] },
    ],
    [
      'or is too old to ring',
      plain,
      flagged('out_of_province'),
      'expired',
      { kind: 'too_late', flags: ['out_of_province'] },
    ],
    ['the same flags, nothing followed', bare, bare, 'open', { kind: 'none' }],
  ] as const)('%s', (_, before, after, state, expected) =>
    expect(consequenceOf(before, after, anAlert({ state }))).toEqual(expected),
  );

  test('without an alert nothing followed', () =>
    expect(consequenceOf(bare, plain, undefined)).toEqual({ kind: 'none' }));
});

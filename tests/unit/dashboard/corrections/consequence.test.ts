import { describe, expect, test } from 'vitest';
import { consequenceOf } from '../../../../dashboard/src/corrections/consequence.ts';
import { mayCorrect } from '../../../../dashboard/src/corrections/may-correct.ts';
import { peopleIn, peopleMatching, wholeId } from '../../../../dashboard/src/corrections/people.ts';
import type { Flag } from '../../../../hub/contract/policy.ts';
import { buildJpeg, buildSighting, describeEvidence } from '../../../builders/sighting.ts';
import { anAlert, aPassing, aSession, at } from '../builders.ts';

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

describe('who may correct', () => {
  const now = Date.parse(at(0));
  const seen = { gate: 'east-gate', occurredAt: at(-3600) };

  test('a guard at the gate of the duty, within a day', () => {
    expect(mayCorrect(aSession('guard', 'east-gate'), seen, now)).toBe(true);
    expect(mayCorrect(aSession('guard', 'west-gate'), seen, now)).toBe(false);
    expect(mayCorrect(aSession('guard'), seen, now)).toBe(false);
    expect(mayCorrect(aSession('guard', 'east-gate'), { ...seen, occurredAt: at(-25 * 3600) }, now)).toBe(
      false,
    );
  });

  test('managers and admins everything, installers nothing', () => {
    const old = { gate: 'west-gate', occurredAt: at(-80 * 86_400) };
    expect(
      (['manager', 'admin', 'installer'] as const).map((role) => mayCorrect(aSession(role), old, now)),
    ).toEqual([true, true, false]);
  });
});

describe('people to choose from', () => {
  const face = describeEvidence(buildJpeg(), { role: 'face' });
  const seen = [
    aPassing({ subject: 'bbbb', occurredAt: at(9) }),
    aPassing({ subject: 'aaaa', occurredAt: at(8), evidence: [face] }),
    aPassing({ subject: 'bbbb', occurredAt: at(7), evidence: [face] }),
    aPassing({ subject: 'cccc', occurredAt: at(6) }),
    aPassing({ kind: 'vehicle', occurredAt: at(5) }),
    aPassing({ occurredAt: at(4) }),
  ];

  test('are each there once, last seen first, with a face where there is one, without oneself', () =>
    expect(
      peopleIn(seen, ['cccc']).map(({ subject, lastSeenAt, sightings, entry }) => [
        subject,
        lastSeenAt,
        sightings,
        entry.evidence.length,
      ]),
    ).toEqual([
      ['bbbb', at(9), 2, 1],
      ['aaaa', at(8), 1, 1],
    ]));

  test('are found by the beginning of their code, in capitals or not', () => {
    const people = peopleIn(seen, []);
    expect(peopleMatching(people, ' BB').map(({ subject }) => subject)).toEqual(['bbbb']);
    expect(peopleMatching(people, '')).toHaveLength(3);
    expect(wholeId('BBBB')).toBeUndefined();
    expect(wholeId(' 0195500C-0000-7000-8000-000000000001')).toBe('0195500c-0000-7000-8000-000000000001');
  });
});

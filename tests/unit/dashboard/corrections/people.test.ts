import { describe, expect, test } from 'vitest';
import { peopleIn, peopleMatching, wholeId } from '../../../../dashboard/src/corrections/people.ts';
import { buildJpeg, describeEvidence } from '../../../builders/sighting.ts';
import { aPassing, at } from '../builders.ts';

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

import { expect, test } from 'vitest';
import { toStep } from '../../../hub/trajectory/trajectory-step.ts';
import { buildSighting } from '../../builders/sighting.ts';

const receivedAt = '2026-03-01T08:00:02.000Z';

test('a step stays as long as its track, and links as surely as its plate', () => {
  const plate = { text: '苏A12345', class: 'small_car' as const, confidence: 0.93, characters: [], votes: 3 };
  const step = toStep({
    ...buildSighting({ kind: 'vehicle', plate, endedAt: '2026-03-01T08:00:12.500Z' }),
    receivedAt,
  });
  expect(step).toMatchObject({ dwellSeconds: 12.5, linkConfidence: 0.93 });
});

test('a person is linked as surely as the faces were compared', () => {
  const verdicts = { familiarity: { verdict: 'seen_before' as const, confidence: 0.81, votes: 4 } };
  expect(toStep({ ...buildSighting({ verdicts }), receivedAt })).toMatchObject({ linkConfidence: 0.81 });
});

test('what the box did not say is left out', () => {
  const step = toStep({ ...buildSighting({ verdicts: {} }), receivedAt });
  expect(step).not.toHaveProperty('dwellSeconds');
  expect(step).not.toHaveProperty('linkConfidence');
});

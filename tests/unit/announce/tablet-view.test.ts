import { describe, expect, test } from 'vitest';
import { reaches } from '../../../hub/announce/tablet-view.ts';
import { type Role, role as roles, type StreamEvent } from '../../../hub/contract/api.ts';

const at = (gate: string, told: string[] = []) =>
  ({ gate, steps: [{ people: told.map((id) => ({ id })) }] }) as never;
const events: Record<string, StreamEvent> = {
  reset: { type: 'reset' },
  box: { type: 'box', box: {} as never },
  duty: { type: 'duty', duty: [] },
  alertHere: { type: 'alert', alert: at('east-gate') },
  alertElsewhere: { type: 'alert', alert: at('west-gate') },
  alertTold: { type: 'alert', alert: at('west-gate', ['someone', 'viewer']) },
  gap: { type: 'gap', gap: at('east-gate') },
  sightingHere: { type: 'sighting', sighting: at('east-gate') },
  sightingElsewhere: { type: 'sighting', sighting: at('west-gate') },
};

describe('what reaches a tablet by itself', () => {
  const everything = Object.keys(events);
  test.each<[Role, string | undefined, string[]]>([
    ['guard', undefined, ['reset', 'duty', 'alertTold']],
    ['guard', 'east-gate', ['reset', 'duty', 'alertHere', 'alertTold', 'sightingHere']],
    ['manager', undefined, everything],
    ['admin', undefined, everything],
    ['installer', undefined, ['reset', 'box']],
    ['installer', 'east-gate', ['reset', 'box']],
  ])('a %s on duty at %s gets %j', (role, gate, expected) => {
    expect(everything.filter((name) => reaches({ id: 'viewer', role, gate }, events[name]))).toEqual(
      expected,
    );
  });

  test('every role is decided', () => {
    expect(roles.options).toEqual(['guard', 'manager', 'installer', 'admin']);
  });
});

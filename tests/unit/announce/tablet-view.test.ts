import { describe, expect, test } from 'vitest';
import { shownTo, type Viewer } from '../../../hub/announce/tablet-view.ts';
import { type Role, role as roles, type StreamEvent } from '../../../hub/contract/api.ts';

const at = (gate: string, told: string[] = []) =>
  ({ gate, steps: [{ people: told.map((id) => ({ id })) }] }) as never;
const box = (...gates: string[]) => ({ telemetry: { cameras: gates.map((gate) => ({ gate })) } }) as never;
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
const everything = Object.keys(events);
const reached = (viewer: Viewer) => everything.filter((name) => shownTo(viewer, events[name]));

describe('what reaches a tablet by itself', () => {
  test.each<[Role, string | undefined, string[]]>([
    ['guard', undefined, ['reset', 'duty', 'alertTold']],
    ['guard', 'east-gate', ['reset', 'duty', 'alertHere', 'alertTold', 'sightingHere']],
    ['manager', undefined, everything],
    ['admin', undefined, everything],
    ['installer', undefined, ['reset', 'box']],
    ['installer', 'east-gate', ['reset', 'box']],
  ])('a %s on duty at %s gets %j', (role, gate, expected) => {
    expect(reached({ id: 'viewer', role, gate, scope: 'all' })).toEqual(expected);
  });

  test('every role is decided', () => {
    expect(roles.options).toEqual(['guard', 'manager', 'installer', 'admin']);
  });
});

describe('of someone who has to do with one gate', () => {
  const scope = ['east-gate'];

  test('nothing of another gate comes, whatever the role and wherever the duty', () => {
    expect(reached({ id: 'viewer', role: 'manager', scope })).toEqual([
      'reset',
      'duty',
      'alertHere',
      'gap',
      'sightingHere',
    ]);
    expect(reached({ id: 'viewer', role: 'guard', gate: 'west-gate', scope })).toEqual(['reset', 'duty']);
  });

  test('duty and boxes come without what is at other gates', () => {
    const duty: StreamEvent = { type: 'duty', duty: [at('east-gate'), at('west-gate')] };
    expect(shownTo({ id: 'viewer', role: 'guard', scope }, duty)).toEqual({
      type: 'duty',
      duty: [at('east-gate')],
    });
    const shared: StreamEvent = { type: 'box', box: box('east-gate', 'west-gate') };
    expect(shownTo({ id: 'viewer', role: 'installer', scope }, shared)).toEqual({
      type: 'box',
      box: box('east-gate'),
    });
    const elsewhere: StreamEvent = { type: 'box', box: box('west-gate') };
    expect(shownTo({ id: 'viewer', role: 'installer', scope }, elsewhere)).toBeUndefined();
  });
});

import { describe, expect, test } from 'vitest';
import { homeOf, menuPlacesFor, placeOf, placesFor } from '../../../../dashboard/src/shell/places.ts';
import { role as roles } from '../../../../hub/contract/api.ts';

type Who = Parameters<typeof placesFor>[0];
const keysFor = (role: Who): string[] => placesFor(role).map(({ key }) => key);
const menuOf = (role: Who): string[] => menuPlacesFor(role).map(({ key }) => key);

test('guards may read the rules that they are asked to enforce', () => {
  expect(keysFor('guard')).toContain('policy');
});

test('installers see the boxes and nobody who passes', () => {
  expect(keysFor('installer')).toEqual(['health']);
});

test('everyone has an account page, and only admins decide who has one', () => {
  expect(menuOf('guard')).toEqual(['account']);
  expect(menuOf('installer')).toEqual(['account']);
  expect(menuOf('manager')).toEqual(['account', 'tablets', 'settings', 'audit']);
  expect(menuOf('admin')).toEqual(['account', 'people', 'tablets', 'settings', 'audit']);
});

test.each(roles.options)('a %s lands on a page that this role may open', (role) => {
  expect(placesFor(role).map(({ path }) => path)).toContain(homeOf(role));
});

test('managers plan and set; guards do not, and installers neither', () => {
  const all = (role: Who) => [...keysFor(role), ...menuOf(role)];
  for (const key of ['roster', 'settings']) {
    expect(all('manager')).toContain(key);
    expect(all('guard')).not.toContain(key);
    expect(all('installer')).not.toContain(key);
  }
});

describe('the navigation', () => {
  test.each(roles.options)('of a %s has five entries at most: more do not fit on a phone', (role) => {
    expect(placesFor(role).length).toBeLessThanOrEqual(5);
  });

  test('keeps what is looked up together: guards see who is in, and no log or flows', () => {
    const recordsOf = (role: Who) =>
      placesFor(role)
        .find(({ key }) => key === 'records')
        ?.pages.map(({ key }) => key);
    expect(recordsOf('manager')).toEqual(['log', 'visits', 'flows', 'history']);
    expect(recordsOf('guard')).toEqual(['visits', 'history']);
  });

  test('knows under which entry a page lies, also what lies deeper', () => {
    const keyOf = (path: string) => placeOf(path, 'manager')?.key;
    expect(keyOf('/')).toBe('alerts');
    expect(['/log', '/visits', '/flows', '/alerts', '/alerts/a/report', '/subject/a'].map(keyOf)).toEqual(
      Array(6).fill('records'),
    );
    expect(['/policy/sign', '/channels'].map(keyOf)).toEqual(['policy', 'policy']);
    expect(keyOf('/settings')).toBeUndefined();
  });
});

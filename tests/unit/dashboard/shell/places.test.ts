import { expect, test } from 'vitest';
import { homeOf, menuPlacesFor, placesFor } from '../../../../dashboard/src/shell/places.ts';
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

import { expect, test } from 'vitest';
import { homeOf, menuPlacesFor, placesFor } from '../../../../dashboard/src/shell/places.ts';
import { role as roles } from '../../../../hub/contract/api.ts';

const keysFor = (role: Parameters<typeof placesFor>[0]) => placesFor(role).map(({ key }) => key);

test('guards may read the rules that they are asked to enforce', () => {
  expect(keysFor('guard')).toContain('policy');
});

test('installers see the boxes and nobody who passes', () => {
  expect(keysFor('installer')).toEqual(['health']);
});

test('everyone has an account page, and only admins decide who has one', () => {
  const menuOf = (role: Parameters<typeof menuPlacesFor>[0]) => menuPlacesFor(role).map(({ key }) => key);
  expect(menuOf('guard')).toEqual(['account']);
  expect(menuOf('installer')).toEqual(['account']);
  expect(menuOf('manager')).toEqual(['account', 'tablets', 'audit']);
  expect(menuOf('admin')).toEqual(['account', 'people', 'tablets', 'audit']);
});

test.each(roles.options)('a %s lands on a page that this role may open', (role) => {
  expect(placesFor(role).map(({ path }) => path)).toContain(homeOf(role));
});

test('managers plan and set; guards do not, and installers neither', () => {
  for (const key of ['roster', 'settings']) {
    expect(keysFor('manager')).toContain(key);
    expect(keysFor('guard')).not.toContain(key);
    expect(keysFor('installer')).not.toContain(key);
  }
});

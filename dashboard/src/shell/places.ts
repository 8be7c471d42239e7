import type { Role } from '../../../hub/contract/api.ts';
import type { IconName } from '../ui/icons.tsx';

/** A page of the dashboard, who may open it, and where it lies. */
export interface Place {
  key: 'alerts' | 'log' | 'history' | 'roster' | 'health' | 'policy';
  path: string;
  icon: IconName;
  roles: readonly Role[];
}

const places: readonly Place[] = [
  { key: 'alerts', path: '/', icon: 'alert', roles: ['guard', 'manager', 'admin'] },
  { key: 'log', path: '/log', icon: 'log', roles: ['manager', 'admin'] },
  { key: 'history', path: '/alerts', icon: 'history', roles: ['guard', 'manager', 'admin'] },
  { key: 'roster', path: '/roster', icon: 'calendar', roles: ['manager', 'admin'] },
  { key: 'health', path: '/health', icon: 'health', roles: ['manager', 'installer', 'admin'] },
  { key: 'policy', path: '/policy', icon: 'policy', roles: ['guard', 'manager', 'admin'] },
];

/** A page in the menu of the account, and who may open it. */
export interface MenuPlace {
  key: 'account' | 'people' | 'tablets' | 'audit' | 'settings';
  path: string;
  icon: IconName;
  roles: readonly Role[];
}

const menuPlaces: readonly MenuPlace[] = [
  { key: 'account', path: '/account', icon: 'person', roles: ['guard', 'manager', 'installer', 'admin'] },
  { key: 'people', path: '/people', icon: 'newcomer', roles: ['admin'] },
  { key: 'tablets', path: '/tablets', icon: 'tablet', roles: ['manager', 'admin'] },
  { key: 'settings', path: '/settings', icon: 'settings', roles: ['manager', 'admin'] },
  { key: 'audit', path: '/audit', icon: 'log', roles: ['manager', 'admin'] },
];

/** The pages that a role finds in the menu of the account. */
export function menuPlacesFor(role: Role): readonly MenuPlace[] {
  return menuPlaces.filter(({ roles }) => roles.includes(role));
}

/** The pages that a role may open, in the order of the navigation. */
export function placesFor(role: Role): readonly Place[] {
  return places.filter(({ roles }) => roles.includes(role));
}

/** Where a person lands after logging in. */
export function homeOf(role: Role): string {
  if (role === 'guard') return '/';
  return role === 'installer' ? '/health' : '/log';
}

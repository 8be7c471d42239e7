import type { Role } from '../../../hub/contract/api.ts';
import type { IconName } from '../ui/icons.tsx';

/** A page of the dashboard, who may open it, and where it lies. */
export interface Place {
  key: 'alerts' | 'log' | 'history' | 'roster' | 'health' | 'policy' | 'settings';
  path: string;
  icon: IconName;
  roles: readonly Role[];
  /** In the account menu and not in the navigation: where one goes once a month. */
  inMenu?: true;
}

const places: readonly Place[] = [
  { key: 'alerts', path: '/', icon: 'alert', roles: ['guard', 'manager', 'admin'] },
  { key: 'log', path: '/log', icon: 'log', roles: ['manager', 'admin'] },
  { key: 'history', path: '/alerts', icon: 'history', roles: ['guard', 'manager', 'admin'] },
  { key: 'roster', path: '/roster', icon: 'calendar', roles: ['manager', 'admin'] },
  { key: 'health', path: '/health', icon: 'health', roles: ['manager', 'installer', 'admin'] },
  { key: 'policy', path: '/policy', icon: 'policy', roles: ['guard', 'manager', 'admin'] },
  { key: 'settings', path: '/settings', icon: 'settings', roles: ['manager', 'admin'], inMenu: true },
];

/** The pages that a role may open, in their order. */
export function placesFor(role: Role): readonly Place[] {
  return places.filter(({ roles }) => roles.includes(role));
}

/** Where a person lands after logging in. */
export function homeOf(role: Role): string {
  if (role === 'guard') return '/';
  return role === 'installer' ? '/health' : '/log';
}

import type { Role } from '../../../hub/contract/api.ts';
import type { IconName } from '../ui/icons.tsx';

/** A page of the dashboard, who may open it, and where it lies. */
export interface Place {
  key: 'alerts' | 'log' | 'history' | 'health' | 'policy';
  path: string;
  icon: IconName;
  roles: readonly Role[];
}

const places: readonly Place[] = [
  { key: 'alerts', path: '/', icon: 'alert', roles: ['guard', 'manager', 'admin'] },
  { key: 'log', path: '/log', icon: 'log', roles: ['manager', 'admin'] },
  { key: 'history', path: '/alerts', icon: 'history', roles: ['guard', 'manager', 'admin'] },
  { key: 'health', path: '/health', icon: 'health', roles: ['manager', 'installer', 'admin'] },
  { key: 'policy', path: '/policy', icon: 'policy', roles: ['guard', 'manager', 'admin'] },
];

/** The pages that a role may open, in the order of the navigation. */
export function placesFor(role: Role): readonly Place[] {
  return places.filter(({ roles }) => roles.includes(role));
}

/** Where a person lands after logging in. */
export function homeOf(role: Role): string {
  if (role === 'guard') return '/';
  return role === 'installer' ? '/health' : '/log';
}

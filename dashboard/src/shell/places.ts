import type { Role } from '../../../hub/contract/api.ts';
import type { IconName } from '../ui/icons.tsx';

/** A page of the dashboard, who may open it, and where it lies. */
interface Page {
  key: 'alerts' | 'log' | 'visits' | 'flows' | 'history' | 'roster' | 'health' | 'policy';
  path: string;
  roles: readonly Role[];
}

/** An entry of the navigation: one page, or several that are tabs of it. It leads to the first. */
export interface Place {
  key: 'alerts' | 'records' | 'roster' | 'health' | 'policy';
  path: string;
  icon: IconName;
  pages: readonly Page[];
}

const watching = ['guard', 'manager', 'admin'] as const;
const managing = ['manager', 'admin'] as const;

/** Five at most, so that each is as wide as a thumb on a phone: what else is looked up becomes a tab of the records. */
const places: readonly Omit<Place, 'path'>[] = [
  { key: 'alerts', icon: 'alert', pages: [{ key: 'alerts', path: '/', roles: watching }] },
  {
    key: 'records',
    icon: 'log',
    pages: [
      { key: 'log', path: '/log', roles: managing },
      { key: 'visits', path: '/visits', roles: watching },
      { key: 'flows', path: '/flows', roles: managing },
      { key: 'history', path: '/alerts', roles: watching },
    ],
  },
  { key: 'roster', icon: 'calendar', pages: [{ key: 'roster', path: '/roster', roles: managing }] },
  {
    key: 'health',
    icon: 'health',
    pages: [{ key: 'health', path: '/health', roles: ['manager', 'installer', 'admin'] }],
  },
  { key: 'policy', icon: 'policy', pages: [{ key: 'policy', path: '/policy', roles: watching }] },
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

/** The entries of the navigation of a role, in order, with the pages that it may open. */
export function placesFor(role: Role): readonly Place[] {
  return places.flatMap((place) => {
    const pages = place.pages.filter(({ roles }) => roles.includes(role));
    return pages.length > 0 ? [{ ...place, pages, path: pages[0].path }] : [];
  });
}

/** The entry under which an address lies. */
export function placeOf(path: string, role: Role): Place | undefined {
  const holds = (page: string) => (page === '/' ? path === '/' : path.startsWith(page));
  if (path.startsWith('/subject')) return placesFor(role).find(({ key }) => key === 'records');
  if (path.startsWith('/channels')) return placesFor(role).find(({ key }) => key === 'policy');
  return placesFor(role).find(({ pages }) => pages.some((page) => holds(page.path)));
}

/** Where a person lands after logging in. */
export function homeOf(role: Role): string {
  if (role === 'guard') return '/';
  return role === 'installer' ? '/health' : '/log';
}

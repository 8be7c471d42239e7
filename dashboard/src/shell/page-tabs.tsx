import { Link, useLocation } from 'wouter';
import type { Role } from '../../../hub/contract/api.ts';
import { useWords } from '../i18n/language.tsx';
import { placeOf } from './places.ts';

/** The pages beside this one, where an entry of the navigation has several; what lies deeper has a way back instead. */
export function PageTabs({ role }: { role: Role }) {
  const words = useWords();
  const [path] = useLocation();
  const place = placeOf(path, role);
  const pages = place?.pages ?? [];
  if (!place || pages.length < 2 || !pages.some((page) => page.path === path)) return null;
  return (
    <nav className="page-tabs" aria-label={words.nav[place.key]}>
      {pages.map((page) => (
        <Link key={page.key} href={page.path} aria-current={page.path === path ? 'page' : undefined}>
          {words.nav[page.key]}
        </Link>
      ))}
    </nav>
  );
}

import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { Icon } from '../ui/icons.tsx';

/** Up to the page that this one belongs to. */
export function BackLink({ href, children }: { href: string; children: ReactNode }) {
  return (
    <Link href={href} className="back-link">
      <Icon name="chevron" size={18} />
      {children}
    </Link>
  );
}

import type { ReactNode } from 'react';
import { LanguageSwitch } from '../shell/language-switch.tsx';
import './log-in-page.css';

/** The page before the pages: a gate at dawn, and beside it what is to be typed. */
export function EntryPage({ children }: { children: ReactNode }) {
  return (
    <div className="log-in">
      <aside className="log-in-scene" aria-hidden="true">
        <GateScene />
      </aside>
      <main className="log-in-main">
        <div className="log-in-top">
          <LanguageSwitch />
        </div>
        {children}
      </main>
    </div>
  );
}

/** Dawn at a gate, drawn: the side of the page that says where we are. */
function GateScene() {
  return (
    <svg aria-hidden="true" viewBox="0 0 600 800" preserveAspectRatio="xMidYMax slice">
      <defs>
        <linearGradient id="sky" x1="0" y1="0" x2="0" y2="1">
          <stop offset="0" stopColor="#062c2a" />
          <stop offset="0.55" stopColor="#0d5a4d" />
          <stop offset="0.82" stopColor="#d99a5b" />
          <stop offset="1" stopColor="#f4cf93" />
        </linearGradient>
        <linearGradient id="road" x1="0" y1="0" x2="0" y2="1">
          <stop offset="0" stopColor="#123a35" />
          <stop offset="1" stopColor="#061917" />
        </linearGradient>
      </defs>
      <rect width="600" height="800" fill="url(#sky)" />
      <circle cx="352" cy="520" r="44" fill="#ffe7b8" opacity="0.95" />
      <g fill="#0b4a41">
        <path d="M30 640V330h92v310zM140 640V250h70v390zM228 640V372h84v268zM470 640V300h74v340zM392 640V420h62v220z" />
      </g>
      <g fill="#ffd98c" opacity="0.85">
        <path d="M50 372h12v16H50zM88 372h12v16H88zM50 420h12v16H50zM88 476h12v16H88zM158 296h12v16h-12zM182 344h12v16h-12zM158 404h12v16h-12zM248 412h12v16h-12zM284 470h12v16h-12zM488 344h12v16h-12zM514 400h12v16h-12zM488 470h12v16h-12zM410 462h12v16h-12z" />
      </g>
      <path d="M0 640h600v160H0z" fill="url(#road)" />
      <path d="M292 640h16l60 160H232z" fill="#1b4f47" />
      <path
        d="M297 660h6l3 26h-12zM294 706h12l4 34h-20zM289 762h22l5 38h-32z"
        fill="#e8d7a8"
        opacity="0.75"
      />
      <path
        d="M96 660V470a204 204 0 0 1 408 0v190"
        fill="none"
        stroke="#f6f3e8"
        strokeWidth="26"
        strokeLinecap="round"
      />
      <path
        d="M96 660V470a204 204 0 0 1 408 0v190"
        fill="none"
        stroke="#0b6b57"
        strokeWidth="6"
        strokeLinecap="round"
      />
      <g>
        <rect x="112" y="560" width="74" height="108" rx="8" fill="#f6f3e8" />
        <rect x="124" y="574" width="50" height="40" rx="4" fill="#0d5a4d" />
        <rect x="124" y="574" width="50" height="40" rx="4" fill="#ffe7b8" opacity="0.75" />
      </g>
      <path d="M196 634 452 548" stroke="#f6f3e8" strokeWidth="15" strokeLinecap="round" />
      <path d="M236 621l38-13M312 595l38-13M388 570l38-13" stroke="#d2452f" strokeWidth="15" />
      <circle cx="196" cy="634" r="17" fill="#ffcf5c" />
    </svg>
  );
}

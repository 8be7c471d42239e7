import { type RefObject, useEffect, useRef } from 'react';
import { Icon } from '../ui/icons.tsx';
import { ruleIcons } from './policy-rules.ts';
import type { SignText } from './sign-text.ts';

/** The sign as it hangs at the gate: on the screen a sheet, on paper a page of its own. */
export function SignSheet({ sign }: { sign: SignText }) {
  const sheet = useRef<HTMLElement>(null);
  useFitToPaper(sheet);
  return (
    <article ref={sheet} className="sign-sheet" lang={sign.language}>
      <header className="sign-head">
        <Icon name="camera" size={44} />
        <h2>{sign.title}</h2>
      </header>
      <p className="sign-opening">{sign.opening}</p>
      <section>
        <h3>{sign.rulesTitle}</h3>
        <ul className="sign-rules">
          {sign.rules.map(({ name, title, period, paragraphs: [what, ...rest] }) => (
            <li key={name}>
              <Icon name={ruleIcons[name]} size={26} />
              <div>
                <p className="sign-rule-head">
                  <strong>{title}</strong> <span>{period}</span>
                </p>
                <p>{what}</p>
                <p className="sign-rule-rest">
                  {rest.map((each) => (
                    <span key={each}>{each}</span>
                  ))}
                </p>
              </div>
            </li>
          ))}
        </ul>
      </section>
      {sign.sections.map(({ key, title, paragraphs }) => (
        <section key={key} className="sign-section" data-key={key}>
          <h3>{title}</h3>
          {paragraphs.map((each) => (
            <p key={each}>{each}</p>
          ))}
        </section>
      ))}
      <footer>{sign.closing}</footer>
    </article>
  );
}

/** Letters on paper, points. Below the smallest a second page is better. */
const largestLetters = 19;
const smallestLetters = 11;
/** What an A4 page holds, CSS pixels, with a hair to spare. */
const pageHeight = (296.5 / 25.4) * 96;

/** For printing, gives the sheet the largest letters with which it fills one page; a sign is read from afar. */
function useFitToPaper(sheet: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    function fit() {
      if (!sheet.current) return;
      sheet.current.dataset.paper = 'A4';
      for (let size = largestLetters; size >= smallestLetters; size -= 0.25) {
        sheet.current.style.fontSize = `${size}pt`;
        if (sheet.current.offsetHeight <= pageHeight) return;
      }
    }
    function unfit() {
      if (!sheet.current) return;
      delete sheet.current.dataset.paper;
      sheet.current.style.fontSize = '';
    }
    window.addEventListener('beforeprint', fit);
    window.addEventListener('afterprint', unfit);
    return () => {
      window.removeEventListener('beforeprint', fit);
      window.removeEventListener('afterprint', unfit);
    };
  }, [sheet]);
}

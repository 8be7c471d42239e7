import { useEffect, useRef } from 'react';
import { useWords } from '../i18n/language.tsx';
import { Sheet } from '../ui/sheet.tsx';
import './shortcuts.css';

/** What the keys of a desk's keyboard do on the guard's page. */
export interface ShortcutDeeds {
  acknowledge: () => void;
  /** From 0: the first disposition on the card. */
  resolve: (index: number) => void;
  undo: () => void;
  move: (step: 1 | -1) => void;
  picture: () => void;
  correct: () => void;
  mute: () => void;
  help: () => void;
}

/** Listens while the page is open; not while someone types, nor behind a dialog. */
export function useShortcuts(deeds: ShortcutDeeds): void {
  const newest = useRef(deeds);
  newest.current = deeds;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isBusy(event.target)) return;
      const deed = deedFor(event.key, newest.current);
      if (!deed) return;
      event.preventDefault();
      deed();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}

function isBusy(target: EventTarget | null): boolean {
  if (document.querySelector('dialog[open]')) return true;
  return target instanceof Element && target.closest('input, textarea, select') !== null;
}

function deedFor(key: string, deeds: ShortcutDeeds): (() => void) | undefined {
  if (/^[1-6]$/.test(key)) return () => deeds.resolve(Number(key) - 1);
  const byKey = new Map<string, () => void>([
    ['a', deeds.acknowledge],
    ['u', deeds.undo],
    ['j', () => deeds.move(1)],
    ['k', () => deeds.move(-1)],
    ['ArrowDown', () => deeds.move(1)],
    ['ArrowUp', () => deeds.move(-1)],
    ['z', deeds.picture],
    ['c', deeds.correct],
    ['m', deeds.mute],
    ['?', deeds.help],
  ]);
  return byKey.get(key.length === 1 ? key.toLowerCase() : key);
}

/** The list of the keys. */
export function ShortcutSheet({ onClose }: { onClose: () => void }) {
  const words = useWords();
  const rows: [string[], string][] = [
    [['A'], words.guard.keys.acknowledge],
    [['1', '…', '6'], words.guard.keys.dispositions],
    [['U'], words.guard.keys.undo],
    [['↓', '↑'], words.guard.keys.move],
    [['Z'], words.guard.keys.picture],
    [['C'], words.corrections.key],
    [['M'], words.guard.keys.mute],
    [['?'], words.guard.keys.help],
  ];
  return (
    <Sheet title={words.guard.shortcuts} closeLabel={words.duty.cancel} onClose={onClose}>
      <dl className="keys">
        {rows.map(([keys, said]) => (
          <div key={said}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{said}</dd>
          </div>
        ))}
      </dl>
    </Sheet>
  );
}

import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react';
import type { PlateClass } from '../../../hub/contract/sighting.ts';
import { useWords } from '../i18n/language.tsx';
import { plateLook } from '../plates/plate-look.ts';
import {
  erase,
  mostPlaces,
  moveTo,
  type PlateDraft,
  put,
  replaceAll,
  spell,
  textOf,
  usualPlaces,
} from './plate-draft.ts';
import { PlatePad } from './plate-pad.tsx';
import { classesFitting } from './plate-rules.ts';
import './plate-entry.css';

/** A plate to enter with fingers, gloves or a keyboard: its places, the keys, and what kind of plate it is. */
export function PlateEntry(props: {
  draft: PlateDraft;
  plateClass: PlateClass;
  /** Places that the box was not sure of, as long as they stand as read. */
  doubtful: readonly number[];
  onChange: (draft: PlateDraft) => void;
  onClass: (plateClass: PlateClass) => void;
  /** What is to be said of it, beneath its places. */
  children: ReactNode;
}) {
  const words = useWords();
  const said = words.corrections.plate;
  const { draft, plateClass, doubtful, onChange, onClass } = props;
  const places = plateClass === 'unknown' ? mostPlaces : usualPlaces;
  const shown = Math.max(usualPlaces, Math.min(mostPlaces, draft.characters.length + 1));
  const typed = useRef<HTMLInputElement>(null);
  const here = Math.min(draft.at, shown - 1);

  useEffect(() => typed.current?.focus({ preventScroll: true }), []);

  function press(character: string) {
    onChange(put(draft, character, places));
  }

  function take(text: string, isPasted: boolean) {
    const characters = spell(text);
    if (isPasted && characters.length > 1) return onChange(replaceAll(text, places));
    onChange(characters.reduce((next, character) => put(next, character, places), draft));
  }

  function onKey(event: KeyboardEvent) {
    const next = moved(event.key, draft, shown);
    if (!next || event.nativeEvent.isComposing) return;
    event.preventDefault();
    onChange(next);
  }

  return (
    <div className="plate-entry">
      <fieldset className="plate-slots" data-look={plateLook(plateClass)} data-testid="plate-slots">
        <legend className="quietly">{said.entry}</legend>
        {Array.from({ length: shown }, (_, index) => {
          const character = draft.characters[index] ?? '';
          return (
            <button
              // biome-ignore lint/suspicious/noArrayIndexKey: places have no other name than their number
              key={index}
              type="button"
              className="plate-slot"
              aria-label={said.place(index + 1, character)}
              aria-pressed={index === here}
              data-doubt={doubtful.includes(index)}
              data-extra={index >= 7}
              onClick={() => {
                onChange(moveTo(draft, index, shown));
                typed.current?.focus({ preventScroll: true });
              }}
            >
              {character || (index === 7 ? <small>{said.newEnergy}</small> : null)}
            </button>
          );
        })}
        {/* Keyboards, input methods and pasting end here; the tablet's own keyboard stays away. */}
        <input
          ref={typed}
          className="plate-typed"
          aria-label={said.entry}
          data-testid="plate-typed"
          inputMode="none"
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          value=""
          onKeyDown={onKey}
          onPaste={(event) => {
            event.preventDefault();
            take(event.clipboardData.getData('text'), true);
          }}
          onChange={(event) => take(event.target.value, false)}
        />
      </fieldset>
      {props.children}
      <PlatePad at={here} text={textOf(draft)} onPress={press} onErase={() => onChange(erase(draft))} />
      <fieldset className="choices plate-classes">
        <legend>{said.class}</legend>
        {classChoices(textOf(draft), plateClass).map((each) => (
          <button
            key={each}
            type="button"
            aria-pressed={each === plateClass}
            title={each === 'unknown' ? said.unknownHelp : undefined}
            onClick={() => onClass(each)}
          >
            <span className="plate-swatch" data-look={plateLook(each)} />
            {words.plateClass[each]}
          </button>
        ))}
      </fieldset>
    </div>
  );
}

/** What a key that is no character does to the plate. */
function moved(key: string, draft: PlateDraft, places: number): PlateDraft | undefined {
  switch (key) {
    case 'Backspace':
    case 'Delete':
      return erase(draft);
    case 'ArrowLeft':
      return moveTo(draft, draft.at - 1, places);
    case 'ArrowRight':
      return moveTo(draft, draft.at + 1, places);
    case 'Home':
      return moveTo(draft, 0, places);
    case 'End':
      return moveTo(draft, draft.characters.length, places);
    default:
      return undefined;
  }
}

/** What this text can be; what it is now is always among it, and so is what fits no table. */
function classChoices(text: string, plateClass: PlateClass): PlateClass[] {
  return [...new Set([...classesFitting(text), plateClass, 'unknown' as const])];
}

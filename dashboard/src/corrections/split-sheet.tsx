import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { Hub } from '../api/hub.ts';
import { useHub } from '../api/hub-context.ts';
import { useSpeech, useWords } from '../i18n/language.tsx';
import { placeName } from '../i18n/place-name.ts';
import { formatDayTime } from '../i18n/times.ts';
import { Icon } from '../ui/icons.tsx';
import { Sheet } from '../ui/sheet.tsx';
import { ConfirmForm } from './confirm-form.tsx';
import { useCorrections } from './corrections-context.ts';
import { PersonPicture } from './person-picture.tsx';
import type { PersonHere } from './same-person.tsx';

/** Fewer than the hub takes, so that an undo, which goes one by one, stays within its limits. */
const most = 60;

/** Chooses the sightings that are somebody else's, says what follows, and splits them off. */
export function SplitSheet({ trajectory, entries, onMore, onClose }: PersonHere & { onClose: () => void }) {
  const words = useWords();
  const said = words.samePerson;
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [confirming, setConfirming] = useState(false);
  return (
    <Sheet
      wide
      title={confirming ? said.splitConfirm : said.splitTitle}
      closeLabel={words.corrections.close}
      onClose={onClose}
    >
      {confirming ? (
        <Confirm
          trajectory={trajectory}
          entries={entries}
          onMore={onMore}
          chosen={chosen}
          onBack={() => setConfirming(false)}
          onClose={onClose}
        />
      ) : (
        <Choose
          entries={entries}
          onMore={onMore}
          chosen={chosen}
          onChosen={setChosen}
          onNext={() => setConfirming(true)}
        />
      )}
    </Sheet>
  );
}

function Choose(props: {
  entries: PersonHere['entries'];
  onMore: PersonHere['onMore'];
  chosen: ReadonlySet<string>;
  onChosen: (chosen: ReadonlySet<string>) => void;
  onNext: () => void;
}) {
  const { language, words } = useSpeech();
  const said = words.samePerson;
  const { entries, onMore, chosen, onChosen, onNext } = props;
  const isAll = chosen.size === entries.length && !onMore;
  const hint = isAll ? said.splitAll : chosen.size > most ? said.splitMost(most) : said.chosen(chosen.size);

  function turn(id: string) {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    onChosen(next);
  }

  return (
    <>
      <p>{said.splitHelp}</p>
      <ul className="person-tiles">
        {entries.map((entry) => {
          const when = formatDayTime(entry.occurredAt, language);
          const gate = placeName(entry.gate, words);
          return (
            <li key={entry.id}>
              <button
                type="button"
                className="person-tile"
                aria-pressed={chosen.has(entry.id)}
                aria-label={said.pick(when, gate)}
                data-testid="split-tile"
                onClick={() => turn(entry.id)}
              >
                <PersonPicture entry={entry} />
                <span className="person-tick">
                  <Icon name="check" size={22} />
                </span>
                <strong>{when}</strong>
                <span>
                  {gate} {words.direction[entry.direction]}
                </span>
              </button>
            </li>
          );
        })}
      </ul>
      {onMore && (
        <button type="button" className="button" onClick={onMore}>
          {said.more}
        </button>
      )}
      <div className="split-end">
        <p role="status" data-wrong={isAll || chosen.size > most}>
          {hint}
        </p>
        <button
          type="button"
          className="button button-primary"
          data-testid="split-next"
          disabled={chosen.size === 0 || isAll || chosen.size > most}
          onClick={onNext}
        >
          {said.splitNext}
          <Icon name="chevron" size={20} />
        </button>
      </div>
    </>
  );
}

function Confirm(
  props: PersonHere & { chosen: ReadonlySet<string>; onBack: () => void; onClose: () => void },
) {
  const hub = useHub();
  const words = useWords();
  const { refresh, say } = useCorrections();
  const said = words.samePerson;
  const { trajectory, entries, onMore, chosen, onBack, onClose } = props;
  const taken = entries.filter(({ id }) => chosen.has(id));
  const split = useMutation({
    mutationFn: (reason: string) => hub.splitSubject(trajectory.subject, [...chosen], reason),
    onSuccess: ({ subject }) => {
      say({
        key: `split ${subject}`,
        icon: 'split',
        title: said.splitDone(chosen.size),
        undo: async () => {
          await takeBackSplit(hub, [...chosen], subject);
          await refresh();
          say({ key: `split ${subject} back`, icon: 'turnBack', title: words.corrections.takenBack });
        },
      });
      onClose();
      void refresh();
    },
  });
  const rest = `${entries.length - chosen.size}${onMore ? '+' : ''}`;
  return (
    <ConfirmForm
      effects={said.splitEffects(chosen.size, rest)}
      reasons={said.reasons.split}
      deed={split}
      icon="split"
      label={said.splitDo(chosen.size)}
      testId="split-confirm"
      onBack={onBack}
    >
      <ul className="split-taken">
        {taken.map((entry) => (
          <li key={entry.id}>
            <PersonPicture entry={entry} />
          </li>
        ))}
      </ul>
    </ConfirmForm>
  );
}

/** Each sighting has a correction of its own, which is found and taken back. */
async function takeBackSplit(hub: Hub, sightings: readonly string[], subject: string): Promise<void> {
  for (const sighting of sightings) {
    const { corrections } = await hub.corrections(sighting);
    const made = corrections.findLast(
      ({ fact, undone }) => !undone && fact.of === 'subject' && fact.subject === subject,
    );
    if (made) await hub.undoCorrection(made.id);
  }
}

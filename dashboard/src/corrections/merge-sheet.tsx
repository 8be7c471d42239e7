import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useLocation } from 'wouter';
import type { TrajectoryEntry } from '../../../hub/contract/api.ts';
import { useHub } from '../api/hub-context.ts';
import { useSpeech, useWords } from '../i18n/language.tsx';
import { placeName } from '../i18n/place-name.ts';
import { formatDayTime } from '../i18n/times.ts';
import { personCode } from '../office/person-code.ts';
import { Loading, Note, Refused } from '../office/query-note.tsx';
import { Icon } from '../ui/icons.tsx';
import { Sheet } from '../ui/sheet.tsx';
import { ConfirmForm } from './confirm-form.tsx';
import { useCorrections } from './corrections-context.ts';
import { peopleIn, peopleMatching, type SeenPerson, wholeId } from './people.ts';
import { PersonPicture } from './person-picture.tsx';
import type { PersonHere } from './same-person.tsx';

/** As many sightings as the hub gives at once. */
const pageSize = 200;

/** Chooses who is the same person, shows both side by side, says what follows, and merges. */
export function MergeSheet({ trajectory, entries, onClose }: PersonHere & { onClose: () => void }) {
  const words = useWords();
  const said = words.samePerson;
  const [other, setOther] = useState<SeenPerson>();
  return (
    <Sheet
      wide
      title={other ? said.mergeConfirm : said.mergeTitle}
      closeLabel={words.corrections.close}
      onClose={onClose}
    >
      {other ? (
        <Confirm
          subject={trajectory.subject}
          own={entries[0]}
          other={other}
          onBack={() => setOther(undefined)}
          onClose={onClose}
        />
      ) : (
        <Choose except={trajectory.subjects} onChoose={setOther} />
      )}
    </Sheet>
  );
}

function Choose({ except, onChoose }: { except: readonly string[]; onChoose: (person: SeenPerson) => void }) {
  const hub = useHub();
  const { language, words } = useSpeech();
  const said = words.samePerson;
  const [typed, setTyped] = useState('');
  const found = useInfiniteQuery({
    queryKey: ['sightings', 'people'],
    queryFn: ({ pageParam }) => hub.sightings({ kind: 'person', cursor: pageParam, limit: pageSize }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor,
  });
  const id = wholeId(typed);
  const byId = useQuery({
    queryKey: ['sightings', 'person', id],
    queryFn: () => hub.sightings({ subject: id, limit: 20 }),
    enabled: id !== undefined,
  });
  const people = useMemo(() => {
    const pages = [...(found.data?.pages ?? []), ...(byId.data ? [byId.data] : [])];
    const seen = pages.flatMap(({ items }) => items);
    return peopleIn([...new Map(seen.map((entry) => [entry.id, entry])).values()], except);
  }, [found.data, byId.data, except]);
  const shown = peopleMatching(people, typed);

  if (found.isPending) return <Loading />;
  if (found.isError && !found.data)
    return <Refused error={found.error} onRetry={() => void found.refetch()} />;
  return (
    <>
      <div className="person-search">
        <p>{said.mergeHelp}</p>
        <input
          className="native-input"
          type="search"
          aria-label={said.search}
          placeholder={said.searchHint}
          value={typed}
          data-testid="person-search"
          onChange={(event) => setTyped(event.target.value)}
        />
      </div>
      {shown.length === 0 && (
        <Note
          icon="search"
          title={typed ? said.noMatch : said.nobody}
          help={typed ? said.noMatchHelp : said.nobodyHelp}
        />
      )}
      <ul className="person-tiles">
        {shown.map((person) => (
          <li key={person.subject}>
            <button
              type="button"
              className="person-tile"
              data-testid="person-tile"
              onClick={() => onChoose(person)}
            >
              <PersonPicture entry={person.entry} />
              <strong>{words.log.person(personCode(person.subject))}</strong>
              <span>
                {said.seen(formatDayTime(person.lastSeenAt, language), placeName(person.entry.gate, words))}
              </span>
            </button>
          </li>
        ))}
      </ul>
      {found.hasNextPage && (
        <button
          type="button"
          className="button"
          disabled={found.isFetchingNextPage}
          onClick={() => void found.fetchNextPage()}
        >
          {found.isFetchingNextPage ? said.loading : said.earlier}
        </button>
      )}
    </>
  );
}

function Confirm(props: {
  subject: string;
  own: TrajectoryEntry;
  other: SeenPerson;
  onBack: () => void;
  onClose: () => void;
}) {
  const hub = useHub();
  const words = useWords();
  const [, go] = useLocation();
  const { refresh, say } = useCorrections();
  const said = words.samePerson;
  const { subject, own, other, onBack, onClose } = props;
  const merge = useMutation({
    mutationFn: (reason: string) => hub.mergeSubjects(subject, other.subject, reason),
    onSuccess: ({ subject: into }) => {
      onClose();
      say({
        key: `merge ${into}`,
        icon: 'merge',
        title: said.merged,
        more: words.log.person(personCode(into)),
      });
      go(`/subject/${into}`, { replace: true });
      void refresh();
    },
  });
  return (
    <ConfirmForm
      effects={said.mergeEffects}
      reasons={said.reasons.merge}
      deed={merge}
      icon="merge"
      label={said.mergeDo}
      testId="merge-confirm"
      onBack={onBack}
    >
      <div className="person-pair">
        <figure>
          <PersonPicture entry={own} />
          <figcaption>
            <span>{said.thisOne}</span>
            <strong>{words.log.person(personCode(subject))}</strong>
          </figcaption>
        </figure>
        <span className="person-join">
          <Icon name="merge" size={30} />
        </span>
        <figure>
          <PersonPicture entry={other.entry} />
          <figcaption>
            <span>{said.thatOne}</span>
            <strong>{words.log.person(personCode(other.subject))}</strong>
          </figcaption>
        </figure>
      </div>
    </ConfirmForm>
  );
}

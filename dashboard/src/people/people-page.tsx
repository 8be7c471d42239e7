import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Dropdown, Modal } from 'antd';
import { useState } from 'react';
import type { Person, Session } from '../../../hub/contract/api.ts';
import { useHub } from '../api/hub-context.ts';
import { useSpeech } from '../i18n/language.tsx';
import { placeName } from '../i18n/place-name.ts';
import { refusalWords } from '../i18n/refusal-words.ts';
import { formatDate } from '../i18n/times.ts';
import { toLastDay } from '../office/local-input.ts';
import { OfficeTheme } from '../office/office-theme.tsx';
import { Loading, Refused } from '../office/query-note.tsx';
import { Icon } from '../ui/icons.tsx';
import { PersonForm } from './person-form.tsx';
import './people-page.css';

const peopleKey = ['people'] as const;

/** Who may log in, as what and for which gates; one-time passwords, lost phones, log-out everywhere. */
export function PeoplePage({ session }: { session: Session }) {
  return (
    <OfficeTheme>
      <People session={session} />
    </OfficeTheme>
  );
}

/** A password that was just made, to be told to its person. */
interface Told {
  name: string;
  password: string;
}

function People({ session }: { session: Session }) {
  const hub = useHub();
  const { words } = useSpeech();
  const queries = useQueryClient();
  const [editing, setEditing] = useState<Person | 'new'>();
  const [told, setTold] = useState<Told>();
  const found = useQuery({ queryKey: peopleKey, queryFn: hub.people });
  const again = () => queries.invalidateQueries({ queryKey: peopleKey });

  if (found.isPending) return <Loading />;
  if (!found.data) return <Refused error={found.error} onRetry={() => void found.refetch()} />;
  return (
    <div className="office people">
      <div className="office-head">
        <h1>{words.people.title}</h1>
        <p>{words.people.intro}</p>
        <span className="office-head-end">
          <button
            type="button"
            className="button button-primary"
            data-testid="add-person"
            onClick={() => setEditing('new')}
          >
            <Icon name="newcomer" size={22} />
            {words.people.add}
          </button>
        </span>
      </div>
      <ul className="people-list card">
        {found.data.map((person) => (
          <PersonRow
            key={person.id}
            person={person}
            onEdit={() => setEditing(person)}
            onTold={setTold}
            onChanged={again}
          />
        ))}
      </ul>
      {editing && (
        <PersonForm
          person={editing === 'new' ? undefined : editing}
          gates={session.gates}
          onClose={() => setEditing(undefined)}
          onSaved={(made) => {
            setEditing(undefined);
            setTold(made);
            void again();
          }}
        />
      )}
      {told && (
        <Modal
          open
          title={words.people.told(told.name)}
          okText={words.people.close}
          cancelButtonProps={{ hidden: true }}
          onOk={() => setTold(undefined)}
          onCancel={() => setTold(undefined)}
        >
          <output className="one-time-password">{told.password}</output>
          <p>{words.people.toldHelp}</p>
        </Modal>
      )}
    </div>
  );
}

function PersonRow(props: {
  person: Person;
  onEdit: () => void;
  onTold: (told: Told) => void;
  onChanged: () => Promise<void>;
}) {
  const hub = useHub();
  const { words, language } = useSpeech();
  const { message, modal } = App.useApp();
  const { person, onEdit, onTold, onChanged } = props;
  const { id, displayName: name } = person;
  const deed = useMutation({
    mutationFn: (work: () => Promise<void>) => work(),
    onSettled: onChanged,
    onError: (error) => void message.error(refusalWords(error, words)),
  });

  function confirm(title: string, work: () => Promise<void>) {
    modal.confirm({
      title,
      okText: words.account.confirm,
      cancelText: words.people.cancel,
      icon: null,
      onOk: () => deed.mutate(work),
    });
  }

  const deeds = [
    { key: 'edit', label: words.people.edit, onClick: onEdit },
    {
      key: 'reset',
      label: words.people.reset,
      onClick: () =>
        confirm(words.people.confirmReset(name), async () => {
          const { password } = await hub.resetPassword(id);
          onTold({ name, password });
        }),
    },
    {
      key: 'factor',
      disabled: !person.secondFactorSince,
      label: words.people.resetFactor,
      onClick: () => confirm(words.people.confirmResetFactor(name), () => hub.resetSecondFactor(id)),
    },
    {
      key: 'log-out',
      label: words.people.logOut,
      onClick: () =>
        deed.mutate(async () => {
          await hub.logOutPerson(id);
          void message.success(words.people.loggedOut);
        }),
    },
    person.disabledAt
      ? {
          key: 'enable',
          label: words.people.enable,
          onClick: () => deed.mutate(async () => void (await hub.changePerson(id, { disabled: false }))),
        }
      : {
          key: 'disable',
          danger: true,
          label: words.people.disable,
          onClick: () =>
            confirm(words.people.confirmDisable(name), async () => {
              await hub.changePerson(id, { disabled: true });
            }),
        },
  ];

  return (
    <li data-disabled={person.disabledAt !== undefined || hasEnded(person)}>
      <div>
        <strong>{name}</strong> <span className="muted small">{person.username}</span>
        <p className="chips">
          <span className="chip" data-tone="good">
            {words.roles[person.role]}
          </span>
          <span className="chip">
            {person.gates?.map((gate) => placeName(gate, words)).join(words.listComma) ??
              words.people.allGates}
          </span>
          {person.secondFactorSince && (
            <span className="chip">
              {words.people.factor} {words.people.factorOn}
            </span>
          )}
          {person.mustChangePassword && (
            <span className="chip" data-severity="normal">
              {words.people.oneTime}
            </span>
          )}
          {person.endsAt && (
            <span className="chip" data-severity={hasEnded(person) ? 'high' : undefined}>
              {hasEnded(person)
                ? words.people.ended
                : words.people.until(formatDate(`${toLastDay(person.endsAt)}T00:00`, language))}
            </span>
          )}
          {person.disabledAt && (
            <span className="chip" data-severity="high">
              {words.people.disabled}
            </span>
          )}
        </p>
      </div>
      <Dropdown menu={{ items: deeds }} trigger={['click']} placement="bottomRight">
        <button type="button" className="icon-button" aria-label={`${words.people.more}: ${name}`}>
          <Icon name="more" />
        </button>
      </Dropdown>
    </li>
  );
}

function hasEnded({ endsAt }: Person): boolean {
  return endsAt !== undefined && Date.parse(endsAt) <= Date.now();
}

import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { Person } from '../../../hub/contract/api.ts';
import type { PlannedShift, Swap } from '../../../hub/contract/roster.ts';
import { useHub } from '../api/hub-context.ts';
import { useSpeech } from '../i18n/language.tsx';
import { refusalWords } from '../i18n/refusal-words.ts';
import { Icon } from '../ui/icons.tsx';
import { Sheet } from '../ui/sheet.tsx';
import { useNow } from '../ui/use-now.ts';
import type { AskedSwap } from './own-shifts.ts';
import { sayDay, sayGates, sayHours, saySpan } from './shift-words.ts';
import { wallTimeAt } from './site-time.ts';
import { useColleagues, useOwnShifts, useRosterRefresh, useSiteZone } from './use-roster.ts';
import './my-shifts.css';

const shownAtFirst = 8;

/** When one works next; swaps asked for, and those that wait for one's answer. */
export function MyShifts({ person, onClose }: { person: Person; onClose: () => void }) {
  const { words } = useSpeech();
  const own = useOwnShifts(person);
  const [asking, setAsking] = useState<string>();
  const [said, setSaid] = useState<string>();
  const shifts = own?.shifts.slice(0, shownAtFirst) ?? [];

  return (
    <Sheet title={words.shifts.title} closeLabel={words.shifts.cancel} onClose={onClose}>
      {said && (
        <p className="shifts-said" role="status">
          <Icon name="check" size={22} />
          {said}
        </p>
      )}
      {own?.askedOfMe.map((asked) => (
        <AskedOfMe key={asked.swap.id} asked={asked} onSaid={setSaid} />
      ))}
      {own && shifts.length === 0 && (
        <div className="shifts-none">
          <strong>{words.shifts.none}</strong>
          <p>{words.shifts.noneHelp}</p>
        </div>
      )}
      {!own && <span className="spinner" />}
      <ul className="shifts">
        {shifts.map((shift) => (
          <OwnShift
            key={shift.key}
            shift={shift}
            person={person}
            asked={own?.askedByMe.get(shift.key)}
            asking={asking === shift.key}
            onAsk={() => setAsking(asking === shift.key ? undefined : shift.key)}
            onSaid={(words) => {
              setAsking(undefined);
              setSaid(words);
            }}
          />
        ))}
      </ul>
    </Sheet>
  );
}

function AskedOfMe(props: { asked: AskedSwap; onSaid: (words: string) => void }) {
  const hub = useHub();
  const { language, words } = useSpeech();
  const refresh = useRosterRefresh();
  const timeZone = useSiteZone();
  const { swap, shift } = props.asked;
  const answer = useMutation({
    mutationFn: (given: 'accepted' | 'declined') => hub.answerSwap(swap.id, given),
    onSuccess: async (_, given) => {
      await refresh();
      props.onSaid(words.shifts[given]);
    },
    onError: () => void refresh(),
  });
  return (
    <article className="swap-asked" data-testid="swap-asked">
      <strong>{words.shifts.asksYou(shift.displayName)}</strong>
      <p>
        {saySpan(shift, timeZone, language, words)}
        {words.dot}
        {sayGates(shift.gates, words)}
      </p>
      <q>{swap.reason}</q>
      {answer.error && (
        <p className="fault" role="alert">
          {refusalWords(answer.error, words)}
        </p>
      )}
      <div className="sheet-actions">
        <button
          type="button"
          className="button"
          disabled={answer.isPending}
          onClick={() => answer.mutate('declined')}
        >
          {words.shifts.decline}
        </button>
        <button
          type="button"
          className="button button-primary"
          data-testid="swap-accept"
          disabled={answer.isPending}
          onClick={() => answer.mutate('accepted')}
        >
          {words.shifts.accept}
        </button>
      </div>
    </article>
  );
}

function OwnShift(props: {
  shift: PlannedShift;
  person: Person;
  asked: Swap | undefined;
  asking: boolean;
  onAsk: () => void;
  onSaid: (words: string) => void;
}) {
  const { language, words } = useSpeech();
  const { shift, person, asked, asking, onAsk, onSaid } = props;
  const timeZone = useSiteZone();
  const { people } = useColleagues();
  const runs = Date.parse(shift.from) <= useNow(30_000);
  const colleague = people.find(({ id }) => id === asked?.to);
  return (
    <li className="own-shift" data-runs={runs}>
      <div className="own-shift-when">
        <strong>{sayDay(wallTimeAt(shift.from, timeZone).day, language, words)}</strong>
        <span>{sayHours(shift, timeZone)}</span>
      </div>
      <div className="own-shift-where">
        <span>
          {shift.role === 'guard' ? sayGates(shift.gates, words) : words.roster.rows[shift.role]}
          {shift.insteadOf && <small>{words.roster.changedFrom(shift.insteadOf)}</small>}
        </span>
        {runs && (
          <span className="chip" data-tone="good">
            {words.shifts.now}
          </span>
        )}
      </div>
      {!runs && !asked && (
        <button type="button" className="button button-quiet" aria-expanded={asking} onClick={onAsk}>
          <Icon name="swap" size={20} />
          {words.shifts.swap}
        </button>
      )}
      {asked && <Waiting swap={asked} name={colleague?.displayName ?? ''} onSaid={onSaid} />}
      {asking && <AskForm shift={shift} person={person} onSaid={onSaid} />}
    </li>
  );
}

function Waiting({ swap, name, onSaid }: { swap: Swap; name: string; onSaid: (words: string) => void }) {
  const hub = useHub();
  const { words } = useSpeech();
  const refresh = useRosterRefresh();
  const withdraw = useMutation({
    mutationFn: () => hub.answerSwap(swap.id, 'withdrawn'),
    onSuccess: async () => {
      await refresh();
      onSaid(words.shifts.withdrawn);
    },
    onError: () => void refresh(),
  });
  return (
    <p className="own-shift-waiting">
      <Icon name="clock" size={18} />
      <span>{words.shifts.waiting(name)}</span>
      <button
        type="button"
        className="button button-quiet"
        disabled={withdraw.isPending}
        onClick={() => withdraw.mutate()}
      >
        {words.shifts.withdraw}
      </button>
    </p>
  );
}

function AskForm(props: { shift: PlannedShift; person: Person; onSaid: (words: string) => void }) {
  const hub = useHub();
  const { words } = useSpeech();
  const refresh = useRosterRefresh();
  const { people } = useColleagues();
  const [to, setTo] = useState('');
  const [reason, setReason] = useState('');
  const ask = useMutation({
    mutationFn: () => hub.askSwap({ shift: props.shift.key, to, reason: reason.trim() }),
    onSuccess: async () => {
      await refresh();
      props.onSaid(words.shifts.sent);
    },
  });
  const others = people
    .filter(({ id }) => id !== props.person.id)
    .sort((a, b) => Number(b.role === 'guard') - Number(a.role === 'guard'));
  return (
    <form
      className="swap-form"
      onSubmit={(event) => {
        event.preventDefault();
        ask.mutate();
      }}
    >
      <label>
        <span>{words.shifts.swapWith}</span>
        <select className="native-input" required value={to} onChange={(event) => setTo(event.target.value)}>
          <option value="">{words.shifts.choose}</option>
          {others.map(({ id, displayName, role }) => (
            <option key={id} value={id}>
              {displayName}
              {role !== 'guard' && ` (${words.roles[role]})`}
            </option>
          ))}
        </select>
      </label>
      <fieldset className="choices">
        <legend>{words.shifts.reason}</legend>
        {words.shifts.reasons.map((each) => (
          <button key={each} type="button" aria-pressed={reason === each} onClick={() => setReason(each)}>
            {each}
          </button>
        ))}
      </fieldset>
      <input
        className="native-input"
        aria-label={words.shifts.reason}
        placeholder={words.roster.reasonHint}
        maxLength={200}
        value={words.shifts.reasons.includes(reason) ? '' : reason}
        onChange={(event) => setReason(event.target.value)}
      />
      {ask.error && (
        <p className="fault" role="alert">
          {refusalWords(ask.error, words)}
        </p>
      )}
      <button
        type="submit"
        className="button button-primary"
        disabled={ask.isPending || to === '' || reason.trim() === ''}
      >
        {words.shifts.send}
      </button>
    </form>
  );
}

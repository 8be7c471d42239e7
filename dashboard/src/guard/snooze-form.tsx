import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Alert, Session } from '../../../hub/contract/api.ts';
import { useHub } from '../api/hub-context.ts';
import { useSpeech } from '../i18n/language.tsx';
import { refusalWords } from '../i18n/refusal-words.ts';
import { formatHourMinute } from '../i18n/times.ts';
import { shiftEnd } from '../roster/own-shifts.ts';
import { useOwnShifts } from '../roster/use-roster.ts';
import { Icon } from '../ui/icons.tsx';
import { useNow } from '../ui/use-now.ts';
import { type SnoozeLength, type SnoozeTarget, snoozeEnds, snoozeTargets } from './snooze-choices.ts';
import { snoozesKey } from './snooze-list.tsx';
import './snooze.css';

/** What of an alert is not to ring at its gate, for how long and why: three taps, no typing needed. */
export function SnoozeForm(props: { alert: Alert; session: Session; onDone: () => void }) {
  const { language, words } = useSpeech();
  const { alert, session, onDone } = props;
  const hub = useHub();
  const queries = useQueryClient();
  const now = useNow(30_000);
  const own = useOwnShifts(session.person);
  const targets = snoozeTargets(alert);
  const ends = snoozeEnds(now, own && shiftEnd(own.shifts, now));
  const [chosen, setChosen] = useState(0);
  const [length, setLength] = useState<SnoozeLength>('minutes15');
  const [reason, setReason] = useState<string>(words.snooze.reasons[0]);
  const target = targets[chosen] ?? targets[0];
  const until = ends[length] ?? ends.minutes15;

  const start = useMutation({
    mutationFn: () =>
      hub.addSnooze({ gate: alert.gate, ...target, until: until ?? '', reason: reason.trim() }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: snoozesKey });
      onDone();
    },
  });

  const lengths: [SnoozeLength, string][] = [
    ['minutes15', words.snooze.minutes15],
    ['hour1', words.snooze.hour1],
  ];
  if (ends.shiftEnd) {
    lengths.push(['shiftEnd', words.snooze.shiftEnd(formatHourMinute(ends.shiftEnd, language))]);
  }
  const sayTarget = (each: SnoozeTarget) => {
    if ('flag' in each) return words.flags[each.flag];
    return alert.plate ? words.snooze.subjectPlate(alert.plate.text) : words.snooze.subjectHere;
  };

  return (
    <div className="snooze-form">
      <p>{words.snooze.help}</p>
      <Choices
        legend={words.snooze.what}
        options={targets.map((each, index) => [String(index), sayTarget(each)])}
        value={String(chosen)}
        onChoose={(value) => setChosen(Number(value))}
      />
      <Choices
        legend={words.snooze.until}
        options={lengths}
        value={length}
        onChoose={(value) => setLength(value as SnoozeLength)}
      />
      <Choices
        legend={words.snooze.reason}
        options={words.snooze.reasons.map((each) => [each, each])}
        value={reason}
        onChoose={setReason}
      />
      <input
        className="native-input snooze-reason"
        aria-label={words.snooze.reason}
        placeholder={words.snooze.reasonHint}
        maxLength={200}
        value={words.snooze.reasons.includes(reason) ? '' : reason}
        onChange={(event) => setReason(event.target.value)}
      />
      {start.error && (
        <p className="fault" role="alert">
          {refusalWords(start.error, words)}
        </p>
      )}
      <button
        type="button"
        className="button button-primary"
        data-testid="snooze-start"
        disabled={start.isPending || reason.trim() === ''}
        onClick={() => start.mutate()}
      >
        <Icon name="bellOff" size={22} />
        {words.snooze.start}
        {words.dot}
        {lengths.find(([each]) => each === length)?.[1]}
      </button>
    </div>
  );
}

/** A few things of which one holds, as large as fingers. */
function Choices(props: {
  legend: string;
  options: readonly (readonly [string, string])[];
  value: string;
  onChoose: (value: string) => void;
}) {
  return (
    <fieldset className="choices">
      <legend>{props.legend}</legend>
      {props.options.map(([value, said]) => (
        <button
          key={value}
          type="button"
          aria-pressed={value === props.value}
          onClick={() => props.onChoose(value)}
        >
          {said}
        </button>
      ))}
    </fieldset>
  );
}

import { Button, Drawer, Input, Select } from 'antd';
import { useState } from 'react';
import type { ListedPattern, PlannedShift, ShiftChange } from '../../../hub/contract/roster.ts';
import type { Colleague } from '../api/hub.ts';
import { useHub } from '../api/hub-context.ts';
import { useSpeech } from '../i18n/language.tsx';
import { Icon } from '../ui/icons.tsx';
import { sayGates, saySpan } from './shift-words.ts';
import { useRosterChange } from './use-roster-change.tsx';

/** One shift: who has it, and what may become of it; everything here can be taken back for a while. */
export function ShiftDrawer(props: {
  shift: PlannedShift;
  patterns: readonly ListedPattern[];
  people: readonly Colleague[];
  timeZone: string;
  onEdit: (pattern: ListedPattern) => void;
  onClose: () => void;
}) {
  const hub = useHub();
  const { language, words } = useSpeech();
  const { shift, patterns, people, timeZone, onEdit, onClose } = props;
  const change = useRosterChange();
  const [deed, setDeed] = useState<'give' | 'fall'>();
  const [taker, setTaker] = useState<string>();
  const [reason, setReason] = useState('');
  const pattern = patterns.find(({ id }) => id === shift.pattern);
  const before = shift.insteadOf === undefined ? undefined : pattern?.person;

  /** The change that is newest holds: taking it away shows what was there before it. */
  function apply(asked: ShiftChange, said: string) {
    change.run({
      deed: () => hub.changeShift(asked),
      said,
      undo: (done) => hub.removeFromRoster('changes', (done as { id: string }).id),
      onDone: onClose,
    });
  }

  function give(person: string, why: string) {
    const name = people.find(({ id }) => id === person)?.displayName ?? '';
    apply({ shift: shift.key, person, reason: why }, words.roster.done.given(name));
  }

  function removeSingle() {
    const { person, role, gates, from, until } = shift;
    change.run({
      deed: () => hub.removeFromRoster('shifts', shift.key),
      said: words.roster.done.removed,
      undo: () => hub.addShift({ person, role, gates, from, until }),
      onDone: onClose,
    });
  }

  return (
    <Drawer open title={shift.displayName} size={420} onClose={onClose} destroyOnHidden>
      <div className="drawer-shift">
        <dl>
          <dt>{words.roster.hours}</dt>
          <dd>{saySpan(shift, timeZone, language, words)}</dd>
          <dt>{words.roster.role}</dt>
          <dd>{words.roster.rows[shift.role]}</dd>
          <dt>{words.roster.gates}</dt>
          <dd>{sayGates(shift.gates, words)}</dd>
          {shift.insteadOf && (
            <>
              <dt>{words.roster.person}</dt>
              <dd>
                {shift.displayName} <span className="muted">{words.roster.changedFrom(shift.insteadOf)}</span>
              </dd>
            </>
          )}
        </dl>
        <div className="drawer-deeds">
          {before && shift.insteadOf && (
            <Button
              icon={<Icon name="turnBack" size={18} />}
              loading={change.isPending}
              onClick={() => give(before, words.roster.giveBack(shift.insteadOf ?? ''))}
            >
              {words.roster.giveBack(shift.insteadOf)}
            </Button>
          )}
          <Button
            icon={<Icon name="swap" size={18} />}
            type={deed === 'give' ? 'primary' : 'default'}
            ghost={deed === 'give'}
            onClick={() => setDeed('give')}
          >
            {words.roster.give}
          </Button>
          {shift.pattern === undefined ? (
            <Button
              danger
              icon={<Icon name="close" size={18} />}
              loading={change.isPending}
              onClick={removeSingle}
            >
              {words.roster.removeShift}
            </Button>
          ) : (
            <Button
              danger
              icon={<Icon name="close" size={18} />}
              ghost={deed === 'fall'}
              onClick={() => setDeed('fall')}
            >
              {words.roster.fallAway}
            </Button>
          )}
          {pattern && (
            <Button icon={<Icon name="calendar" size={18} />} onClick={() => onEdit(pattern)}>
              {words.roster.editPattern}
            </Button>
          )}
        </div>
        {deed && (
          <section className="drawer-part">
            <h3>{deed === 'give' ? words.roster.giveTo : words.roster.fallAway}</h3>
            {deed === 'give' && (
              <Select
                showSearch={{ optionFilterProp: 'label' }}
                placeholder={words.shifts.choose}
                value={taker}
                onChange={setTaker}
                options={people
                  .filter(({ id }) => id !== shift.person)
                  .map(({ id, displayName }) => ({ value: id, label: displayName }))}
              />
            )}
            <div className="toggles">
              {words.roster.reasons.map((each) => (
                <button
                  key={each}
                  type="button"
                  aria-pressed={reason === each}
                  onClick={() => setReason(each)}
                >
                  {each}
                </button>
              ))}
            </div>
            <Input
              aria-label={words.roster.reason}
              placeholder={words.roster.reasonHint}
              maxLength={200}
              value={reason}
              onChange={(event) => setReason(event.target.value)}
            />
            <Button
              type="primary"
              danger={deed === 'fall'}
              loading={change.isPending}
              disabled={reason.trim() === '' || (deed === 'give' && taker === undefined)}
              onClick={() =>
                deed === 'give' && taker
                  ? give(taker, reason.trim())
                  : apply({ shift: shift.key, reason: reason.trim() }, words.roster.done.fallen)
              }
            >
              {deed === 'give' ? words.roster.save : words.roster.fallAway}
            </Button>
          </section>
        )}
      </div>
    </Drawer>
  );
}

import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { CorrectedFact, CorrectedSighting } from '../../../hub/contract/correction.ts';
import type { PlateClass, Sighting } from '../../../hub/contract/sighting.ts';
import { useHub } from '../api/hub-context.ts';
import { sortedFlags } from '../guard/severity.ts';
import { useSpeech, useWords } from '../i18n/language.tsx';
import { placeName } from '../i18n/place-name.ts';
import { refusalWords } from '../i18n/refusal-words.ts';
import { formatDayTime } from '../i18n/times.ts';
import type { Words } from '../i18n/zh.ts';
import { Loading, Refused } from '../office/query-note.tsx';
import { plateCharacters } from '../plates/plate-look.ts';
import { Icon } from '../ui/icons.tsx';
import { Sheet } from '../ui/sheet.tsx';
import { type Consequence, consequenceOf } from './consequence.ts';
import { factIn, isSameFact } from './correction-steps.ts';
import { correctionsKey, newestCorrection, useCorrections } from './corrections-context.ts';
import { EvidenceSide } from './evidence-side.tsx';
import { sayChange, sayFact } from './fact-words.ts';
import { type PlateDraft, startDraft, textOf } from './plate-draft.ts';
import { PlateEntry } from './plate-entry.tsx';
import { classOf, type PlateIssue, plateIssue } from './plate-rules.ts';
import { ReasonChoice } from './reason-choice.tsx';
import '../office/office.css';
import './corrections.css';

/** What of a sighting can be corrected here; who it is, is split and merged. */
type Topic = Exclude<CorrectedFact['of'], 'subject'>;

/** A person says what a lens got wrong, with the picture beside it. */
export function CorrectSheet({ sighting, onClose }: { sighting: string; onClose: () => void }) {
  const hub = useHub();
  const words = useWords();
  const found = useQuery({
    queryKey: correctionsKey(sighting),
    queryFn: () => hub.corrections(sighting),
    staleTime: 0,
  });
  const said = words.corrections;
  const kind = found.data?.current.kind;
  return (
    <Sheet wide title={kind ? said.title[kind] : said.correct} closeLabel={said.close} onClose={onClose}>
      {found.isPending && <Loading />}
      {found.isError && !found.data && <Refused error={found.error} onRetry={() => void found.refetch()} />}
      {found.data && <CorrectForm key={sighting} known={found.data} onClose={onClose} />}
    </Sheet>
  );
}

function CorrectForm({ known, onClose }: { known: CorrectedSighting; onClose: () => void }) {
  const { language, words } = useSpeech();
  const hub = useHub();
  const { refresh, say } = useCorrections();
  const said = words.corrections;
  const { current } = known;
  const topics: Topic[] =
    current.kind === 'vehicle' ? ['plate', 'direction'] : ['mask', 'familiarity', 'direction'];
  const [topic, setTopic] = useState<Topic>(() => likeliestTopic(current, topics));
  const [chosen, setChosen] = useState<Partial<Record<Topic, CorrectedFact>>>({});
  const [reason, setReason] = useState(said.reasons[0]);
  const plate = usePlate(current);

  const now = factIn(current, topic);
  const fact = topic === 'plate' ? plate.fact : chosen[topic];
  const changes = fact !== undefined && !isSameFact(fact, now);

  const save = useMutation({
    mutationFn: async (wanted: CorrectedFact) => {
      const after = await hub.correct(current.id, wanted, reason.trim());
      // The correction is made, whatever becomes of looking what followed.
      const alert = await refresh(current.id).catch(() => undefined);
      return { before: now, wanted, after, followed: consequenceOf(current, after.current, alert) };
    },
    onSuccess: ({ before, wanted, after, followed }) => {
      const made = newestCorrection(after);
      const more = sayConsequence(followed, words);
      say({
        key: made ?? current.id,
        icon: 'check',
        title: said.done(said.topics[wanted.of], sayChange(before, wanted, words)),
        ...(more ? { more } : {}),
        ...(made
          ? {
              undo: async () => {
                await hub.undoCorrection(made);
                await refresh(current.id);
                say({ key: `${made} back`, icon: 'turnBack', title: said.takenBack });
              },
            }
          : {}),
      });
      onClose();
    },
  });

  return (
    <form
      className="correct"
      data-topic={topic}
      data-testid="correct-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (fact && changes && reason.trim() !== '' && !save.isPending) save.mutate(fact);
      }}
    >
      <EvidenceSide sighting={current}>
        <p className="correct-where">
          {placeName(current.gate, words)} {words.direction[current.direction]}
          <span>{formatDayTime(current.occurredAt, language)}</span>
        </p>
      </EvidenceSide>
      <div className="correct-side">
        <fieldset className="segments correct-topics">
          <legend className="quietly">{said.correct}</legend>
          {topics.map((each) => (
            <button
              key={each}
              type="button"
              aria-pressed={each === topic}
              data-testid={`correct-topic-${each}`}
              onClick={() => setTopic(each)}
            >
              {said.topics[each]}
            </button>
          ))}
        </fieldset>
        {topic === 'plate' ? (
          <PlateEntry
            draft={plate.draft}
            plateClass={plate.plateClass}
            doubtful={plate.doubtful}
            onChange={plate.setDraft}
            onClass={plate.setChosenClass}
          >
            <PlateNote issue={plate.issue} changes={changes} />
          </PlateEntry>
        ) : (
          <FactChoice
            topic={topic}
            now={now}
            value={chosen[topic]}
            onChoose={(next) => setChosen({ ...chosen, [topic]: next })}
          />
        )}
        <div className="correct-end">
          {save.error && (
            <p className="fault" role="alert">
              {refusalWords(save.error, words)}
            </p>
          )}
          <button
            type="submit"
            className="button button-primary correct-save"
            data-testid="correct-save"
            aria-busy={save.isPending}
            disabled={!changes || reason.trim() === '' || save.isPending}
          >
            <Icon name="check" size={24} />
            {save.isPending ? said.saving : fact && changes ? said.saveAs(sayFact(fact, words)) : said.save}
          </button>
        </div>
      </div>
      <div className="correct-why">
        <ReasonChoice reasons={said.reasons} value={reason} onChange={setReason} />
        <p className="muted small">
          {said.follows} {said.help}
        </p>
      </div>
    </form>
  );
}

/** A verdict or a direction, each as large as a finger; what is on record now cannot be chosen again. */
function FactChoice(props: {
  topic: Exclude<Topic, 'plate'>;
  now: CorrectedFact | undefined;
  value: CorrectedFact | undefined;
  onChoose: (fact: CorrectedFact) => void;
}) {
  const words = useWords();
  const said = words.corrections;
  const { topic, now, value, onChoose } = props;
  return (
    <fieldset className="fact-choice">
      <legend>{said.choose}</legend>
      {factsOf(topic).map((fact) => {
        const isNow = isSameFact(fact, now);
        const name = 'verdict' in fact ? fact.verdict : 'direction' in fact ? fact.direction : '';
        return (
          <button
            key={name}
            type="button"
            disabled={isNow}
            aria-pressed={isSameFact(fact, value)}
            data-testid={`correct-to-${name}`}
            onClick={() => onChoose(fact)}
          >
            {sayFact(fact, words)}
            {isNow && <small>{said.current}</small>}
          </button>
        );
      })}
    </fieldset>
  );
}

function PlateNote({ issue, changes }: { issue: PlateIssue | undefined; changes: boolean }) {
  const words = useWords();
  const said = words.corrections.plate.issues;
  const fits = issue === undefined && changes;
  return (
    <p className="plate-note" data-fits={fits} role="status" data-testid="plate-note">
      <Icon name={fits ? 'check' : 'keyboard'} size={20} />
      {issue ? sayIssue(issue, words) : changes ? said.fits : said.same}
      <span className="muted small">{words.corrections.plate.typeHint}</span>
    </p>
  );
}

/** The plate while it is entered: as it was read at first, its class following what stands there. */
function usePlate({ plate, verdicts }: Sighting) {
  const [draft, setDraft] = useState<PlateDraft>(() => {
    const uncertain = plate ? plateCharacters(plate, verdicts.province?.verdict === 'uncertain') : [];
    return startDraft(
      plate?.text ?? '',
      uncertain.flatMap((character, index) => (character.uncertain ? index : [])),
    );
  });
  const [chosenClass, setChosenClass] = useState<PlateClass | undefined>(
    plate?.class === 'unknown' ? undefined : plate?.class,
  );
  const text = textOf(draft);
  const plateClass = classOf(text, chosenClass);
  const issue = plateIssue(draft.characters, plateClass);
  const read = plate ? plateCharacters(plate, verdicts.province?.verdict === 'uncertain') : [];
  const doubtful = read.flatMap((character, index) =>
    character.uncertain && draft.characters[index] === character.text ? index : [],
  );
  const fact: CorrectedFact | undefined = issue ? undefined : { of: 'plate', text, class: plateClass };
  return { draft, setDraft, plateClass, setChosenClass, issue, doubtful, fact };
}

function factsOf(topic: Exclude<Topic, 'plate'>): CorrectedFact[] {
  switch (topic) {
    case 'mask':
      return (['worn', 'not_worn', 'worn_improperly', 'cannot_tell'] as const).map((verdict) => ({
        of: topic,
        verdict,
      }));
    case 'familiarity':
      return (['registered', 'seen_before', 'first_time', 'cannot_tell'] as const).map((verdict) => ({
        of: topic,
        verdict,
      }));
    case 'direction':
      return (['entry', 'exit', 'unknown'] as const).map((direction) => ({ of: topic, direction }));
  }
}

/** What was flagged is what is likeliest wrong. */
function likeliestTopic({ flags, verdicts }: Sighting, topics: readonly Topic[]): Topic {
  if (topics[0] === 'plate') return 'plate';
  const [first] = sortedFlags(flags);
  if (first === 'first_time') return 'familiarity';
  return first || verdicts.mask ? 'mask' : 'familiarity';
}

function sayIssue(issue: PlateIssue, words: Words): string {
  const said = words.corrections.plate.issues;
  switch (issue.kind) {
    case 'gap':
      return said.gap(issue.at + 1);
    case 'short':
      return said.short(issue.missing);
    case 'long':
      return said.long(issue.extra);
    case 'misplaced':
      return said.misplaced(issue.at + 1, issue.character);
    case 'empty':
    case 'not_sayable':
      return said[issue.kind];
  }
}

function sayConsequence(followed: Consequence, words: Words): string {
  const said = words.corrections.consequences;
  switch (followed.kind) {
    case 'raised':
    case 'too_late':
    case 'stays':
      return said[followed.kind](
        sortedFlags(followed.flags)
          .map((flag) => words.flags[flag])
          .join(words.listComma),
      );
    default:
      return said[followed.kind];
  }
}

import { useEffect, useState } from 'react';
import type { Alert, Disposition, Session } from '../../../hub/contract/api.ts';
import type { Evidence } from '../../../hub/contract/sighting.ts';
import { type ChosenEvidence, chooseEvidence } from '../evidence/choose-evidence.ts';
import { EvidencePicture } from '../evidence/evidence-picture.tsx';
import { Lightbox } from '../evidence/lightbox.tsx';
import { ScenePicture } from '../evidence/scene-picture.tsx';
import { useSpeech } from '../i18n/language.tsx';
import { placeName } from '../i18n/place-name.ts';
import { formatAgo } from '../i18n/times.ts';
import { PlateChip } from '../plates/plate-chip.tsx';
import { Ago } from '../ui/ago.tsx';
import { Icon } from '../ui/icons.tsx';
import { useNow } from '../ui/use-now.ts';
import { dispositionIcons, dispositionsFor } from './dispositions.ts';
import { alertSeverity, flagIcon, sortedFlags } from './severity.ts';
import { VerdictChips } from './verdict-chips.tsx';

/** Taps on a card that has just come up are meant for the one before it, and are left alone this long. */
const settleMs = 500;

interface HeroProps {
  alert: Alert;
  session: Session;
  missed: boolean;
  taking: boolean;
  enlarged: boolean;
  onEnlarge: (enlarged: boolean) => void;
  onTake: () => void;
  onResolve: (disposition: Disposition) => void;
}

/** The alert that matters now: what it is, who it is, and the buttons for it. */
export function AlertHero(props: HeroProps) {
  const { alert, enlarged, onEnlarge } = props;
  const chosen = chooseEvidence(alert.evidence);
  const settled = useSettled(alert.id);

  return (
    <article
      className="hero card"
      data-testid="alert-card"
      data-alert-id={alert.id}
      data-flags={alert.flags.join(' ')}
      data-state={alert.state}
      data-severity={alertSeverity(alert)}
      data-settled={settled}
      key={alert.id}
    >
      <HeroBand {...props} />
      <HeroPictures alert={alert} onEnlarge={() => onEnlarge(true)} />
      <HeroFacts alert={alert} />
      <HeroActions {...props} settled={settled} />
      {enlarged && (
        <Lightbox chosen={chosen} first={chosen.crop ? 'crop' : 'scene'} onClose={() => onEnlarge(false)} />
      )}
    </article>
  );
}

function HeroBand({ alert, missed }: HeroProps) {
  const { words } = useSpeech();
  const [first, ...others] = sortedFlags(alert.flags);
  return (
    <header className="hero-band">
      <span className="hero-icon">
        <Icon name={first ? flagIcon(first) : 'alert'} size={34} />
      </span>
      <div className="hero-title">
        <h2>
          {first ? words.flags[first] : words.kind[alert.kind]}
          {others.map((flag) => (
            <span key={flag} className="hero-also">
              {words.flags[flag]}
            </span>
          ))}
        </h2>
        <p>
          <span>{placeName(alert.gate, words)}</span>
          <span className="hero-direction">
            {alert.direction !== 'unknown' && (
              <Icon name={alert.direction === 'entry' ? 'arrowIn' : 'arrowOut'} size={18} />
            )}
            {words.direction[alert.direction]}
          </span>
          {missed && <span className="hero-mark">{words.guard.wasMissed}</span>}
          {alert.repeats > 0 && <span className="hero-mark">{words.guard.repeats(alert.repeats)}</span>}
          {alert.audience === 'managers' && <span className="hero-mark">{words.guard.forManagers}</span>}
        </p>
      </div>
      <span className="hero-time">
        <Ago at={alert.occurredAt} />
      </span>
    </header>
  );
}

function HeroPictures({ alert, onEnlarge }: { alert: Alert; onEnlarge: () => void }) {
  const { words } = useSpeech();
  const chosen = chooseEvidence(alert.evidence);
  const { crop, scene } = chosen;
  return (
    <button
      type="button"
      className="hero-pictures"
      style={{ gridTemplateColumns: columnsFor(chosen) }}
      aria-label={words.guard.openPicture}
      onClick={onEnlarge}
    >
      {crop && <HeroCrop key={crop.id} alert={alert} crop={crop} />}
      {scene && (
        <span className="hero-picture hero-scene">
          {crop ? (
            <ScenePicture key={scene.id} chosen={chosen} />
          ) : (
            <EvidencePicture key={scene.id} id={scene.id} alt={words.guard.sceneOf} testId="alert-evidence" />
          )}
        </span>
      )}
      {!crop && !scene && (
        <span className="evidence-missing">
          <Icon name="picture" size={34} />
          {words.guard.pictureMissing}
        </span>
      )}
      <span className="hero-zoom">
        <Icon name="zoom" size={20} />
      </span>
    </button>
  );
}

/** The crop before its own blurred colours; under a plate as it was seen, the plate as it was read. */
function HeroCrop({ alert, crop }: { alert: Alert; crop: Evidence }) {
  const { words } = useSpeech();
  const isPlate = crop.role === 'plate';
  return (
    <span className="hero-picture hero-crop" data-role={crop.role}>
      <span className="hero-backdrop">
        <EvidencePicture id={crop.id} alt="" />
      </span>
      <EvidencePicture
        id={crop.id}
        alt={isPlate ? words.guard.plateOf : words.guard.faceOf}
        testId="alert-evidence"
      />
      {isPlate && alert.plate && (
        <PlateChip
          plate={alert.plate}
          provinceUncertain={alert.verdicts.province?.verdict === 'uncertain'}
          height={84}
        />
      )}
    </span>
  );
}

/** The scene gets the width that its shape asks for, within reason. */
function columnsFor({ crop, scene }: ChosenEvidence): string {
  if (!crop || !scene) return 'minmax(0, 1fr)';
  const width = Math.min(1.6, Math.max(0.8, scene.width / scene.height));
  return `minmax(0, 1fr) minmax(0, ${width.toFixed(2)}fr)`;
}

function HeroFacts({ alert }: { alert: Alert }) {
  const { words } = useSpeech();
  const [first] = sortedFlags(alert.flags);
  const uncertain = alert.verdicts.province?.verdict === 'uncertain';
  const seen = chooseEvidence(alert.evidence).crop?.role === 'plate';
  return (
    <div className="hero-facts">
      {alert.plate && !seen && <PlateChip plate={alert.plate} provinceUncertain={uncertain} height={52} />}
      <div className="hero-chips">
        <VerdictChips verdicts={alert.verdicts} />
        {alert.plate && <span className="chip">{words.plateClass[alert.plate.class]}</span>}
      </div>
      {first && <p className="hero-advice">{words.flagAdvice[first]}</p>}
    </div>
  );
}

function HeroActions(props: HeroProps & { settled: boolean }) {
  const { language, words } = useSpeech();
  const { alert, session, taking, settled, onTake, onResolve } = props;
  const now = useNow();
  const open = alert.state === 'open';
  const mine = alert.acknowledged?.id === session.person.id;
  const mustClockIn = session.person.role === 'guard' && session.duty?.gate !== alert.gate;
  const act = (deed: () => void) => () => settled && !taking && deed();

  return (
    <footer className="hero-actions" data-state={alert.state}>
      {open ? (
        <button
          type="button"
          className="hero-take"
          data-testid="alert-acknowledge"
          aria-busy={taking}
          onClick={act(onTake)}
        >
          <Icon name="hand" size={34} />
          <span>
            {taking ? words.guard.acknowledging : words.guard.acknowledge}
            {mustClockIn && <small>{words.guard.clocksIn(placeName(alert.gate, words))}</small>}
          </span>
        </button>
      ) : (
        <p className="hero-handled" data-mine={mine}>
          <Icon name={mine ? 'check' : 'person'} size={24} />
          <strong>
            {mine ? words.guard.handledByMe : words.guard.handledBy(alert.acknowledged?.displayName ?? '')}
          </strong>
          <span>
            {alert.withdrawnReason
              ? words.guard.takenBack
              : mine
                ? words.guard.howResolved
                : formatAgo(now - Date.parse(alert.acknowledged?.at ?? alert.updatedAt), language)}
          </span>
        </p>
      )}
      <fieldset className="hero-dispositions">
        <legend className="quietly">{open ? words.guard.directly : words.guard.howResolved}</legend>
        {dispositionsFor(alert).map((disposition, index) => (
          <button
            key={disposition}
            type="button"
            className="hero-disposition"
            data-disposition={disposition}
            data-testid={`alert-resolve-${disposition}`}
            aria-keyshortcuts={String(index + 1)}
            onClick={act(() => onResolve(disposition))}
          >
            <Icon name={dispositionIcons[disposition]} size={28} />
            <span>{words.dispositions[disposition]}</span>
          </button>
        ))}
      </fieldset>
    </footer>
  );
}

/** False for a moment after another alert has come up. */
function useSettled(id: string): boolean {
  const [settledId, setSettledId] = useState<string>();
  useEffect(() => {
    const timer = setTimeout(() => setSettledId(id), settleMs);
    return () => clearTimeout(timer);
  }, [id]);
  return settledId === id;
}

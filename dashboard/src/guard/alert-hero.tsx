import { useEffect, useState } from 'react';
import type { Alert } from '../../../hub/contract/api.ts';
import type { Evidence } from '../../../hub/contract/sighting.ts';
import { CorrectButton, CorrectedMark } from '../corrections/corrected-mark.tsx';
import { type ChosenEvidence, chooseEvidence } from '../evidence/choose-evidence.ts';
import { EvidencePicture } from '../evidence/evidence-picture.tsx';
import { Lightbox } from '../evidence/lightbox.tsx';
import { ScenePicture } from '../evidence/scene-picture.tsx';
import { useSpeech } from '../i18n/language.tsx';
import { placeName } from '../i18n/place-name.ts';
import { PlateChip } from '../plates/plate-chip.tsx';
import { Ago } from '../ui/ago.tsx';
import { Icon } from '../ui/icons.tsx';
import { alertMarks } from './alert-marks.ts';
import { HeroActions, type HeroProps } from './hero-actions.tsx';
import { isHelping } from './ringing.ts';
import { alertSeverity, flagIcon, sortedFlags } from './severity.ts';
import { ToldLine } from './told-line.tsx';
import { VerdictChips } from './verdict-chips.tsx';
import './alert-hero.css';

/** Taps on a card that has just come up are meant for the one before it, and are left alone this long. */
const settleMs = 500;

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
      <ToldLine alert={alert} />
      <HeroActions {...props} settled={settled} />
      {enlarged && (
        <Lightbox chosen={chosen} first={chosen.crop ? 'crop' : 'scene'} onClose={() => onEnlarge(false)} />
      )}
    </article>
  );
}

function HeroBand({ alert, session, missed }: HeroProps) {
  const { words } = useSpeech();
  const { repeats, cameras, storm } = alertMarks(alert);
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
          {isHelping(alert, session) && (
            <span className="hero-mark" data-mark="helping">
              {words.told.helping}
            </span>
          )}
          {storm > 0 && (
            <span className="hero-mark" data-mark="storm" title={words.told.stormHelp}>
              {words.told.storm(storm)}
            </span>
          )}
          {repeats > 0 && <span className="hero-mark">{words.guard.repeats(repeats)}</span>}
          {cameras.length > 0 && (
            <span className="hero-mark">
              {words.told.also(cameras.map((camera) => placeName(camera, words)).join(words.listComma))}
            </span>
          )}
          {alert.quiet && (
            <span className="hero-mark">
              <Icon name="bellOff" size={16} />
              {[words.told.quiet[alert.quiet.why], alert.quiet.reason].filter(Boolean).join(words.dot)}
            </span>
          )}
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
        <CorrectedMark sighting={alert.sighting} corrected={alert.corrected} />
      </div>
      {first && <p className="hero-advice">{words.flagAdvice[first]}</p>}
      <CorrectButton sighting={alert.sighting} seen={alert} worded />
    </div>
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

import type { TrajectoryEntry } from '../../../hub/contract/api.ts';
import { useCorrections } from '../corrections/corrections-context.ts';
import { chooseEvidence } from '../evidence/choose-evidence.ts';
import { EvidencePicture } from '../evidence/evidence-picture.tsx';
import { useSpeech } from '../i18n/language.tsx';
import { placeName } from '../i18n/place-name.ts';
import { formatClock } from '../i18n/times.ts';
import { PlateChip } from '../plates/plate-chip.tsx';
import { Icon } from '../ui/icons.tsx';
import './sighting-strip.css';

/** Who passed last: the sign of life of a quiet gate. */
export function SightingStrip({ sightings }: { sightings: readonly TrajectoryEntry[] }) {
  const { words } = useSpeech();
  return (
    <section className="strip" aria-label={words.guard.recentSightings}>
      <h3>{words.guard.recentSightings}</h3>
      {sightings.length === 0 ? (
        <p>{words.guard.noSightings}</p>
      ) : (
        <ol>
          {sightings.map((sighting) => (
            <Passing key={sighting.id} sighting={sighting} />
          ))}
        </ol>
      )}
    </section>
  );
}

function Passing({ sighting }: { sighting: TrajectoryEntry }) {
  const { language, words } = useSpeech();
  const { crop, scene } = chooseEvidence(sighting.evidence);
  const picture = sighting.kind === 'vehicle' ? (scene ?? crop) : (crop ?? scene);
  const { mask } = sighting.verdicts;
  const { may, correct } = useCorrections();
  const Picture = may(sighting) ? 'button' : 'span';
  return (
    <li className="passing">
      <Picture
        className="passing-picture"
        {...(Picture === 'button' && {
          type: 'button' as const,
          'aria-label': words.corrections.title[sighting.kind],
          onClick: () => correct(sighting.id),
        })}
      >
        {picture ? (
          <EvidencePicture id={picture.id} alt={words.kind[sighting.kind]} lazy />
        ) : (
          <span className="evidence-missing">
            <Icon name={sighting.kind} size={28} />
          </span>
        )}
        <span className="passing-direction" role="img" aria-label={words.direction[sighting.direction]}>
          <Icon name={sighting.direction === 'exit' ? 'arrowOut' : 'arrowIn'} size={16} />
        </span>
        {sighting.corrected && (
          <span
            className="passing-corrected"
            role="img"
            aria-label={words.corrections.corrected}
            data-testid="corrected-mark"
          >
            <Icon name="pen" size={15} />
          </span>
        )}
      </Picture>
      <span className="passing-who">
        {sighting.plate ? (
          <PlateChip
            plate={sighting.plate}
            provinceUncertain={sighting.verdicts.province?.verdict === 'uncertain'}
            height={24}
          />
        ) : (
          <span className="passing-said">
            {mask && mask.verdict !== 'cannot_tell'
              ? `${words.verdictNames.mask} ${words.mask[mask.verdict]}`
              : words.kind[sighting.kind]}
          </span>
        )}
      </span>
      <span className="passing-where">
        {placeName(sighting.gate, words)}{' '}
        <time dateTime={sighting.occurredAt}>{formatClock(sighting.occurredAt, language)}</time>
      </span>
    </li>
  );
}

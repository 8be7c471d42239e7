import { useWords } from '../i18n/language.tsx';
import { exactTime } from './exact-time.ts';
import type { CheckedPicture } from './use-checked-pictures.ts';

const order = { scene: 0, plate: 1, face: 2 };

/** Every picture whole, with what it is and whether it is the one that was recorded. */
export function ReportPictures(props: { named: number; pictures: CheckedPicture[] | undefined }) {
  const words = useWords();
  if (props.named === 0) return <p>{words.report.noPictures}</p>;
  if (!props.pictures) return <p>{words.report.checking}…</p>;
  const sorted = props.pictures.toSorted(
    (a, b) =>
      order[a.evidence.role] - order[b.evidence.role] ||
      a.evidence.occurredAt.localeCompare(b.evidence.occurredAt),
  );
  return (
    <div className="report-pictures">
      {sorted.map((picture) => (
        <Picture key={picture.evidence.id} of={picture} />
      ))}
    </div>
  );
}

function Picture({ of: { evidence, state, isCheckedHere, foundSha256, url } }: { of: CheckedPicture }) {
  const words = useWords();
  const said = words.report;
  const verdict = state === 'intact' && isCheckedHere ? said.intactHere : said[state];
  return (
    <figure className="report-picture" data-role={evidence.role} data-state={state}>
      {url ? (
        <img src={url} alt={said.roles[evidence.role]} />
      ) : (
        <span className="report-missing">{said.missing}</span>
      )}
      <figcaption>
        <p>
          <strong>{said.roles[evidence.role]}</strong> {exactTime(evidence.occurredAt)}
        </p>
        <p>
          {said.pictureFacts(evidence.width, evidence.height)}
          {evidence.box && `, ${said.placeInFrame(evidence.box.map(Math.round).join(', '))}`}
        </p>
        <p className="report-verdict" data-testid="picture-verdict">
          {verdict}
        </p>
        <p>
          SHA-256 <Hash of={evidence.sha256} />
        </p>
        {state === 'changed' && foundSha256 && foundSha256 !== evidence.sha256 && (
          <p>
            {said.found} <Hash of={foundSha256} />
          </p>
        )}
      </figcaption>
    </figure>
  );
}

/** A digest in groups of eight, to compare by eye; copied it is one word. */
export function Hash({ of }: { of: string }) {
  return (
    <code className="report-hash">
      {of.match(/.{8}/g)?.map((group, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: groups have no other name than their place
        <span key={at}>{group}</span>
      ))}
    </code>
  );
}

import { useEffect, useState } from 'react';
import type { IncidentReport, PictureState } from '../../../hub/contract/report.ts';
import type { Hub } from '../api/hub.ts';
import { useHub } from '../api/hub-context.ts';

/** A picture of a report, with the very bytes that were hashed. */
export interface CheckedPicture {
  evidence: IncidentReport['pictures'][number]['evidence'];
  state: PictureState;
  /** Whether this device has hashed what it shows; false where the browser has no WebCrypto (no secure context). */
  isCheckedHere: boolean;
  /** SHA-256 of what was found instead. */
  foundSha256: string | undefined;
  /** A blob; undefined when there is nothing to show. */
  url: string | undefined;
}

/** Fetches the pictures of a report and hashes each before it is shown; undefined until all are there. */
export function useCheckedPictures(report: IncidentReport | undefined): CheckedPicture[] | undefined {
  const hub = useHub();
  const [checked, setChecked] = useState<CheckedPicture[]>();

  useEffect(() => {
    if (!report) return;
    const abort = new AbortController();
    let made: CheckedPicture[] = [];
    void Promise.all(report.pictures.map((picture) => check(picture, hub, abort.signal))).then((pictures) => {
      made = pictures;
      if (abort.signal.aborted) revoke(made);
      else setChecked(made);
    });
    return () => {
      abort.abort();
      revoke(made);
    };
  }, [report, hub]);

  return checked;
}

async function check(
  { evidence, state, foundSha256 }: IncidentReport['pictures'][number],
  hub: Hub,
  signal: AbortSignal,
): Promise<CheckedPicture> {
  const told = { evidence, state, foundSha256, isCheckedHere: false, url: undefined };
  if (state === 'missing') return told;
  let bytes: ArrayBuffer;
  try {
    bytes = await hub.picture(evidence.id, signal);
  } catch {
    return { ...told, state: state === 'intact' ? 'missing' : state };
  }
  const url = URL.createObjectURL(new Blob([bytes], { type: 'image/jpeg' }));
  const sha256 = await hashHere(bytes);
  if (sha256 === undefined) return { ...told, url };
  const isSame = sha256 === evidence.sha256;
  return {
    ...told,
    url,
    isCheckedHere: true,
    state: isSame && state === 'intact' ? 'intact' : 'changed',
    foundSha256: isSame ? foundSha256 : sha256,
  };
}

/** Lower-case hex SHA-256; undefined where the page may not compute it. */
async function hashHere(bytes: ArrayBuffer): Promise<string | undefined> {
  if (!globalThis.crypto?.subtle) return undefined;
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function revoke(pictures: readonly CheckedPicture[]): void {
  for (const { url } of pictures) if (url) URL.revokeObjectURL(url);
}

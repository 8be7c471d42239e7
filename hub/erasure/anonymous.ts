import type { Alert } from '../contract/api.ts';
import type { Sighting } from '../contract/sighting.ts';

/** A passing that is nobody's: when, where, which way and of what kind, so that counts and flows stay true. */
export function anonymous(sighting: Sighting): Sighting {
  const { subject: _subject, plate: _plate, ...kept } = sighting;
  return { ...kept, verdicts: {}, flags: [], evidence: [] };
}

/** The passing with what was seen of it, and without who it was: nobody can be followed by it. */
export function unlinked(sighting: Sighting): Sighting {
  const { subject: _subject, ...kept } = sighting;
  const { familiarity: _familiarity, ...verdicts } = sighting.verdicts;
  return { ...kept, verdicts };
}

/** That something rang and who dealt with it, not about whom: what people wrote about it goes too. */
export function anonymousAlert(alert: Alert): Alert {
  const { subject: _subject, plate: _plate, corrected: _corrected, resolved, ...kept } = alert;
  const { note: _note, ...outcome } = resolved ?? {};
  return {
    ...kept,
    verdicts: {},
    evidence: [],
    ...(resolved ? { resolved: outcome as Alert['resolved'] } : {}),
  };
}

/** The alert without who it was about. */
export function unlinkedAlert(alert: Alert): Alert {
  const { subject: _subject, corrected: _corrected, ...kept } = alert;
  const { familiarity: _familiarity, ...verdicts } = alert.verdicts;
  return { ...kept, verdicts };
}

import type { Sighting } from '../hub/contract/sighting.ts';

/** One sighting as one line of text for a person at a terminal. */
export function sightingLine(sighting: Sighting): string {
  const { verdicts, plate } = sighting;
  const what =
    sighting.kind === 'vehicle'
      ? [plate?.text ?? '(no plate)', verdicts.province?.verdict]
      : [verdicts.mask && `mask ${verdicts.mask.verdict}`, verdicts.familiarity?.verdict];
  return [
    sighting.decidedAt.slice(11, 19),
    sighting.gate,
    sighting.kind.padEnd(7),
    what.filter(Boolean).join(', ') || 'no verdict yet',
    sighting.direction === 'unknown' ? undefined : sighting.direction,
    sighting.flags.length > 0 ? `⚑ ${sighting.flags.join(' ')}` : undefined,
    `(${sighting.phase}, revision ${sighting.revision})`,
  ]
    .filter(Boolean)
    .join('  ');
}

import type { Trajectory } from '../../../hub/contract/api.ts';

/** How long visits last on average, of those of which both ends were seen; undefined when there is none. */
export function meanStayMs(visits: Trajectory['visits']): number | undefined {
  const stays = visits.flatMap(({ entry, exit }) =>
    entry && exit ? [Date.parse(exit) - Date.parse(entry)] : [],
  );
  if (stays.length === 0) return undefined;
  return stays.reduce((sum, stay) => sum + stay, 0) / stays.length;
}

import { useQuery } from '@tanstack/react-query';
import type { TrajectoryEntry } from '../../../hub/contract/api.ts';
import type { LegalHold } from '../../../hub/contract/keeping.ts';
import { useHub } from '../api/hub-context.ts';

/** The holds that have not ended. */
export const holdsKey = ['holds'] as const;

/** Incidents on hold now; undefined while the hub is asked. */
export function useHolds(): LegalHold[] | undefined {
  const hub = useHub();
  return useQuery({ queryKey: holdsKey, queryFn: hub.holds, staleTime: 30_000 }).data;
}

/** What a hold on a sighting is about: its alert with all that it stands for, else the sighting alone. */
export function incidentOf({ id, alert }: Pick<TrajectoryEntry, 'id' | 'alert'>): LegalHold['about'] {
  return alert === undefined ? { kind: 'sighting', id } : { kind: 'alert', id: alert };
}

/** The hold that keeps a sighting, placed on it or on its alert. */
export function holdOf(
  entry: Pick<TrajectoryEntry, 'id' | 'alert'>,
  holds: readonly LegalHold[] | undefined,
): LegalHold | undefined {
  return holds?.find(({ about }) => about.id === entry.id || about.id === entry.alert);
}

import { type UseQueryResult, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import type { Person } from '../../../hub/contract/api.ts';
import type { RosterView } from '../../../hub/contract/roster.ts';
import type { Colleague } from '../api/hub.ts';
import { useHub } from '../api/hub-context.ts';
import { useNow } from '../ui/use-now.ts';
import { type OwnShifts, ownShifts } from './own-shifts.ts';
import { personHues } from './person-hue.ts';

const rosterKey = ['roster'] as const;
const hourMs = 3_600_000;
/** Others change the roster too, and nothing tells this page. */
const refreshMs = 60_000;
const ownDays = 28;

/** Shifts and gaps between two instants. */
export function useRosterView(from: string, until: string, enabled = true): UseQueryResult<RosterView> {
  const hub = useHub();
  return useQuery({
    queryKey: [...rosterKey, from, until],
    queryFn: () => hub.roster(from, until),
    refetchInterval: refreshMs,
    enabled,
  });
}

/** Everyone who can be on the roster, and the colour of each. */
export function useColleagues(): { people: readonly Colleague[]; hues: ReadonlyMap<string, number> } {
  const hub = useHub();
  const { data } = useQuery({ queryKey: [...rosterKey, 'people'], queryFn: hub.colleagues });
  return useMemo(() => {
    const people = data ?? [];
    return { people, hues: personHues(people.map(({ id }) => id)) };
  }, [data]);
}

/** The zone of the site, in which all of the roster is meant; until it is known, that of this device. */
export function useSiteZone(): string {
  return useKnownSiteZone() ?? deviceZone();
}

/** The zone of the site, undefined until the hub has said it: for questions that are recorded, and not asked twice. */
export function useKnownSiteZone(): string | undefined {
  const hub = useHub();
  const { data, isError } = useQuery({
    queryKey: ['settings', 'roster'],
    queryFn: () => hub.setting('roster'),
    staleTime: 5 * refreshMs,
  });
  return data?.value.timeZone ?? (isError ? deviceZone() : undefined);
}

function deviceZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** The shifts of the next four weeks of whoever is logged in, and the swaps that concern them. */
export function useOwnShifts({ id, role }: Person): OwnShifts | undefined {
  const now = useNow(refreshMs / 2);
  // From the full hour on, so that the question stays the same for a while and its answer is kept.
  const hour = Math.floor(now / hourMs) * hourMs;
  const from = new Date(hour - 24 * hourMs).toISOString();
  const until = new Date(hour + ownDays * 24 * hourMs).toISOString();
  const { data } = useRosterView(from, until, role !== 'installer');
  return useMemo(() => data && ownShifts(data, id, now), [data, id, now]);
}

/** Has everything of the roster asked again, after a change. */
export function useRosterRefresh(): () => Promise<void> {
  const queries = useQueryClient();
  return useCallback(() => queries.invalidateQueries({ queryKey: rosterKey }), [queries]);
}

import type { Alert, BoxHealth, Duty, StreamEvent, TrajectoryEntry } from '../../../hub/contract/api.ts';
import type { DutyGap } from '../../../hub/contract/roster.ts';

/** How the page stands with the hub; `stale` means connected, but nothing was heard for too long. */
type ConnectionState = 'connecting' | 'connected' | 'reconnecting' | 'stale';

/** Everything the live stream has told, in one value. Instants are milliseconds by the hub's clock. */
export interface LiveState {
  connection: ConnectionState;
  /** When the connection became what it is; for `stale` and `reconnecting`, when the hub was last heard. */
  since: number;
  lastHeardAt: number;
  /** When the present connection was made. */
  connectedAt: number;
  /** Whether a first snapshot is here: before it nothing counts as missed. */
  loaded: boolean;
  alerts: ReadonlyMap<string, Alert>;
  /** Alerts raised while the connection was away. */
  missed: ReadonlySet<string>;
  /** Newest first, at most `keptSightings`. */
  sightings: readonly TrajectoryEntry[];
  /** Sightings heard since the page was opened: what a log that is open lacks. */
  sightingsHeard: number;
  duty: readonly Duty[];
  boxes: ReadonlyMap<string, BoxHealth>;
  /** Gates that have nobody now, by gate; only managers are told. */
  gaps: ReadonlyMap<string, DutyGap>;
}

/** What is loaded at the start and after every reconnection. */
export interface Snapshot {
  alerts: readonly Alert[];
  sightings: readonly TrajectoryEntry[];
  duty: readonly Duty[];
  gaps: readonly DutyGap[];
}

export type LiveAction =
  | { type: 'connected'; at: number }
  | { type: 'heard'; at: number }
  | { type: 'quiet' }
  | { type: 'lost'; at: number }
  | { type: 'snapshot'; snapshot: Snapshot; askedAt: number }
  | { type: 'event'; event: StreamEvent }
  | { type: 'alert'; alert: Alert }
  | { type: 'missed seen' };

/** How many passings the strip and the reducer keep. */
export const keptSightings = 24;
const keptClosedAlerts = 40;
/** The hub's clock is known to about a second; an alert this close to the reconnection may be a live one. */
const clockDoubtMs = 1500;

/** The state before anything was heard. */
export function startLive(at: number): LiveState {
  return {
    connection: 'connecting',
    since: at,
    lastHeardAt: at,
    connectedAt: at,
    loaded: false,
    alerts: new Map(),
    missed: new Set(),
    sightings: [],
    sightingsHeard: 0,
    duty: [],
    boxes: new Map(),
    gaps: new Map(),
  };
}

/** What the page knows after one more thing was heard. */
export function hear(state: LiveState, action: LiveAction): LiveState {
  switch (action.type) {
    case 'connected':
      return {
        ...state,
        connection: 'connected',
        since: action.at,
        connectedAt: action.at,
        lastHeardAt: action.at,
      };
    case 'heard':
      return state.connection === 'stale'
        ? { ...state, connection: 'connected', since: action.at, lastHeardAt: action.at }
        : { ...state, lastHeardAt: action.at };
    case 'quiet':
      return state.connection === 'connected'
        ? { ...state, connection: 'stale', since: state.lastHeardAt }
        : state;
    case 'lost':
      return state.connection === 'connecting' || state.connection === 'reconnecting'
        ? { ...state, connection: state.loaded ? 'reconnecting' : 'connecting' }
        : { ...state, connection: 'reconnecting', since: state.lastHeardAt };
    case 'snapshot':
      return takeSnapshot(state, action.snapshot, action.askedAt);
    case 'alert':
      return takeAlert(state, action.alert);
    case 'missed seen':
      return { ...state, missed: new Set() };
    case 'event':
      return takeEvent(state, action.event);
  }
}

function takeEvent(state: LiveState, event: StreamEvent): LiveState {
  switch (event.type) {
    case 'alert':
      return takeAlert(state, event.alert);
    case 'sighting':
      return takeSighting(state, event.sighting);
    case 'duty':
      return { ...state, duty: event.duty };
    case 'box':
      return { ...state, boxes: new Map(state.boxes).set(event.box.box, event.box) };
    case 'gap':
      return { ...state, gaps: takeGap(state.gaps, event.gap) };
    case 'reset':
      return state;
  }
}

function takeAlert(state: LiveState, alert: Alert): LiveState {
  const known = state.alerts.get(alert.id);
  if (known && known.updatedAt > alert.updatedAt) return state;
  const alerts = new Map(state.alerts).set(alert.id, alert);
  const missed = new Set(state.missed);
  if (!known && wasMissed(state, alert)) missed.add(alert.id);
  if (alert.state !== 'open') missed.delete(alert.id);
  return { ...state, alerts: forgetOld(alerts), missed };
}

/** Raised before this connection was made, and not known from before it. */
function wasMissed(state: LiveState, alert: Alert): boolean {
  return (
    state.loaded && alert.state === 'open' && Date.parse(alert.openedAt) < state.connectedAt - clockDoubtMs
  );
}

/** A snapshot replaces what is known, except what the stream has told since it was asked for. */
function takeSnapshot(state: LiveState, snapshot: Snapshot, askedAt: number): LiveState {
  const newer = [...state.alerts.values()].filter(
    (alert) => Date.parse(alert.updatedAt) >= askedAt - clockDoubtMs,
  );
  const alerts = new Map<string, Alert>();
  for (const alert of [...snapshot.alerts, ...newer]) {
    const other = alerts.get(alert.id);
    if (!other || other.updatedAt <= alert.updatedAt) alerts.set(alert.id, alert);
  }
  const missed = new Set([...state.missed].filter((id) => alerts.get(id)?.state === 'open'));
  for (const alert of alerts.values()) {
    if (!state.alerts.has(alert.id) && wasMissed(state, alert)) missed.add(alert.id);
  }
  const sightings = snapshot.sightings.reduceRight(insertSighting, state.sightings);
  return {
    ...state,
    loaded: true,
    alerts: forgetOld(alerts),
    missed,
    sightings,
    duty: snapshot.duty,
    gaps: gapsAfter(state.gaps, snapshot.gaps, askedAt),
  };
}

function takeGap(gaps: LiveState['gaps'], gap: DutyGap): LiveState['gaps'] {
  const next = new Map(gaps);
  if (gap.until === undefined) next.set(gap.gate, gap);
  else if (next.get(gap.gate)?.id === gap.id) next.delete(gap.gate);
  return next;
}

/** What the snapshot says, and what began or was seen to since it was asked for. */
function gapsAfter(known: LiveState['gaps'], loaded: readonly DutyGap[], askedAt: number): LiveState['gaps'] {
  const isNewer = ({ from, acknowledged }: DutyGap) =>
    Date.parse(acknowledged?.at ?? from) >= askedAt - clockDoubtMs;
  const newer = [...known.values()].filter(isNewer);
  return new Map([...loaded, ...newer].map((gap) => [gap.gate, gap]));
}

function takeSighting(state: LiveState, sighting: TrajectoryEntry): LiveState {
  const known = state.sightings.some(({ id }) => id === sighting.id);
  return {
    ...state,
    sightings: insertSighting(state.sightings, sighting),
    sightingsHeard: state.sightingsHeard + (known ? 0 : 1),
  };
}

function insertSighting(
  sightings: readonly TrajectoryEntry[],
  sighting: TrajectoryEntry,
): readonly TrajectoryEntry[] {
  const known = sightings.find(({ id }) => id === sighting.id);
  if (known && known.revision > sighting.revision) return sightings;
  return [sighting, ...sightings.filter(({ id }) => id !== sighting.id)]
    .sort((a, b) => b.occurredAt.localeCompare(a.occurredAt))
    .slice(0, keptSightings);
}

/** Open and acknowledged alerts are never forgotten; of the closed ones only the newest are kept. */
function forgetOld(alerts: Map<string, Alert>): Map<string, Alert> {
  const closed = [...alerts.values()]
    .filter(({ state }) => state !== 'open' && state !== 'acknowledged')
    .sort((a, b) => b.updatedAt.localeCompare(a.updatedAt));
  for (const { id } of closed.slice(keptClosedAlerts)) alerts.delete(id);
  return alerts;
}

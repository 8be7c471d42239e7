import type { NoticeRequest } from '../announce/notice-request.ts';
import type {
  DutyGap,
  HandOver,
  ListedHoliday,
  ListedPattern,
  ShiftChange,
  SingleShift,
  Swap,
} from '../contract/roster.ts';
import type { LoggedEvent } from '../event-log.ts';

/** One thing that the roster is made of. */
export type RosterItem =
  | { kind: 'pattern'; item: ListedPattern }
  | { kind: 'single'; item: SingleShift & { id: string } }
  | { kind: 'change'; item: ShiftChange & { id: string } }
  | { kind: 'holiday'; item: ListedHoliday }
  | { kind: 'swap'; item: Swap };

/** Everything that the roster of a site is made of, each in the order in which it was made. */
export interface RosterItems {
  patterns: ListedPattern[];
  singles: (SingleShift & { id: string })[];
  changes: (ShiftChange & { id: string })[];
  holidays: ListedHoliday[];
  swaps: Swap[];
}

/** Keeps the planned roster. Every method is one unit of work. */
export interface RosterStore {
  read(site: string): Promise<RosterItems>;
  /** Saves new items and new states of old ones, all or none. */
  save(site: string, items: RosterItem[]): Promise<void>;
  /** False when there is none. */
  remove(site: string, kind: RosterItem['kind'], id: string): Promise<boolean>;
  /** When each person last clocked out since an instant, ms since the epoch. */
  leftSince(since: string): Promise<Map<string, number>>;
}

/** Keeps when gates had nobody. Every method is one unit of work. */
export interface GapStore {
  /** Those that last. */
  open(site: string): Promise<DutyGap[]>;
  /** Those that touch a span, newest first, at most 200. */
  list(site: string, from: string, until: string): Promise<DutyGap[]>;
  get(id: string): Promise<DutyGap | undefined>;
  /** Saves gaps and what must be told of them. */
  save(site: string, gaps: DutyGap[], notices: NoticeRequest[]): Promise<LoggedEvent[]>;
}

/** Keeps what guards leave for those who come after them. */
export interface HandOverStore {
  /** Alerts of a gate that are waiting or taken, oldest first. */
  unfinished(gate: string): Promise<string[]>;
  add(note: HandOver): Promise<void>;
  /** Newest first. */
  list(gate: string, limit: number): Promise<HandOver[]>;
}

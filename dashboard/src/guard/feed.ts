import type { Alert } from '../../../hub/contract/api.ts';
import { wasTold } from './ringing.ts';
import type { Pending } from './use-resolutions.ts';

/** The alerts of the guard's page, by what is to be done about them. */
export interface Feed {
  /** Nobody has taken them; newest first. */
  waiting: Alert[];
  /** Nobody has, and nobody need at once: snoozed, or within quiet hours. */
  quiet: Alert[];
  /** Somebody has; newest first. */
  inHand: Alert[];
  /** Closed, the latest first. */
  done: Alert[];
  /** Waiting at gates that are not shown. */
  waitingElsewhere: number;
}

/**
 * Sorts what the stream has told. `gate` undefined shows every gate; else that gate, and what `person` was told of at
 * others. What is being sent counts as done.
 */
export function arrangeFeed(
  alerts: Iterable<Alert>,
  gate: string | undefined,
  pending: ReadonlyMap<string, Pending>,
  person: string,
): Feed {
  const feed: Feed = { waiting: [], quiet: [], inHand: [], done: [], waitingElsewhere: 0 };
  for (const alert of alerts) {
    if (gate !== undefined && alert.gate !== gate && !wasTold(alert, person)) {
      if (alert.state === 'open' && !alert.quiet) feed.waitingElsewhere += 1;
      continue;
    }
    if (pending.has(alert.id)) continue;
    if (alert.state === 'open') (alert.quiet ? feed.quiet : feed.waiting).push(alert);
    else if (alert.state === 'acknowledged') feed.inHand.push(alert);
    else if (alert.state === 'resolved') feed.done.push(alert);
  }
  feed.waiting.sort(byOpened);
  feed.quiet.sort(byOpened);
  feed.inHand.sort(byOpened);
  feed.done.sort((a, b) => b.updatedAt.localeCompare(a.updatedAt));
  return feed;
}

/** What the large card holds now, and whether a person put it there. */
export interface Focus {
  id: string | undefined;
  /** Chosen by hand, or being dealt with: a new alert does not push it away. */
  held: boolean;
}

/**
 * Which alert is large: the one held, as long as it is not done; else the newest that waits; else the newest that this
 * person has taken; else the newest that anyone has. A quiet one only when it was chosen. `holdsOff` is true while a finger is on the card, so that it never
 * changes under it.
 */
export function chooseFocus(focus: Focus, feed: Feed, person: string, holdsOff: boolean): string | undefined {
  const shown = [...feed.waiting, ...feed.inHand, ...feed.quiet];
  const current = shown.find(({ id }) => id === focus.id);
  if (current && (focus.held || holdsOff)) return current.id;
  const mine = feed.inHand.find(({ acknowledged }) => acknowledged?.id === person);
  return (feed.waiting[0] ?? mine ?? feed.inHand[0])?.id;
}

function byOpened(a: Alert, b: Alert): number {
  return b.openedAt.localeCompare(a.openedAt) || b.id.localeCompare(a.id);
}

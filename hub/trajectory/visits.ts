/** One passing of a subject through a gate. */
export interface Passing {
  /** UTC instant at the lens. */
  at: string;
  direction: 'entry' | 'exit';
}

/** Passing in and out; one side is missing when no lens saw it. */
export interface PairedVisit<P extends Passing> {
  entry?: P;
  exit?: P;
  /** The subject has left, or came in again later, so that it must have left unseen. */
  isOver: boolean;
}

/** Two cameras see one passing: the same direction again within this many milliseconds is the same passing. */
const samePassingMs = 60_000;

/** Pairs passings, oldest first, into visits, newest first: an entry with the exit that comes next. */
export function pairVisits<P extends Passing>(passings: readonly P[]): PairedVisit<P>[] {
  const visits: PairedVisit<P>[] = [];
  for (const [at, passing] of passings.entries()) {
    const current = visits.at(-1);
    if (isSeenAgain(passing, passings[at - 1])) continue;
    if (current) current.isOver = true;
    if (passing.direction === 'entry') visits.push({ entry: passing, isOver: false });
    else if (current && current.exit === undefined) current.exit = passing;
    else visits.push({ exit: passing, isOver: true });
  }
  return visits.reverse();
}

/** Whether a passing is the one right before it, seen by another camera. */
function isSeenAgain(passing: Passing, before: Passing | undefined): boolean {
  return (
    before?.direction === passing.direction && Date.parse(passing.at) - Date.parse(before.at) <= samePassingMs
  );
}

/** Passings around one place in a subject's time, and which visits at their ends are not theirs to decide. */
export interface Surroundings<P extends Passing> {
  /** Oldest first. */
  passings: P[];
  /** The first one only ends a visit that began before. */
  beginsInside: boolean;
  /** The last one only begins a visit that ends after. */
  endsInside: boolean;
}

/**
 * The passings whose pairing a change at one place can touch: from the last one before it that counts, over what stands
 * there now, to the first one after it whose counting does not depend on it. `earlier` and `later` lead away from the
 * place, nearest first, and are read no further than needed.
 */
export function surroundings<P extends Passing>(
  earlier: Iterable<P>,
  there: P | undefined,
  later: Iterable<P>,
): Surroundings<P> {
  const before: P[] = [];
  for (const passing of earlier) {
    const nearer = before[0];
    if (nearer && !isSeenAgain(nearer, passing)) break;
    before.unshift(passing);
  }
  const after: P[] = [];
  let isLastSettled = false;
  for (const passing of later) {
    const nearer = after.at(-1);
    after.push(passing);
    isLastSettled = nearer !== undefined && !isSeenAgain(passing, nearer);
    if (isLastSettled) break;
  }
  return {
    passings: [...before, ...(there ? [there] : []), ...after],
    beginsInside: before[0]?.direction === 'exit',
    endsInside: isLastSettled && after.at(-1)?.direction === 'entry',
  };
}

/** The visits that a change decides anew, and every passing that no other visit may begin with. */
export function decideAnew<P extends Passing>({
  passings,
  beginsInside,
  endsInside,
}: Surroundings<P>): {
  visits: PairedVisit<P>[];
  decided: P[];
} {
  const isForeign = (passing: P | undefined) =>
    (beginsInside && passing === passings[0]) || (endsInside && passing === passings.at(-1));
  return {
    visits: pairVisits(passings).filter(({ entry, exit }) => !isForeign(entry ?? exit)),
    decided: passings.filter((passing) => !isForeign(passing)),
  };
}

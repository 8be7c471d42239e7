/** One passing of a subject through a gate. */
export interface Passing {
  /** UTC instant at the lens. */
  at: string;
  direction: 'entry' | 'exit';
}

/** Passing in and out; one side is missing when no lens saw it. */
export interface Visit {
  entry?: string;
  exit?: string;
}

/** Two cameras see one passing: the same direction again within this many milliseconds is the same passing. */
const samePassingMs = 60_000;

/** Pairs passings, oldest first, into visits, newest first. */
export function pairVisits(passings: Passing[]): Visit[] {
  const visits: Visit[] = [];
  let last: Passing | undefined;
  for (const passing of passings) {
    const current = visits.at(-1);
    const seenTwice =
      last?.direction === passing.direction && Date.parse(passing.at) - Date.parse(last.at) <= samePassingMs;
    last = passing;
    if (seenTwice) continue;
    if (passing.direction === 'entry') visits.push({ entry: passing.at });
    else if (current && current.exit === undefined) current.exit = passing.at;
    else visits.push({ exit: passing.at });
  }
  return visits.reverse();
}

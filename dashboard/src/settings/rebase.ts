/** A setting with somebody's changes on top of what another has saved meanwhile. */
export interface Rebased<T> {
  value: T;
  /** Fields that both have changed, to different values: mine are in `value`. */
  clashes: (keyof T)[];
}

/** Puts what I have changed since `base` onto what they have saved since: a field that I left alone is theirs. */
export function rebase<T extends object>(base: T, mine: T, theirs: T): Rebased<T> {
  const fields = [...new Set([...Object.keys(mine), ...Object.keys(theirs)])] as (keyof T)[];
  const changed = fields.filter((field) => !isSame(mine[field], base[field]));
  const clashes = changed.filter(
    (field) => !isSame(theirs[field], base[field]) && !isSame(mine[field], theirs[field]),
  );
  const ours = Object.fromEntries(changed.map((field) => [field, mine[field]]));
  return { value: { ...theirs, ...ours } as T, clashes };
}

/** Settings are JSON; the order of keys within a field does not matter. */
function isSame(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b);
}

function canonical(value: unknown): string {
  return (
    JSON.stringify(value, (_, part: unknown) =>
      typeof part === 'object' && part !== null && !Array.isArray(part)
        ? Object.fromEntries(Object.entries(part).sort(([x], [y]) => (x < y ? -1 : 1)))
        : part,
    ) ?? ''
  );
}

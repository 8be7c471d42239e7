/** Hues in degrees of OKLCH, 25 and more apart and none of them red: red is for gaps. */
const hues = [230, 110, 320, 50, 170, 290, 80, 200, 140, 345, 260];

/**
 * A colour for each person, stable by id: each takes the place that the id points at, or the next free one. Ids are
 * ordered by time (UUIDv7), so that who comes later never changes the colour of those before.
 */
export function personHues(ids: readonly string[]): Map<string, number> {
  const taken = new Map<string, number>();
  for (const id of [...new Set(ids)].sort()) {
    const wanted = hash(id) % hues.length;
    const inUse = new Set(taken.values());
    const free = hues.map((_, step) => hues[(wanted + step) % hues.length]).find((hue) => !inUse.has(hue));
    taken.set(id, free ?? hues[wanted]);
  }
  return taken;
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const character of text) value = Math.imul(value ^ character.charCodeAt(0), 0x01000193);
  return value >>> 0;
}

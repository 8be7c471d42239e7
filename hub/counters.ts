/** What the hub counted since its start, by reason; nothing is dropped without a count here. Shown in health. */
export class Counters {
  readonly #counts = new Map<string, number>();

  add(reason: string, by = 1): void {
    this.#counts.set(reason, (this.#counts.get(reason) ?? 0) + by);
  }

  read(): Record<string, number> {
    return Object.fromEntries([...this.#counts].sort(([a], [b]) => a.localeCompare(b)));
  }
}

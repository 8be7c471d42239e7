/**
 * Brings together what arrives on several pipes, by order: the n-th of each belongs to the n-th of the others.
 * Every pipe goes on being read until a set is whole, otherwise the writer could wait on one pipe for ever while
 * we wait on another; while a set is being delivered all of them wait.
 */
export class PictureSets<Parts extends object> {
  readonly #lanes: { [K in keyof Parts]: Parts[K][] };
  readonly #deliver: (set: Parts) => Promise<void>;
  #delivering: Promise<void> = Promise.resolve();

  constructor(names: (keyof Parts)[], deliver: (set: Parts) => Promise<void>) {
    this.#lanes = Object.fromEntries(names.map((name) => [name, []])) as never;
    this.#deliver = deliver;
  }

  /** Resolves when this pipe may be read on. */
  async add<K extends keyof Parts>(name: K, part: Parts[K]): Promise<void> {
    this.#lanes[name].push(part);
    const lanes = Object.entries(this.#lanes) as [keyof Parts, unknown[]][];
    if (lanes.every(([, waiting]) => waiting.length > 0)) {
      const set = Object.fromEntries(lanes.map(([lane, waiting]) => [lane, waiting.shift()])) as Parts;
      this.#delivering = this.#delivering.then(() => this.#deliver(set));
    }
    await this.#delivering;
  }
}

const width = 30;

/** A bar on standard error for long work; silent when that is no terminal. */
export class ProgressBar {
  readonly #what: string;
  #shown = -1;

  constructor(what: string) {
    this.#what = what;
  }

  /** `share` from 0 to 1. */
  show(share: number): void {
    const percent = Math.round(share * 100);
    if (!process.stderr.isTTY || percent === this.#shown) return;
    this.#shown = percent;
    const done = Math.round(share * width);
    process.stderr.write(`\r${this.#what}  ${'█'.repeat(done)}${'░'.repeat(width - done)} ${percent} %`);
  }

  end(): void {
    if (this.#shown >= 0) process.stderr.write('\n');
  }
}

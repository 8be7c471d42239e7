import { type FileHandle, open } from 'node:fs/promises';

/**
 * Brings what was written to a file onto the disk without holding up whoever goes on working. Calls that come during a
 * flush share the next one.
 */
export class LogFlush {
  readonly #path: string;
  #file: Promise<FileHandle> | undefined;
  #running: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /** All that was written before the call is on the disk when this resolves. Throws what the system throws. */
  flush(): Promise<void> {
    if (!this.#running) return this.#begin();
    this.#next ??= this.#running
      .catch(() => {})
      .then(() => {
        this.#next = undefined;
        return this.#begin();
      });
    return this.#next;
  }

  /** After what is in hand. */
  close(): void {
    this.#file?.then((file) => file.close()).catch(() => {});
  }

  #begin(): Promise<void> {
    this.#file ??= open(this.#path, 'r+').catch((error) => {
      this.#file = undefined;
      throw error;
    });
    const running = this.#file.then((file) => file.datasync());
    this.#running = running;
    const done = () => {
      this.#running = undefined;
    };
    running.then(done, done);
    return running;
  }
}

import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { type Policy, policy } from '../hub/contract/policy.ts';

/** The last policy the hub sent, kept so that a box decides alike after a restart without the hub. */
export class PolicyFile {
  readonly #path: string;
  #current: Policy | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  get current(): Policy | undefined {
    return this.#current;
  }

  /** Reads what was kept; says so when there is a file that is no policy. */
  load(): 'loaded' | 'none' | 'unreadable' {
    let text: string;
    try {
      text = readFileSync(this.#path, 'utf8');
    } catch {
      return 'none';
    }
    try {
      this.#current = policy.parse(JSON.parse(text));
      return 'loaded';
    } catch {
      return 'unreadable';
    }
  }

  /** Takes effect at once; a full disk only costs the memory of it after a restart, which is thrown to the caller. */
  replace(next: Policy): void {
    this.#current = next;
    writeFileSync(`${this.#path}.new`, JSON.stringify(next), { mode: 0o600 });
    renameSync(`${this.#path}.new`, this.#path);
  }
}

import { createHmac, timingSafeEqual } from 'node:crypto';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { instant, name, uuid } from '../contract/ids.ts';
import { HubError } from '../errors.ts';
import type { KeyRing } from '../keys/key-ring.ts';

/** Beside the database; a backup has a copy, and whoever restores keeps the newer one. */
export const tombstonesName = 'erasures.tombstones';

const tombstone = z.strictObject({
  id: uuid,
  site: name,
  subject: z.string(),
  subjects: z.array(z.string()),
  reason: z.string(),
  askedBy: z.strictObject({ id: uuid, displayName: z.string() }),
  askedAt: instant,
  until: instant,
});

/** Who was forgotten, under which names, up to when: enough to do it again on data from before. */
export type Tombstone = z.infer<typeof tombstone>;

const line = z.strictObject({ v: z.literal(1), tombstone, mac: z.string() });

/**
 * The list of those who were forgotten, one JSON object a line, only ever added to. It lies beside the database and
 * not in it, so that a database from before an erasure does not bring it back to before: whoever restores one finds
 * here what to forget again. Each line is bound to the hub's key; a later line about the same erasure replaces an
 * earlier one.
 */
export class Tombstones {
  readonly #path: string;
  readonly #keys: KeyRing;

  constructor(path: string, keys: KeyRing) {
    this.#path = path;
    this.#keys = keys;
  }

  /** The newest of each erasure. A line that a crash cut short counts for nothing. Throws TOMBSTONES_UNREADABLE. */
  async read(): Promise<Tombstone[]> {
    const newest = new Map<string, Tombstone>();
    for (const text of (await this.#text()).split('\n')) {
      const found = this.#readLine(text);
      if (found) newest.set(found.id, found);
    }
    return [...newest.values()];
  }

  /** On the disk when this resolves. */
  async add(added: Tombstone): Promise<void> {
    const text = JSON.stringify({ v: 1, tombstone: added, mac: this.#mac(added) });
    const file = await open(this.#path, 'a', 0o600);
    try {
      // Begins its own line also after one that was cut short.
      await file.write(`\n${text}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
  }

  async #text(): Promise<string> {
    try {
      return await readFile(this.#path, 'utf8');
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return '';
      throw new HubError('TOMBSTONES_UNREADABLE', this.#path, { cause });
    }
  }

  #readLine(text: string): Tombstone | undefined {
    if (text === '') return undefined;
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return undefined;
    }
    const parsed = line.safeParse(value);
    if (!parsed.success || !isSame(parsed.data.mac, this.#mac(parsed.data.tombstone)))
      throw new HubError('TOMBSTONES_UNREADABLE', this.#path);
    return parsed.data.tombstone;
  }

  #mac(of: Tombstone): string {
    return createHmac('sha256', this.#keys.key('tombstone')).update(JSON.stringify(of)).digest('hex');
  }
}

/** The list of a hub, in its data folder. */
export function tombstonesOf(dataFolder: string, keys: KeyRing): Tombstones {
  return new Tombstones(join(dataFolder, tombstonesName), keys);
}

function isSame(one: string, other: string): boolean {
  return one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));
}

import { z } from 'zod';
import { HubError } from '../errors.ts';

/** What a backup says at its end of what it holds. */
const manifest = z.strictObject({
  version: z.literal(1),
  /** ISO 8601 UTC. */
  madeAt: z.string(),
  hub: z.string(),
  /** Rows of each table. */
  rows: z.record(z.string(), z.number().int()),
  pictures: z.number().int(),
  /** Pictures that were removed (by retention or an erasure) while the backup was made. */
  gone: z.number().int(),
  hasPictures: z.boolean(),
});
export type Manifest = z.infer<typeof manifest>;

/** A name is a path below the data folder; nothing that leads out of it. */
const fileName = z.string().regex(/^(?!.*\.\.)[\w.-]+(\/[\w.-]+){0,2}$/);
const entryHeader = z.union([
  z.strictObject({ name: fileName, bytes: z.number().int().nonnegative() }),
  z.strictObject({ manifest }),
]);

/** One file of an archive. `content` is read to its end before the next entry is asked for. */
export interface ArchiveEntry {
  name: string;
  bytes: number;
  content: AsyncIterable<Uint8Array>;
}

/** Headers are small; a longer one is no header. */
const headerLimit = 64 * 1024;

/** Files one after the other, each behind a line of JSON with its length, and the manifest as the last. */
export async function* packArchive(
  entries: AsyncIterable<ArchiveEntry>,
  last: () => Manifest,
): AsyncGenerator<Uint8Array> {
  for await (const { name, bytes, content } of entries) {
    yield header({ name, bytes });
    let written = 0;
    for await (const piece of content) {
      written += piece.byteLength;
      yield piece;
    }
    if (written !== bytes) throw new Error(`${name} changed its length while it was read`);
  }
  yield header({ manifest: last() });
}

/** Hands each file to `take`, which reads its content; gives the manifest. Throws BACKUP_UNREADABLE. */
export async function unpackArchive(
  stream: AsyncIterable<Uint8Array>,
  take: (entry: ArchiveEntry) => Promise<void>,
): Promise<Manifest> {
  const reader = new Reader(stream);
  for (;;) {
    const length = (await reader.exactly(4)).readUInt32BE();
    if (length > headerLimit) throw new HubError('BACKUP_UNREADABLE');
    const found = entryHeader.safeParse(parse((await reader.exactly(length)).toString()));
    if (!found.success) throw new HubError('BACKUP_UNREADABLE');
    if ('manifest' in found.data) {
      await reader.end();
      return found.data.manifest;
    }
    const { name, bytes } = found.data;
    const content = reader.content(bytes);
    await take({ name, bytes, content });
    for await (const _ of content);
  }
}

function header(value: z.infer<typeof entryHeader>): Buffer {
  const text = Buffer.from(JSON.stringify(value));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(text.length);
  return Buffer.concat([length, text]);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Reads a stream by lengths. */
class Reader {
  readonly #pieces: AsyncIterator<Uint8Array>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(stream: AsyncIterable<Uint8Array>) {
    this.#pieces = stream[Symbol.asyncIterator]();
  }

  async exactly(length: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    for await (const part of this.content(length)) parts.push(part);
    return Buffer.concat(parts);
  }

  async *content(length: number): AsyncGenerator<Buffer> {
    for (let left = length; left > 0; ) {
      if (this.#rest.length === 0 && !(await this.#more())) throw new HubError('BACKUP_UNREADABLE');
      const part = this.#rest.subarray(0, left);
      this.#rest = this.#rest.subarray(part.length);
      left -= part.length;
      yield part;
    }
  }

  /** To the very end, so that a stream that fails there fails. */
  async end(): Promise<void> {
    if (this.#rest.length > 0 || (await this.#more())) throw new HubError('BACKUP_UNREADABLE');
  }

  async #more(): Promise<boolean> {
    for (;;) {
      const { done, value } = await this.#pieces.next();
      if (done) return false;
      if (value.byteLength === 0) continue;
      this.#rest = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
      return true;
    }
  }
}

import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { scopeOf } from '../accounts/scope.ts';
import type { Person, StreamEvent } from '../contract/api.ts';
import type { EventLog } from '../event-log.ts';
import { shownTo } from './tablet-view.ts';

/** Milliseconds after which a client comes back by itself. */
const retryMs = 2000;
/** How many events are read from the log at once: the most that is ever in memory for one client. */
const batchSize = 100;

/** Characters that are handed to a socket at once; what waits for a slow one is hardly more. */
const largestWrite = 16 * 1024;

/** Events as text, made once for all tablets that stand at the same place of the log. */
const texts = new WeakMap<StreamEvent, string>();

function jsonOf(event: StreamEvent): string {
  const known = texts.get(event);
  if (known !== undefined) return known;
  const text = JSON.stringify(event);
  texts.set(event, text);
  return text;
}

/** Why a stream ended; counted by this name. */
export type StreamEnd = 'left' | 'slow' | 'session_ended' | 'too_many' | 'failed' | 'stopped';

/** Where a client's events come from. */
export interface TabletSource {
  log: EventLog;
  /** The gate where the person is on duty now. */
  gateOf: (personId: string) => Promise<string | undefined>;
  /** How long a client may leave its socket full, milliseconds. */
  slowAfterMs: number;
}

/** Whose stream it is. */
export interface StreamOwner {
  person: Person;
  tokenHash: string;
}

/**
 * One tablet's stream. It reads the committed log from its own place on and nothing else, so that each event comes
 * once and in order; an announcement only says that there is more to read. A full socket stops the reading, and one
 * that stays full ends the stream: the tablet comes back and goes on where it was.
 */
export class TabletClient {
  readonly owner: StreamOwner;
  readonly #source: TabletSource;
  readonly #socket: ServerResponse;
  readonly #ended = new AbortController();
  #lastId: number | undefined;
  #woken = false;
  #wake: () => void = () => {};

  /** `lastId`: the last event that the client has; undefined for one that starts now. */
  constructor(owner: StreamOwner, source: TabletSource, socket: ServerResponse, lastId: number | undefined) {
    this.owner = owner;
    this.#source = source;
    this.#socket = socket;
    this.#lastId = lastId;
  }

  /** Serves the client until it ends, and says why. Rejects when the log cannot be read. */
  async serve(): Promise<StreamEnd> {
    this.#socket.on('close', () => this.end('left'));
    this.#socket.on('error', () => this.end('left'));
    try {
      await this.#greet();
      while (!this.#hasEnded()) {
        this.#woken = false;
        const more = await this.#sendBatch();
        if (!more) await this.#untilWoken();
      }
    } catch (error) {
      if (!this.#hasEnded()) throw error;
    } finally {
      this.#socket.end();
    }
    return this.#ended.signal.reason as StreamEnd;
  }

  /** There may be something new in the log. */
  wake(): void {
    this.#woken = true;
    this.#wake();
  }

  /** Keeps proxies and the client's watchdog content, and moves the client's place past what was not for it. */
  heartbeat(): void {
    if (this.#lastId === undefined || this.#hasEnded() || this.#socket.writableNeedDrain) return;
    this.#socket.write(`: heartbeat\nid: ${this.#lastId}\n\n`);
  }

  /** The first reason counts. A slow client's socket is cut, because nothing more can be written to it. */
  end(why: StreamEnd): void {
    if (this.#hasEnded()) return;
    this.#ended.abort(why);
    if (why === 'slow') this.#socket.destroy();
    this.wake();
  }

  /** The place comes first, so that a client that loses the connection before any event still knows it. */
  async #greet(): Promise<void> {
    this.#lastId ??= await this.#source.log.lastId();
    await this.#write(`retry: ${retryMs}\nid: ${this.#lastId}\n\n`);
  }

  /** True when there is more to read at once. */
  async #sendBatch(): Promise<boolean> {
    const { log, gateOf } = this.#source;
    const replay = await log.after(this.#lastId ?? 0, batchSize);
    if (replay.kind === 'reset') {
      this.#lastId = replay.lastId;
      await this.#write(`id: ${replay.lastId}\ndata: ${jsonOf({ type: 'reset' })}\n\n`);
      return false;
    }
    if (replay.events.length === 0) return false;

    const { person } = this.owner;
    const viewer = {
      id: person.id,
      role: person.role,
      gate: await gateOf(person.id),
      scope: scopeOf(person),
    };
    let text = '';
    for (const { id, event } of replay.events) {
      const shown = shownTo(viewer, event);
      // The place is set before the write: a heartbeat that comes between must not move the client back.
      this.#lastId = id;
      if (!shown) continue;
      text += `id: ${id}\ndata: ${jsonOf(shown)}\n\n`;
      if (text.length < largestWrite) continue;
      await this.#write(text);
      text = '';
    }
    if (text !== '') await this.#write(text);
    return replay.more;
  }

  async #write(text: string): Promise<void> {
    this.#ended.signal.throwIfAborted();
    if (this.#socket.write(text)) return;
    const slow = setTimeout(() => this.end('slow'), this.#source.slowAfterMs);
    await once(this.#socket, 'drain', { signal: this.#ended.signal }).finally(() => clearTimeout(slow));
  }

  async #untilWoken(): Promise<void> {
    if (this.#woken) return;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
  }

  #hasEnded(): boolean {
    return this.#ended.signal.aborted;
  }
}

import type { ServerResponse } from 'node:http';
import type { Counters } from '../counters.ts';
import type { Announcer, EventLog } from '../event-log.ts';
import { SharedEventLog } from './shared-event-log.ts';
import { type StreamEnd, type StreamOwner, TabletClient, type TabletSource } from './tablet-client.ts';

/** Milliseconds between two signs of life. */
const heartbeatMs = 10_000;
/** A full socket is given this long, milliseconds. */
const slowAfterMs = 15_000;
/** A session has at most this many streams; one more ends the oldest. */
const streamsPerSession = 6;

/** What the live stream needs to know. */
export interface TabletStreamParts {
  log: EventLog;
  /** The gate where a person is on duty now. */
  gateOf: (personId: string) => Promise<string | undefined>;
  /** Whether a session still holds, without extending it. */
  isLive: (tokenHash: string) => Promise<boolean>;
  counters: Counters;
  /** Told once for each stream that ended because of a fault of the hub. */
  reportFailure: (error: unknown) => void;
}

/** The live stream to the tablets: server-sent events with replay, out of the committed log. */
export class TabletStream implements Announcer {
  readonly #parts: TabletStreamParts;
  readonly #source: TabletSource;
  readonly #log: SharedEventLog;
  readonly #clients = new Map<TabletClient, Promise<void>>();
  #heartbeat: NodeJS.Timeout | undefined;

  constructor(parts: TabletStreamParts) {
    this.#parts = parts;
    this.#log = new SharedEventLog(parts.log);
    this.#source = { log: this.#log, gateOf: parts.gateOf, slowAfterMs };
  }

  /** How many tablets are connected. */
  get size(): number {
    return this.#clients.size;
  }

  start(): void {
    this.#heartbeat = setInterval(() => this.#beat(), heartbeatMs);
  }

  /** Ends every stream and waits until the last has ended. */
  async stop(): Promise<void> {
    clearInterval(this.#heartbeat);
    this.#endAll(() => true, 'stopped');
    await Promise.all(this.#clients.values());
  }

  /** Only wakes: what is sent is read from the log, in its order. */
  announce(): void {
    this.#log.forget();
    for (const client of this.#clients.keys()) client.wake();
  }

  /** Takes over a response whose head is written. `lastId`: the last event that the client has. */
  open(owner: StreamOwner, socket: ServerResponse, lastId: number | undefined): void {
    const mine = [...this.#clients.keys()].filter((client) => client.owner.tokenHash === owner.tokenHash);
    if (mine.length >= streamsPerSession) mine[0].end('too_many');

    const client = new TabletClient(owner, this.#source, socket, lastId);
    this.#parts.counters.add('stream_opened');
    this.#clients.set(client, this.#serve(client));
  }

  /** The session has ended: so do its streams. */
  closeSession(tokenHash: string): void {
    this.#endAll(({ owner }) => owner.tokenHash === tokenHash, 'session_ended');
  }

  /** The person may no longer log in: the streams end. */
  closePerson(personId: string): void {
    this.#endAll(({ owner }) => owner.person.id === personId, 'session_ended');
  }

  async #serve(client: TabletClient): Promise<void> {
    const end = await client.serve().catch((error: unknown) => this.#fail(error));
    this.#clients.delete(client);
    this.#parts.counters.add(`stream_${end}`);
  }

  #fail(error: unknown): StreamEnd {
    this.#parts.reportFailure(error);
    return 'failed';
  }

  #beat(): void {
    for (const client of this.#clients.keys()) {
      client.heartbeat();
      void this.#endWhenLoggedOut(client);
    }
  }

  async #endWhenLoggedOut(client: TabletClient): Promise<void> {
    try {
      if (!(await this.#parts.isLive(client.owner.tokenHash))) client.end('session_ended');
    } catch (error) {
      client.end(this.#fail(error));
    }
  }

  #endAll(which: (client: TabletClient) => boolean, why: StreamEnd): void {
    for (const client of this.#clients.keys()) if (which(client)) client.end(why);
  }
}

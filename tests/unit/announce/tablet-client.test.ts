import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type StreamEnd, TabletClient } from '../../../hub/announce/tablet-client.ts';
import type { Duty, Person, Role } from '../../../hub/contract/api.ts';
import type { EventLog, LoggedEvent } from '../../../hub/event-log.ts';

/** A log in memory; `bytes` makes every event that large. */
class MemoryLog implements EventLog {
  readonly events: LoggedEvent[] = [];
  reads = 0;
  largestRead = 0;
  broken = false;
  /** Called once, when a read has seen its events and has not returned them yet. */
  duringRead: (() => void) | undefined;

  append(count: number, bytes = 10) {
    for (let added = 0; added < count; added++) {
      const duty = [{ displayName: 'x'.repeat(bytes) } as Duty];
      this.events.push({ id: this.events.length + 1, event: { type: 'duty', duty } });
    }
  }

  async after(id: number, limit: number) {
    if (this.broken) throw new Error('the disk is gone');
    const rest = this.events.filter((event) => event.id > id);
    this.reads++;
    this.duringRead?.();
    this.duringRead = undefined;
    this.largestRead = Math.max(this.largestRead, Math.min(rest.length, limit));
    return { kind: 'events' as const, events: rest.slice(0, limit), more: rest.length > limit };
  }

  async lastId() {
    return this.events.length;
  }
}

let server: Server;
let log: MemoryLog;
let client: TabletClient;
let end: Promise<StreamEnd>;
let socket: Socket;

async function open({
  lastId,
  slowAfterMs = 10_000,
  role = 'manager',
}: {
  lastId?: number;
  slowAfterMs?: number;
  role?: Role;
} = {}) {
  const opened = once(server, 'request') as Promise<[unknown, ServerResponse]>;
  socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.write('GET / HTTP/1.0\r\n\r\n');
  const [, response] = await opened;
  response.writeHead(200);
  client = new TabletClient(
    { person: { id: 'm', role } as Person, tokenHash: 'hash' },
    { log, gateOf: async () => undefined, slowAfterMs },
    response,
    lastId,
  );
  end = client.serve();
}

beforeEach(async () => {
  log = new MemoryLog();
  server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(() => {
  socket.destroy();
  server.close();
});

/** What has come so far. */
function receive() {
  const got = { text: '' };
  socket.setEncoding('utf8').on('data', (chunk) => {
    got.text += chunk;
  });
  return got;
}

const idsIn = ({ text }: { text: string }) =>
  [...text.matchAll(/^id: (\d+)\ndata/gm)].map(([, id]) => Number(id));

describe('a tablet’s stream', () => {
  test('reads no more than a batch at once, however much was missed', async () => {
    log.append(1000);
    await open({ lastId: 0 });
    const received = receive();

    await expect.poll(() => idsIn(received).length).toBe(1000);
    expect(idsIn(received)).toEqual(log.events.map(({ id }) => id));
    expect(log.largestRead).toBe(100);
    client.end('stopped');
    expect(await end).toBe('stopped');
  });

  test('stops reading the log for a tablet that does not take what it gets, and drops it', async () => {
    log.append(5000, 20_000);
    await open({ lastId: 0, slowAfterMs: 200 });
    socket.pause();

    expect(await end).toBe('slow');
    expect(log.reads).toBeLessThan(20);
  });

  test('goes on for a tablet that was only slow for a moment', async () => {
    log.append(300, 20_000);
    await open({ lastId: 0 });
    socket.pause();
    await new Promise((resolve) => setTimeout(resolve, 100));
    const received = receive();
    socket.resume();

    await expect.poll(() => received.text.length, { timeout: 10_000 }).toBeGreaterThan(300 * 20_000);
    expect(idsIn(received)).toEqual(log.events.map(({ id }) => id));
    client.end('stopped');
    await end;
  });

  test('loses no announcement that comes while it reads', async () => {
    await open({ lastId: 0 });
    const received = receive();
    for (let round = 0; round < 200; round++) {
      log.append(1);
      client.wake();
      if (round % 7 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await expect.poll(() => idsIn(received).length).toBe(200);

    log.duringRead = () => {
      log.append(1);
      client.wake();
    };
    log.append(1);
    client.wake();
    await expect.poll(() => idsIn(received).length).toBe(202);
    expect(idsIn(received)).toEqual(log.events.map(({ id }) => id));
    client.end('stopped');
    await end;
  });

  test('tells its place in a heartbeat, so that what was not for it is not replayed', async () => {
    await open({ lastId: 0, role: 'installer' });
    const received = receive();
    await expect.poll(() => received.text).toContain('id: 0\n\n');
    log.append(2);
    client.wake();
    await expect.poll(() => log.largestRead).toBe(2);

    await expect
      .poll(() => {
        client.heartbeat();
        return received.text;
      })
      .toContain(': heartbeat\nid: 2\n\n');
    expect(idsIn(received)).toEqual([]);
    client.end('stopped');
    await end;
  });

  test('ends when the tablet goes, and when the log cannot be read it says so to its owner', async () => {
    await open();
    socket.destroy();
    expect(await end).toBe('left');

    log.broken = true;
    await open({ lastId: 0 });
    await expect(end).rejects.toThrow('the disk is gone');
  });
});

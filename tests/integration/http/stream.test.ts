import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { StreamEvent } from '../../../hub/contract/api.ts';
import { newId } from '../../../hub/contract/ids.ts';
import { type HubBench, startHubBench } from './hub-bench.ts';

/** A tablet as the standard describes one: keeps the last id and asks for what came after it. */
class Tablet {
  readonly received: { id: number; event: StreamEvent }[] = [];
  lastId = '';
  heartbeats = 0;
  retry: string | undefined;
  readonly #abort = new AbortController();
  ended: Promise<void> = Promise.resolve();

  async connect(address: string, cookie: string, lastId = this.lastId, by: 'header' | 'query' = 'header') {
    const query = by === 'query' && lastId ? `?lastEventId=${lastId}` : '';
    const response = await fetch(`${address}/api/v1/stream${query}`, {
      headers: { cookie, ...(by === 'header' && lastId ? { 'last-event-id': lastId } : {}) },
      signal: this.#abort.signal,
    });
    if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`);
    const greeted = Promise.withResolvers<void>();
    this.ended = this.#read(response, greeted.resolve);
    await greeted.promise;
    return response;
  }

  async #read(response: Response, greeted: () => void) {
    let rest = '';
    try {
      for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
        const blocks = (rest + chunk).split('\n\n');
        rest = blocks.pop()!;
        for (const block of blocks) this.#take(block);
        greeted();
      }
    } catch (error) {
      if (!this.#abort.signal.aborted && (error as Error).message !== 'terminated') throw error;
    }
  }

  #take(block: string) {
    const lines = block.split('\n');
    const field = (name: string) =>
      lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
    if (lines.some((line) => line.startsWith(':'))) this.heartbeats++;
    this.retry ??= field('retry');
    this.lastId = field('id') ?? this.lastId;
    const data = field('data');
    if (data) this.received.push({ id: Number(field('id')), event: JSON.parse(data) });
  }

  disconnect() {
    this.#abort.abort();
    return this.ended;
  }

  get sightings() {
    return this.received.flatMap(({ event }) => (event.type === 'sighting' ? [event.sighting.id] : []));
  }

  get alerts() {
    return this.received.flatMap(({ event }) => (event.type === 'alert' ? [event.alert] : []));
  }

  until(holds: (tablet: Tablet) => boolean) {
    return vi.waitFor(() => expect(holds(this)).toBe(true), { timeout: 4000, interval: 10 });
  }
}

let bench: HubBench;
let address: string;
let manager: string;

beforeAll(async () => {
  bench = await startHubBench();
  address = await bench.listen();
  manager = await bench.logIn('manager');
});
afterAll(() => bench.stop());
beforeEach(() => {
  bench.clock.advance(1000);
});

function fresh(): string {
  return newId(bench.clock.now());
}

describe('the live stream', () => {
  test('says when to come back and where it stands, before anything happens', async () => {
    const tablet = new Tablet();
    const response = await tablet.connect(address, manager);

    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(tablet.retry).toBe('2000');
    expect(tablet.lastId).toMatch(/^\d+$/);
    expect(tablet.received).toEqual([]);
    await tablet.disconnect();
  });

  test('brings a committed sighting and its alert at once', async () => {
    const tablet = new Tablet();
    await tablet.connect(address, manager);
    const sighting = await bench.commit({ id: fresh() });

    await tablet.until(({ alerts }) => alerts.length > 0);
    expect(tablet.sightings).toEqual([sighting.id]);
    expect(tablet.alerts).toMatchObject([{ sighting: sighting.id, state: 'open', flags: ['mask_not_worn'] }]);
    await tablet.disconnect();
  });

  test.each(['header', 'query'] as const)(
    'brings a tablet that was away what it missed, once and in order (last id in the %s)',
    async (by) => {
      const tablet = new Tablet();
      await tablet.connect(address, manager);
      const before = [(await bench.commit({ id: fresh() })).id];
      await tablet.until(({ sightings }) => sightings.length === 1);
      await tablet.disconnect();

      const missed: string[] = [];
      for (let count = 0; count < 120; count++)
        missed.push((await bench.commit({ id: fresh(), flags: [] })).id);
      const back = new Tablet();
      const connected = back.connect(address, manager, tablet.lastId, by);
      const after: string[] = [];
      for (let count = 0; count < 10; count++)
        after.push((await bench.commit({ id: fresh(), flags: [] })).id);
      await connected;

      await back.until(({ sightings }) => sightings.includes(after.at(-1)!));
      expect([...tablet.sightings, ...back.sightings]).toEqual([...before, ...missed, ...after]);
      const ids = back.received.map(({ id }) => id);
      expect(ids).toEqual([...new Set(ids)].toSorted((a, b) => a - b));
      await back.disconnect();
    },
  );

  test('tells a tablet whose place is not known any more to load afresh, and goes on from there', async () => {
    const tablet = new Tablet();
    await tablet.connect(address, manager, '999999999');
    await tablet.until(({ received }) => received.length === 1);
    expect(tablet.received[0].event).toEqual({ type: 'reset' });

    const { id } = await bench.commit({ id: fresh() });
    await tablet.until(({ sightings }) => sightings.length === 1);
    expect(tablet.sightings).toEqual([id]);
    await tablet.disconnect();
  });

  test('refuses a last id that is not a number', async () => {
    await expect(new Tablet().connect(address, manager, 'x1')).rejects.toThrow(/400 .*REQUEST_INVALID/);
  });
});

describe('what reaches whom', () => {
  test('a guard gets the alerts of the gate of the duty, a manager all, an installer none', async () => {
    const cookies = [
      await bench.logIn('guard'),
      await bench.logIn('manager'),
      await bench.logIn('installer'),
    ];
    const second = (await bench.desks.roster.colleagues()).find(({ displayName }) => displayName === 'Zhang');
    await bench.desks.duties.clockIn(bench.people.guard, 'west-gate');
    await bench.desks.duties.clockIn(second as never, 'east-gate');
    const [guard, boss, installer] = [new Tablet(), new Tablet(), new Tablet()];
    for (const [at, tablet] of [guard, boss, installer].entries()) await tablet.connect(address, cookies[at]);

    await bench.commit({ id: fresh(), gate: 'east-gate', camera: 'east-lane' });
    const { id } = await bench.commit({ id: fresh(), gate: 'west-gate', camera: 'west-lane' });
    await boss.until(({ alerts }) => alerts.length === 2);
    await guard.until(({ alerts }) => alerts.length === 1);
    expect(guard.sightings).toEqual([id]);
    expect(guard.alerts).toMatchObject([{ gate: 'west-gate', audience: 'on_duty' }]);
    expect(boss.alerts).toMatchObject([{ audience: 'on_duty' }, { audience: 'on_duty' }]);

    await bench.desks.duties.clockOut(bench.people.guard.id);
    await bench.commit({ id: fresh(), gate: 'west-gate', camera: 'west-lane' });
    await boss.until(({ alerts }) => alerts.length === 3);
    await guard.until(({ received }) => received.at(-1)?.event.type === 'duty');
    expect(guard.alerts).toHaveLength(1);
    expect(installer.received).toEqual([]);
    for (const tablet of [guard, boss, installer]) await tablet.disconnect();
    await bench.desks.duties.clockOut((second as { id: string }).id);
  });

  test('a guard gets the alert of a gate without anybody, as the one who is nearest', async () => {
    await bench.desks.duties.clockIn(bench.people.guard, 'west-gate');
    const [guard, boss] = [new Tablet(), new Tablet()];
    await guard.connect(address, await bench.logIn('guard'));
    await boss.connect(address, await bench.logIn('manager'));

    await bench.commit({ id: fresh(), gate: 'north-gate', camera: 'north-lane' });
    await guard.until(({ alerts }) => alerts.length === 1);
    await boss.until(({ alerts }) => alerts.length === 1);
    expect(guard.alerts).toMatchObject([
      { gate: 'north-gate', audience: 'managers', steps: [{ stage: 'next_gate', why: 'nobody_on_duty' }] },
    ]);
    for (const tablet of [guard, boss]) await tablet.disconnect();
    await bench.desks.duties.clockOut(bench.people.guard.id);
  });
});

describe('the end of a stream', () => {
  test('comes with the end of the session, by logging out', async () => {
    const cookie = await bench.logIn('guard');
    const tablet = new Tablet();
    await tablet.connect(address, cookie);
    const headers = { cookie, origin: address };
    await fetch(`${address}/api/v1/session`, { method: 'DELETE', headers });

    await tablet.ended;
    await expect(new Tablet().connect(address, cookie)).rejects.toThrow(/401 .*NOT_LOGGED_IN/);
  });

  test('comes when the person is disabled', async () => {
    const tablet = new Tablet();
    await tablet.connect(address, await bench.logIn('second-guard'));
    const cookie = await bench.logIn('admin');
    const people = await (await fetch(`${address}/api/v1/people`, { headers: { cookie } })).json();
    const { id } = people.find(({ username }: { username: string }) => username === 'second-guard');
    await fetch(`${address}/api/v1/people/${id}`, {
      method: 'PATCH',
      headers: { cookie, origin: address, 'content-type': 'application/json' },
      body: JSON.stringify({ disabled: true }),
    });
    await tablet.ended;
    expect(bench.counters.read().stream_session_ended).toBeGreaterThanOrEqual(1);
  });

  test('comes to the oldest of a session’s streams when it opens too many', async () => {
    const cookie = await bench.logIn('manager');
    const tablets = Array.from({ length: 7 }, () => new Tablet());
    for (const tablet of tablets) await tablet.connect(address, cookie);
    await tablets[0].ended;
    expect(bench.counters.read().stream_too_many).toBe(1);
    for (const tablet of tablets.slice(1)) await tablet.disconnect();
  });

  test('comes to all with the end of the hub, which waits neither for them nor for idle connections', async () => {
    const other = await startHubBench();
    const tablet = new Tablet();
    const url = await other.listen();
    await tablet.connect(url, await other.logIn('manager'));
    const idle = connect(Number(new URL(url).port), '127.0.0.1');
    await once(idle, 'connect');
    expect(other.stream.size).toBe(1);
    const begin = performance.now();
    await other.stop();
    expect(performance.now() - begin).toBeLessThan(5000);
    await tablet.ended;
    expect(other.counters.read()).toMatchObject({ stream_opened: 1, stream_stopped: 1 });
  });
});

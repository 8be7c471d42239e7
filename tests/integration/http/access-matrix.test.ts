import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { acknowledge } from '../../../hub/alerts/alert.ts';
import { type Person, type Role, role as roles } from '../../../hub/contract/api.ts';
import { newId } from '../../../hub/contract/ids.ts';
import type { Evidence } from '../../../hub/contract/sighting.ts';
import { buildJpeg, describeEvidence } from '../../builders/sighting.ts';
import { type AtGate, accessTable, type Question, type Row } from './access-table.ts';
import { type HubBench, startHubBench } from './hub-bench.ts';

const own = 'east-gate';
const other = 'west-gate';
const gates = [own, other];
/** Ending the session that asks would end the walk; the stream is walked below. */
const walkedAlone = ['DELETE /api/v1/session', 'DELETE /api/v1/sessions', 'GET /api/v1/stream'];
const routes = Object.entries(accessTable).filter(([route]) => !walkedAlone.includes(route));
const of = (scope: Row['scope']) => routes.filter(([, row]) => row.scope === scope);

/** Of each role one who has to do with everything, and one who has to do with the own gate only. */
interface Cast {
  whole: Record<Role, string>;
  limited: Record<Role, string>;
}

let bench: HubBench;
let cast: Cast;
let people: Record<Role, Person>;

beforeAll(async () => {
  bench = await startHubBench();
  // Thousands of commits, and no power cut among them.
  await sql`pragma synchronous = OFF`.execute(bench.store.database);
  cast = { whole: {} as Cast['whole'], limited: {} as Cast['limited'] };
  people = {} as typeof people;
  for (const role of roles.options) {
    const username = `${role}-of-one-gate`;
    people[role] = await bench.accounts.addPerson({
      username,
      displayName: username,
      role,
      password: bench.password,
      gates: [own],
    });
    cast.limited[role] = await bench.logIn(username);
    cast.whole[role] = await bench.logIn(role);
  }
  for (const gate of gates) await bench.desks.duties.clockIn({ id: randomUUID(), displayName: 'a' }, gate);
});
afterAll(() => bench.stop());
// Limits of requests are not what is walked here: every question comes from an address of its own.
let asked = 0;
let furnished = 0;
beforeEach(() => {
  bench.clock.advance(1000);
});

/** Something of every kind at a gate; new alerts each time, because walking changes them. */
async function furnish(gate: string): Promise<AtGate> {
  const subject = `苏A${10_000 + furnished}`;
  const jpeg = buildJpeg();
  const evidence = describeEvidence(jpeg);
  const { sighting, alert } = await raise(gate, { subject, evidence });
  const { alert: taken } = await raise(gate);
  await bench.store.alerts.change(taken, (open) => acknowledge(open, bench.people.admin, now()));
  const from = { site: 'demo', box: 'east-box' };
  await bench.store.evidence.keep({ id: evidence.id, from, jpeg, receivedAt: now() });
  const { code } = await bench.devices.startPairing(gate, 'tablet', 'test');
  const { device } = await bench.devices.pair(code);
  const soon = new Date(bench.clock.now() + 3_600_000).toISOString();
  const asked = { gate, flag: 'first_time' as const, until: soon, reason: 'rain' };
  const { id: snooze } = await bench.desks.snoozes.add(asked, bench.people.admin, 12);
  const shift = {
    person: bench.people.guard.id,
    role: 'guard' as const,
    gates: [gate],
    from: now(),
    until: soon,
  };
  await bench.desks.roster.addShift(shift);
  const correction = await correctDirection(sighting);
  return {
    gate,
    subject,
    alert,
    taken,
    sighting,
    correction,
    evidence: evidence.id,
    device: device.id,
    snooze,
    soon,
  };
}

async function raise(gate: string, seen: { subject?: string; evidence?: Evidence } = {}) {
  // Slowly enough that no storm folds them.
  bench.clock.advance(10_000);
  furnished += 1;
  const { subject = `苏B${10_000 + furnished}`, evidence } = seen;
  const sighting = await bench.commit({
    id: newId(bench.clock.now()),
    gate,
    camera: gate.replace('gate', 'lane'),
    kind: 'vehicle',
    direction: 'entry',
    plate: { text: subject, class: 'small_car', confidence: 0.9, characters: [], votes: 3 },
    evidence: evidence ? [evidence] : [],
  });
  const { items } = await bench.store.alerts.list({ limit: 1, gate }, 'all');
  if (items[0].sighting !== sighting.id) throw new Error('the sighting raised no alert');
  return { sighting: sighting.id, alert: items[0].id };
}

async function correctDirection(sighting: string): Promise<string> {
  const id = newId(bench.clock.now());
  const by = { id: bench.people.admin.id, displayName: 'a', at: now() };
  const said = { id, sighting, fact: { of: 'direction', direction: 'exit' }, reason: 'seen', by } as const;
  await bench.store.corrections.save([said], bench.desks.alerting.context(), now());
  return id;
}

function ask(route: string, cookie: string, { params = {}, query = {}, payload }: Question = {}) {
  const [method, path] = route.split(' ');
  const id = path.startsWith('/api/v1/sessions/') ? 'a'.repeat(64) : randomUUID();
  const filled = { id, subject: '苏A12345', ...params };
  const url = Object.entries(filled).reduce(
    (left, [name, value]) => left.replace(`{${name}}`, encodeURIComponent(value)),
    path,
  );
  asked += 1;
  return bench.app.inject({
    method: method as 'GET',
    url: `${url}?${new URLSearchParams(query)}`,
    remoteAddress: `10.${asked >> 16}.${(asked >> 8) & 255}.${asked & 255}`,
    headers: { cookie, 'sec-fetch-site': 'same-origin' },
    ...(method !== 'GET' && method !== 'DELETE' && { payload: payload ?? {} }),
  });
}

test('the walk knows every route that the hub has, and no other', () => {
  const unknown = Object.keys(accessTable).filter((route) => {
    const [method, path] = route.split(' ');
    return !bench.app.hasRoute({ method, url: path.replaceAll(/\{(\w+)\}/g, ':$1') });
  });
  const printed = bench.app.printRoutes({ commonPrefix: false, includeHooks: false });
  expect(unknown).toEqual([]);
  // One more: /metrics has a door of its own, which metrics.test.ts tries.
  expect([...printed.matchAll(/(GET|POST|PUT|PATCH|DELETE)/g)]).toHaveLength(
    Object.keys(accessTable).length + 1,
  );
});

describe.each(roles.options)('a %s', (role) => {
  const may = ({ who }: Row) => who === 'anyone' || who.includes(role);

  test('gets into no route that the role does not open, with all gates or with one', async () => {
    for (const [route] of routes.filter(([, row]) => !may(row))) {
      for (const cookie of [cast.whole[role], cast.limited[role]]) {
        const reply = await ask(route, cookie);
        expect([route, reply.statusCode, reply.json().code]).toEqual([route, 403, 'ROLE_NOT_ALLOWED']);
      }
    }
  });

  test('with one gate is refused what concerns the whole site, with all gates is not', async () => {
    for (const [route] of of('site').filter(([, row]) => may(row))) {
      const [limited, whole] = [await ask(route, cast.limited[role]), await ask(route, cast.whole[role])];
      expect([route, limited.json().code]).toEqual([route, 'GATE_NOT_ALLOWED']);
      expect([route, whole.body.includes('GATE_NOT_ALLOWED')]).toEqual([route, false]);
    }
  });

  test('with one gate is not hindered where no gate is concerned', async () => {
    for (const [route] of of('none').filter(([, row]) => may(row))) {
      const reply = await ask(route, cast.limited[role]);
      expect([route, reply.body.includes('GATE_NOT_ALLOWED')]).toEqual([route, false]);
    }
  });

  test('with one gate gets what is there, and of another gate nothing', async () => {
    for (const [route, row] of of('gate').filter(([, row]) => may(row))) {
      const here = await furnish(own);
      await onDuty(people[role], own);
      const reply = await ask(route, cast.limited[role], row.ask?.(here));
      expect([route, reply.statusCode < 300, reply.body.includes(other)]).toEqual([route, true, false]);

      const there = await furnish(other);
      const refused = await ask(route, cast.limited[role], row.ask?.(there));
      const isList = JSON.stringify(row.ask?.(here)) === JSON.stringify(row.ask?.(there));
      expect([route, [403, 404].includes(refused.statusCode)]).toEqual([route, !isList]);
      expect([route, refused.body.includes(other)]).toEqual([route, false]);
    }
  });

  test('with all gates gets what is at each', async () => {
    for (const [route, row] of of('gate').filter(([, row]) => may(row))) {
      for (const gate of gates) {
        const at = await furnish(gate);
        await onDuty(bench.people[role], gate);
        const reply = await ask(route, cast.whole[role], row.ask?.(at));
        expect([route, gate, reply.statusCode < 300]).toEqual([route, gate, true]);
        const speaks = `${reply.headers['content-type']}`.includes('json');
        if (row.isNameless) continue;
        expect([route, speaks && !reply.body.includes(gate)]).toEqual([route, false]);
      }
    }
  });

  /** Guards act where they are on duty; the desk asks nobody, so that the route is what is walked. */
  async function onDuty(person: Person, gate: string): Promise<void> {
    if (role === 'guard') await bench.desks.duties.clockIn(person, gate);
  }
});

describe('the stream', () => {
  test.each(roles.options)('of a %s with one gate carries nothing of another', async (role) => {
    listening ??= bench.listen();
    const address = await listening;
    if (role === 'guard') {
      await bench.desks.duties.clockIn(people.guard, own);
      await bench.desks.duties.clockIn(bench.people.guard, other);
    }
    const read = async (cookie: string) => {
      const stop = new AbortController();
      const reply = await fetch(`${address}/api/v1/stream?lastEventId=0`, {
        headers: { cookie },
        signal: stop.signal,
      });
      for (const gate of gates) await furnish(gate);
      // Duty reaches whoever sees people, a box whoever serves them: one of them comes last.
      await bench.desks.duties.clockIn({ id: randomUUID(), displayName: `last-${role}` }, own);
      await bench.store.boxes
        .recordStatus(
          { site: 'demo', box: 'east-box' },
          { schema: 1, online: true, version: `last-${role}`, bootId: randomUUID(), since: now() },
          now(),
        )
        .then(() => bench.stream.announce());
      let text = '';
      for await (const chunk of reply.body!.pipeThrough(new TextDecoderStream())) {
        text += chunk;
        if (text.includes(`last-${role}`)) break;
      }
      stop.abort();
      return text;
    };
    const [limited, whole] = [await read(cast.limited[role]), await read(cast.whole[role])];
    expect(limited).toContain(own);
    expect(limited).not.toContain(other);
    expect(whole).toContain(other);
  });
});

let listening: Promise<string> | undefined;
const now = () => new Date(bench.clock.now()).toISOString();

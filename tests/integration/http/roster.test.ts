import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Alert } from '../../../hub/contract/api.ts';
import { newId } from '../../../hub/contract/ids.ts';
import type { PlannedShift } from '../../../hub/contract/roster.ts';
import { openDutyAndAlerts } from '../../../hub/duty-and-alerts.ts';
import { type HubBench, startHubBench } from './hub-bench.ts';

let bench: HubBench;
let cookies: Record<'guard' | 'second' | 'manager', string>;
let guardId: string;
let secondId: string;

beforeAll(async () => {
  bench = await startHubBench();
  cookies = {
    guard: await bench.logIn('guard'),
    second: await bench.logIn('second-guard'),
    manager: await bench.logIn('manager'),
  };
  guardId = bench.people.guard.id;
  secondId = (await get('/roster/people', 'manager')).find(
    ({ displayName }: { displayName: string }) => displayName === 'Zhang',
  ).id;
  await put('/settings/roster?basedOn=0', 'manager', { timeZone: 'Asia/Shanghai' });
});
afterAll(() => bench.stop());

type Who = keyof typeof cookies;

async function ask(method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, who: Who, payload?: object) {
  const reply = await bench.app.inject({
    method,
    url: `/api/v1${url}`,
    headers: { cookie: cookies[who], 'sec-fetch-site': 'same-origin' },
    ...(payload && { payload }),
  });
  return { status: reply.statusCode, body: reply.body === '' ? undefined : reply.json() };
}
const get = async (url: string, who: Who) => (await ask('GET', url, who)).body;
const post = (url: string, who: Who, payload: object) => ask('POST', url, who, payload);
const put = (url: string, who: Who, payload: object) => ask('PUT', url, who, payload);
const now = () => bench.clock.now();
const soon = (minutes: number) => new Date(now() + minutes * 60_000).toISOString();
const shiftsOf = async (from = soon(-60), until = soon(24 * 60)): Promise<PlannedShift[]> =>
  (await get(`/roster?from=${from}&until=${until}`, 'guard')).shifts;
const addShift = (person: string, change: object = {}) =>
  post('/roster/shifts', 'manager', {
    person,
    role: 'guard',
    gates: ['west-gate'],
    from: soon(60),
    until: soon(120),
    ...change,
  });
const added: string[] = [];
afterEach(async () => {
  for (const id of added.splice(0)) await ask('DELETE', `/roster/shifts/${id}`, 'manager');
});

describe('the roster', () => {
  test('is planned by managers, seen by guards, and on the trail', async () => {
    const { status, body } = await addShift(guardId);
    expect(status).toBe(201);
    added.push(body.id);
    expect(await shiftsOf()).toMatchObject([
      { key: body.id, displayName: 'the guard', gates: ['west-gate'] },
    ]);
    expect(await ask('POST', '/roster/shifts', 'guard', {})).toMatchObject({ status: 403 });
    const trail = await get('/audit?action=roster_changed', 'manager');
    expect(trail.items[0]).toMatchObject({ target: body.id, details: { what: 'single' } });
  });

  test.each<[string, object, string]>([
    ['without a gate', { gates: [] }, 'SHIFT_WITHOUT_GATE'],
    ['that ends first', { until: '2020-01-01T00:00:00.000Z' }, 'SHIFT_ENDS_BEFORE_IT_STARTS'],
    ['of more than a day', { until: '2099-01-01T00:00:00.000Z' }, 'SHIFT_TOO_LONG'],
    ['of nobody', { person: newId(1) }, 'PERSON_UNKNOWN'],
  ])('refuses a shift %s', async (_, change, code) => {
    expect((await addShift(guardId, change)).body).toMatchObject({ code });
  });

  test('keeps a weekly pattern, which is changed and removed as one', async () => {
    const pattern = {
      person: guardId,
      role: 'guard',
      gates: ['west-gate'],
      weekdays: [1, 2, 3, 4, 5, 6, 7],
      startsAt: '00:00',
      endsAt: '12:00',
      firstDay: '2020-01-01',
    };
    const { body } = await post('/roster/patterns', 'manager', pattern);
    const north = async () => (await shiftsOf()).filter(({ gates }) => gates.includes('west-gate'));
    expect((await north()).length).toBeGreaterThan(0);
    const week = await get(`/roster?from=${soon(0)}&until=${soon(3 * 24 * 60)}`, 'manager');
    expect(week.gaps.some(({ gate }: { gate: string }) => gate === 'west-gate')).toBe(true);

    await put(`/roster/patterns/${body.id}`, 'manager', { ...pattern, person: secondId });
    expect((await north()).every(({ displayName }) => displayName === 'Zhang')).toBe(true);
    expect((await ask('DELETE', `/roster/patterns/${body.id}`, 'manager')).status).toBe(204);
    expect(await north()).toEqual([]);
    expect((await ask('DELETE', `/roster/patterns/${body.id}`, 'manager')).body).toMatchObject({
      code: 'ROSTER_ITEM_UNKNOWN',
    });
  });
});

describe('a swap', () => {
  const askSwap = async (who: Who, shift: string) =>
    post('/roster/swaps', who, { shift, to: secondId, reason: 'a wedding' });
  const answer = (who: Who, id: string, given: string) =>
    post(`/roster/swaps/${id}/answer`, who, { answer: given });

  test('moves the shift when the colleague accepts, and not before', async () => {
    const shift = (await addShift(guardId)).body.id;
    added.push(shift);
    const { body: asked } = await askSwap('guard', shift);
    const holder = async () => (await shiftsOf()).find(({ key }) => key === shift)?.displayName;
    expect(await holder()).toBe('the guard');
    expect((await answer('guard', asked.id, 'accepted')).body).toMatchObject({ code: 'SWAP_NOT_YOURS' });
    expect((await answer('second', asked.id, 'accepted')).body).toMatchObject({ state: 'accepted' });
    expect(await holder()).toBe('Zhang');
    expect((await answer('second', asked.id, 'declined')).body).toMatchObject({ code: 'SWAP_ANSWERED' });
  });

  test('is asked only by whoever has the shift, and only before it begins', async () => {
    const shift = (await addShift(guardId)).body.id;
    added.push(shift);
    expect((await askSwap('second', shift)).body).toMatchObject({ code: 'SWAP_NOT_YOURS' });
    bench.clock.advance(61 * 60_000);
    expect((await askSwap('guard', shift)).body).toMatchObject({ code: 'SWAP_TOO_LATE' });
  });

  test('is too late when the shift has begun before the answer', async () => {
    const shift = (await addShift(guardId)).body.id;
    added.push(shift);
    const { body: asked } = await askSwap('guard', shift);
    bench.clock.advance(60 * 60_000);
    expect((await answer('second', asked.id, 'accepted')).body).toMatchObject({ code: 'SWAP_TOO_LATE' });
  });

  test('is too late when somebody else has the shift by then', async () => {
    const shift = (await addShift(guardId)).body.id;
    added.push(shift);
    const { body: asked } = await askSwap('guard', shift);
    await post('/roster/changes', 'manager', { shift, person: bench.people.manager.id, reason: 'ill' });
    expect((await answer('second', asked.id, 'accepted')).body).toMatchObject({ code: 'SWAP_TOO_LATE' });
    expect((await answer('guard', asked.id, 'withdrawn')).body).toMatchObject({ state: 'withdrawn' });
  });
});

describe('an alert that nobody answers', () => {
  const raise = async (gate = 'east-gate') => {
    const { id } = await bench.commit({ gate, subject: newId(now()) });
    const { items } = await get(`/alerts?gate=${gate}`, 'manager');
    return items.find((alert: Alert) => alert.sighting === id) as Alert;
  };
  const read = (id: string): Promise<Alert> => get(`/alerts/${id}`, 'manager');

  test('goes on to the next gate and the manager, and to nobody once it is taken', async () => {
    await post('/duty/clock-in', 'guard', { gate: 'east-gate' });
    await post('/duty/clock-in', 'second', { gate: 'west-gate' });
    const { id } = await raise();
    bench.clock.advance(59_000);
    expect(await bench.desks.alerts.escalateUnanswered()).toBe(0);
    bench.clock.advance(1000);
    expect(await bench.desks.alerts.escalateUnanswered()).toBe(1);
    expect((await read(id)).steps.map(({ stage, people }) => [stage, people[0].displayName])).toEqual([
      ['on_duty', 'the guard'],
      ['next_gate', 'Zhang'],
    ]);
    // The helper may deal with it without leaving the own gate.
    expect((await post(`/alerts/${id}/acknowledge`, 'second', {})).status).toBe(200);
    bench.clock.advance(600_000);
    expect(await bench.desks.alerts.escalateUnanswered()).toBe(0);
  });

  test('asks the channels for every stage, in the transaction that decides it', async () => {
    const requested = async () =>
      (await bench.store.database.selectFrom('notice_request').select('body').orderBy('id').execute()).map(
        ({ body }) => JSON.parse(body),
      );
    const before = (await requested()).length;
    const { id } = await raise();
    bench.clock.advance(60_000);
    await bench.desks.alerts.escalateUnanswered();
    bench.clock.advance(60_000);
    await bench.desks.alerts.escalateUnanswered();
    expect((await requested()).slice(before)).toMatchObject([
      { about: { kind: 'alert', alert: id }, stage: 'on_duty', people: [guardId], gate: 'east-gate' },
      { about: { kind: 'alert', alert: id }, stage: 'next_gate', people: [secondId] },
      { about: { kind: 'alert', alert: id }, stage: 'manager', people: [bench.people.manager.id] },
    ]);
  });

  test('goes on after a restart where it was', async () => {
    const { id } = await raise();
    const restarted = await openDutyAndAlerts({
      site: 'demo',
      store: bench.store,
      people: async () => [bench.people.manager],
      announcer: bench.stream,
      clock: bench.clock,
    });
    bench.clock.advance(60_000);
    await restarted.alerts.escalateUnanswered();
    expect((await read(id)).steps.map(({ stage }) => stage)).toEqual(['on_duty', 'next_gate']);
  });

  test('keeps to the rules that a manager has set, from the moment on', async () => {
    const { version, value } = await get('/settings/alerting', 'manager');
    const faster = { ...value, escalateAfterSeconds: { ...value.escalateAfterSeconds, mask_not_worn: 10 } };
    expect((await put(`/settings/alerting?basedOn=${version}`, 'guard', faster)).status).toBe(403);
    expect((await put(`/settings/alerting?basedOn=${version}`, 'manager', faster)).status).toBe(200);
    expect((await put(`/settings/alerting?basedOn=${version}`, 'manager', faster)).body).toMatchObject({
      code: 'SETTING_CONFLICT',
      details: { version: version + 1 },
    });
    const { nextStepAt } = await raise();
    expect(Date.parse(nextStepAt as string) - now()).toBe(10_000);
  });
});

describe('a gate without anybody', () => {
  const lasting = () => get('/duty/gaps', 'manager');

  test('is told to the managers once when it begins, and ends when somebody comes', async () => {
    await post('/duty/clock-out', 'guard', {});
    const { body } = await addShift(guardId, { gates: ['east-gate'], from: soon(0), until: soon(60) });
    added.push(body.id);
    await bench.desks.gaps.look();
    expect(await lasting()).toEqual([]);
    bench.clock.advance(10 * 60_000);
    expect(await bench.desks.gaps.look()).toBe(1);
    expect(await bench.desks.gaps.look()).toBe(0);
    const [gap] = await lasting();
    expect(gap).toMatchObject({ gate: 'east-gate', why: 'late', late: ['the guard'] });
    const request = await bench.store.database
      .selectFrom('notice_request')
      .select('body')
      .orderBy('id', 'desc')
      .executeTakeFirstOrThrow();
    expect(JSON.parse(request.body)).toMatchObject({ about: { kind: 'gap', gap: gap.id }, stage: 'manager' });

    expect((await post(`/duty/gaps/${gap.id}/acknowledge`, 'manager', {})).body).toMatchObject({
      acknowledged: { displayName: 'the manager' },
    });
    await post('/duty/clock-in', 'guard', { gate: 'east-gate' });
    expect(await bench.desks.gaps.look()).toBe(1);
    expect(await lasting()).toEqual([]);
  });

  test('begins at once when the guard leaves early, also within the time in which guards are waited for', async () => {
    await post('/duty/clock-out', 'guard', {});
    await bench.desks.gaps.look();
    const { body } = await addShift(guardId, { gates: ['south-gate'], from: soon(0), until: soon(60) });
    added.push(body.id);
    await post('/duty/clock-in', 'guard', { gate: 'east-gate' });
    bench.clock.advance(60_000);
    await post('/duty/clock-out', 'guard', {});
    await bench.desks.gaps.look();
    expect((await lasting()).map(({ gate }: { gate: string }) => gate)).toContain('south-gate');
  });

  test('begins when the account of who stands there ends, without anybody clocking out', async () => {
    const { body } = await addShift(secondId, { gates: ['west-gate'], from: soon(0), until: soon(60) });
    added.push(body.id);
    expect(await post('/duty/clock-in', 'second', { gate: 'west-gate' })).toMatchObject({ status: 200 });
    const gapGates = async () => {
      await bench.desks.roster.refresh();
      await bench.desks.gaps.look();
      return (await lasting()).map(({ gate }: { gate: string }) => gate);
    };
    expect(await gapGates()).not.toContain('west-gate');
    await bench.accounts.changePerson(secondId, { endsAt: soon(30) });
    bench.clock.advance(30 * 60_000);
    expect(await gapGates()).toContain('west-gate');
    await bench.accounts.changePerson(secondId, { endsAt: null });
    expect(await gapGates()).not.toContain('west-gate');
    await post('/duty/clock-out', 'second', {});
  });
});

describe('handing over', () => {
  test('leaves a note at the own gate with what is not dealt with', async () => {
    await post('/duty/clock-in', 'guard', { gate: 'east-gate' });
    const { id } = await bench.commit({ subject: newId(now()) });
    const waiting = (await get('/alerts?gate=east-gate&state=open', 'guard')).items;
    const note = await post('/hand-overs', 'guard', { text: '三号楼有快递没取' });
    expect(note.body).toMatchObject({ gate: 'east-gate', by: { displayName: 'the guard' } });
    expect(note.body.openAlerts).toContain(waiting.find((alert: Alert) => alert.sighting === id).id);
    expect(await get('/hand-overs?gate=east-gate', 'second')).toEqual([note.body]);
    expect(await get('/hand-overs?gate=west-gate', 'second')).toEqual([]);
  });

  test('needs a gate', async () => {
    await post('/duty/clock-out', 'second', {});
    expect((await post('/hand-overs', 'second', { text: 'x' })).body).toMatchObject({ code: 'NOT_ON_DUTY' });
  });
});

describe('a snooze', () => {
  const plate = '皖A12345';
  const raise = async (flags: ['out_of_province'] | ['watched_province'] = ['out_of_province']) => {
    const { id } = await bench.commit({ kind: 'vehicle', subject: undefined, flags });
    const { items } = await get('/alerts?gate=east-gate', 'manager');
    return items.find((alert: Alert) => alert.sighting === id) as Alert;
  };

  test('lets alerts be listed and not ring, until it is ended', async () => {
    const { body: snooze } = await post('/snoozes', 'guard', {
      gate: 'east-gate',
      flag: 'out_of_province',
      until: soon(60),
      reason: '搬家车队',
    });
    bench.clock.advance(120_000);
    expect(await raise()).toMatchObject({
      state: 'open',
      steps: [],
      quiet: { why: 'snooze', reason: '搬家车队' },
    });
    bench.clock.advance(120_000);
    expect((await raise(['watched_province'])).quiet).toBeUndefined();
    expect(await get('/snoozes', 'manager')).toMatchObject([{ id: snooze.id }]);
    expect((await ask('DELETE', `/snoozes/${snooze.id}`, 'guard')).body).toMatchObject({
      ended: { displayName: 'the guard' },
    });
    bench.clock.advance(120_000);
    expect((await raise()).quiet).toBeUndefined();
  });

  test('of a guard is for the own gate and a shift; nobody snoozes everything', async () => {
    const asked = { gate: 'east-gate', until: soon(60), reason: 'x' };
    expect((await post('/snoozes', 'guard', { ...asked, gate: 'west-gate' })).body).toMatchObject({
      code: 'NOT_ON_DUTY_AT_GATE',
    });
    expect((await post('/snoozes', 'guard', { subject: plate, until: soon(60), reason: 'x' })).status).toBe(
      403,
    );
    expect((await post('/snoozes', 'guard', { ...asked, until: soon(13 * 60) })).body).toMatchObject({
      code: 'SNOOZE_TOO_LONG',
    });
    expect((await post('/snoozes', 'manager', { until: soon(60), reason: 'x' })).body).toMatchObject({
      code: 'REQUEST_INVALID',
    });
  });
});

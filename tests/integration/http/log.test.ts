import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../../../hub/contract/ids.ts';
import type { Sighting } from '../../../hub/contract/sighting.ts';
import { buildJpeg, describeEvidence } from '../../builders/sighting.ts';
import { type HubBench, startHubBench } from './hub-bench.ts';

let bench: HubBench;
let guard: string;
let manager: string;
/** Has to do with the west gate only. */
let westManager: string;
let start: number;

const anna = '00000000-0000-4000-8000-00000000000a';
const annaElsewhere = '00000000-0000-4000-8000-00000000000b';
const car = '苏A1B2C3';
/** Of the car, at each gate. */
const [eastPicture, westPicture] = [describeEvidence(buildJpeg()), describeEvidence(buildJpeg())];
/** Minutes after the start of the bench's clock, an hour before now. */
const at = (minute: number) => new Date(start + minute * 60_000).toISOString();

const pass = (minute: number, change: Partial<Sighting>) =>
  bench.commit({
    id: newId(start + minute * 60_000),
    occurredAt: at(minute),
    flags: [],
    verdicts: {},
    ...change,
  });
const person = (subject: string): Partial<Sighting> => ({ kind: 'person', subject });
const plateOf = (text: string) => ({
  text,
  class: 'small_car' as const,
  confidence: 0.9,
  characters: [],
  votes: 3,
});
const vehicle = (text: string): Partial<Sighting> => ({ kind: 'vehicle', plate: plateOf(text) });
const get = (path: string, cookie: string) =>
  bench.app.inject({ url: `/api/v1${path}`, headers: { cookie }, remoteAddress: '10.9.0.1' });
const lastAudit = async () => (await get('/audit?limit=1', manager)).json().items[0];
const visitsOf = async (query: string) =>
  (await get(`/visits?${query}`, manager)).json().items as Record<string, string>[];

beforeAll(async () => {
  bench = await startHubBench();
  start = bench.clock.now();
  await pass(0, { ...vehicle(car), direction: 'entry', evidence: [eastPicture] });
  await pass(0.5, { ...person(anna), direction: 'entry' });
  await pass(30, {
    ...vehicle(car),
    direction: 'exit',
    gate: 'west-gate',
    camera: 'west-lane',
    evidence: [westPicture],
  });
  await pass(40, { ...vehicle(car), direction: 'entry' });
  await pass(40.9, { ...person(anna), direction: 'unknown', endedAt: at(41) });
  await pass(45, { kind: 'person', direction: 'entry' });
  await pass(50, { ...person(annaElsewhere), direction: 'exit', gate: 'west-gate', camera: 'west-lane' });
  bench.clock.advance(3_600_000);
  guard = await bench.logIn('guard');
  manager = await bench.logIn('manager');
  await bench.accounts.addPerson({
    username: 'west-manager',
    displayName: 'Li',
    role: 'manager',
    password: bench.password,
    gates: ['west-gate'],
  });
  westManager = await bench.logIn('west-manager');
});

afterAll(() => bench.stop());

describe('visits', () => {
  test('name who is in, since when and through which gate', async () => {
    expect(await visitsOf('state=open')).toEqual([
      {
        subject: car,
        kind: 'vehicle',
        isOver: false,
        entry: at(40),
        entryGate: 'east-gate',
        plate: plateOf(car),
        evidence: [],
      },
      { subject: anna, kind: 'person', isOver: false, entry: at(0.5), entryGate: 'east-gate', evidence: [] },
    ]);
  });

  test('count who is in by gate of entry, and of these who is in for too long', async () => {
    const inside = async (query: string) => (await get(`/visits/inside?${query}`, manager)).json().items;
    const person = { open: 1, overstayed: 0 };
    expect(await inside('')).toEqual([{ gate: 'east-gate', person, vehicle: person }]);
    expect(await inside('hours=0.5')).toMatchObject([{ person: { overstayed: 1 }, vehicle: person }]);
    expect(await inside(`from=${at(30)}`)).toMatchObject([{ person: { open: 0 }, vehicle: { open: 1 } }]);
  });

  test('an open one is too long after as many hours as are asked for', async () => {
    expect(await visitsOf('state=overstayed')).toEqual([]);
    expect(await visitsOf('state=overstayed&hours=0.5')).toMatchObject([{ subject: anna }]);
    expect(await visitsOf('state=overstayed&hours=0.3')).toMatchObject([{ subject: car }, { subject: anna }]);
  });

  test('those that ended, by gate, kind and window, in pages', async () => {
    expect(await visitsOf('state=closed')).toMatchObject([
      { subject: annaElsewhere, exit: at(50) },
      { subject: car, entry: at(0), exit: at(30), entryGate: 'east-gate', exitGate: 'west-gate' },
    ]);
    expect(await visitsOf('gate=west-gate&kind=vehicle')).toMatchObject([{ entry: at(0) }]);
    expect(await visitsOf(`from=${at(0.5)}&to=${at(40)}`)).toMatchObject([{ entry: at(0.5) }]);
    const first = (await get('/visits?limit=3', manager)).json();
    const second = (await get(`/visits?limit=3&cursor=${first.nextCursor}`, manager)).json();
    expect([...first.items, ...second.items]).toEqual(await visitsOf('limit=50'));
    expect(second.items).toHaveLength(1);
  });
});

describe('flows', () => {
  const window = () => `from=${at(0)}&to=${at(60)}`;

  test('count each hour, gate, kind and direction', async () => {
    const { items } = (await get(`/flows?${window()}`, guard)).json();
    expect(items).toEqual([
      {
        from: at(0),
        gate: 'east-gate',
        person: { entry: 2, exit: 0, unknown: 1, flagged: 0 },
        vehicle: { entry: 2, exit: 0, unknown: 0, flagged: 0 },
      },
      {
        from: at(0),
        gate: 'west-gate',
        person: { entry: 0, exit: 1, unknown: 0, flagged: 0 },
        vehicle: { entry: 0, exit: 1, unknown: 0, flagged: 0 },
      },
    ]);
    expect((await get(`/flows?${window()}&gate=west-gate`, manager)).json().items).toHaveLength(1);
  });

  test('by day begin at the midnight of the reader', async () => {
    const { items } = (await get(`/flows?${window()}&by=day&utcOffsetHours=8&gate=east-gate`, guard)).json();
    expect(items).toMatchObject([{ from: '2026-02-28T16:00:00.000Z' }]);
  });

  test('a window that is empty or without end is refused', async () => {
    for (const path of [`/flows?from=${at(5)}&to=${at(5)}`, `/presence?from=${at(0)}&to=${at(60 * 24 * 8)}`])
      expect((await get(path, manager)).json()).toMatchObject({ code: 'WINDOW_INVALID', details: {} });
  });
});

describe('who was there', () => {
  test('everybody seen in the window, and everybody whose visit it falls into; recorded first', async () => {
    const { items, unknown } = (await get(`/presence?from=${at(42)}&to=${at(55)}`, manager)).json();
    expect(items).toEqual([
      { subject: anna, kind: 'person', sightings: 0, insideSince: at(0.5), evidence: [] },
      {
        subject: annaElsewhere,
        kind: 'person',
        sightings: 1,
        firstSeenAt: at(50),
        lastSeenAt: at(50),
        evidence: [],
      },
      {
        subject: car,
        kind: 'vehicle',
        sightings: 0,
        insideSince: at(40),
        plate: plateOf(car),
        evidence: [],
      },
    ]);
    expect(unknown).toEqual({ person: 1, vehicle: 0 });
    expect(await lastAudit()).toMatchObject({ action: 'presence_viewed', details: { from: at(42) } });
  });

  test('by name, in pages', async () => {
    const window = `from=${at(0)}&to=${at(60)}`;
    const whole = (await get(`/presence?${window}`, manager)).json();
    const first = (await get(`/presence?${window}&limit=2`, manager)).json();
    const second = (await get(`/presence?${window}&limit=2&cursor=${first.nextCursor}`, manager)).json();
    expect([...first.items, ...second.items]).toEqual(whole.items);
    expect(whole.items.map(({ subject }: { subject: string }) => subject)).toEqual([
      anna,
      annaElsewhere,
      car,
    ]);
    expect((await get(`/presence?${window}&kind=vehicle`, manager)).json().items).toMatchObject([
      { subject: car, sightings: 3, firstSeenAt: at(0), lastSeenAt: at(40) },
    ]);
  });

  test('who passes the same gate at about the same time, and how often; recorded first', async () => {
    const path = `/subjects/${encodeURIComponent(car)}/companions`;
    expect((await get(path, manager)).json()).toEqual({
      sightings: 3,
      items: [{ subject: anna, kind: 'person', times: 2, lastAt: at(40), evidence: [] }],
    });
    expect(await lastAudit()).toMatchObject({ action: 'companions_viewed', target: car });
    expect((await get(`${path}?seconds=40`, manager)).json().items).toMatchObject([
      { times: 1, lastAt: at(0) },
    ]);
  });
});

describe('who has to do with one gate', () => {
  const ask = async (path: string) => (await get(path, westManager)).json();
  const window = () => `from=${at(10)}&to=${at(55)}`;

  test('sees the visits of which a gate is theirs, with the pictures of that gate', async () => {
    expect((await ask('/visits')).items).toMatchObject([
      { subject: annaElsewhere, exitGate: 'west-gate' },
      { subject: car, entryGate: 'east-gate', exit: at(30), evidence: [westPicture] },
    ]);
    const [, whole] = await visitsOf('state=closed');
    expect(whole).toMatchObject({ subject: car, evidence: [eastPicture] });
    expect((await ask('/visits?state=open')).items).toEqual([]);
    expect((await ask('/visits/inside')).items).toEqual([]);
  });

  test('sees who was there as far as that gate has seen them', async () => {
    const { items, unknown } = await ask(`/presence?${window()}`);
    expect(items).toMatchObject([
      { subject: annaElsewhere, sightings: 1 },
      { subject: car, sightings: 1, lastSeenAt: at(30), insideSince: at(0), evidence: [westPicture] },
    ]);
    expect(unknown).toEqual({ person: 0, vehicle: 0 });
    expect(await ask(`/subjects/${encodeURIComponent(car)}/companions`)).toEqual({ sightings: 1, items: [] });
  });

  test('counts the flow of that gate, and is refused another', async () => {
    const { items } = await ask(`/flows?from=${at(0)}&to=${at(60)}`);
    expect(items).toMatchObject([{ gate: 'west-gate', vehicle: { exit: 1 } }]);
    for (const path of ['/visits?', `/presence?${window()}&`, `/flows?${window()}&`])
      expect((await ask(`${path}gate=east-gate`)).code).toBe('GATE_NOT_ALLOWED');
  });
});

test('plates by a part of them and by similar characters; recorded first', async () => {
  const find = async (query: string) => (await get(`/plates?${query}`, manager)).json();
  const item = { plate: car, firstSeenAt: at(0), lastSeenAt: at(40), sightings: 3 };
  expect(await find(`pattern=${encodeURIComponent('*1B2*')}`)).toEqual({ items: [item], more: false });
  expect(await lastAudit()).toMatchObject({ action: 'plates_searched', target: '*1B2*' });
  expect((await find('pattern=*182*')).items).toEqual([]);
  expect((await find('pattern=*182*&similar=true')).items).toEqual([item]);
  const { items } = (await get('/sightings?plate=*182*&similar=true', guard)).json();
  expect(items.map(({ occurredAt }: Sighting) => occurredAt)).toEqual([at(40), at(30), at(0)]);
});

describe('a trajectory', () => {
  test('is bounded by its window, and still says when the subject was first and last seen', async () => {
    const path = `/subjects/${encodeURIComponent(car)}/trajectory?from=${at(10)}&to=${at(35)}`;
    expect((await get(path, manager)).json()).toMatchObject({
      subjects: [car],
      firstSeenAt: at(0),
      lastSeenAt: at(40),
      visits: [{ entry: at(0), exit: at(30), exitGate: 'west-gate' }],
      items: [{ occurredAt: at(30), gate: 'west-gate', linkConfidence: 0.9 }],
    });
  });

  test('of either name of a person shows what boxes saw under both, as one visit', async () => {
    await bench.store.erasures.merge('demo', annaElsewhere, anna, at(60));
    for (const subject of [anna, annaElsewhere]) {
      const found = (await get(`/subjects/${subject}/trajectory`, manager)).json();
      expect(found).toMatchObject({
        subject,
        subjects: [anna, annaElsewhere],
        firstSeenAt: at(0.5),
        lastSeenAt: at(50),
        visits: [{ entry: at(0.5), exit: at(50), entryGate: 'east-gate', exitGate: 'west-gate' }],
        items: [{ subject: annaElsewhere }, { subject: anna, dwellSeconds: 6 }, { subject: anna }],
      });
    }
    expect(await visitsOf('state=open')).toMatchObject([{ subject: car }]);
  });
});

test('guards see the last day of visits, flows and presence, and no plates or companions', async () => {
  for (const path of ['/plates?pattern=*1B2*', `/subjects/${anna}/companions`])
    expect((await get(path, guard)).json().code).toBe('ROLE_NOT_ALLOWED');
  bench.clock.advance(25 * 3_600_000);
  guard = await bench.logIn('guard');
  manager = await bench.logIn('manager');
  const window = `from=${at(0)}&to=${at(60)}`;
  for (const path of [`/visits?${window}`, `/flows?${window}`, `/presence?${window}`]) {
    expect((await get(path, guard)).json().code).toBe('LOOK_UP_TOO_OLD');
    expect((await get(path, manager)).statusCode).toBe(200);
  }
  expect((await get('/visits', guard)).json().items).toEqual([]);
});

test('whoever comes in again must have left unseen, and is in only since then', async () => {
  const plate = '沪A99999';
  await pass(10, { ...vehicle(plate), direction: 'entry' });
  const again = await pass(20, { ...vehicle(plate), direction: 'entry' });
  const visits = async (state: string) =>
    (await visitsOf(`state=${state}`)).filter(({ subject }) => subject === plate);
  expect(await visits('open')).toMatchObject([{ entry: at(20), isOver: false }]);
  expect(await visits('closed')).toEqual([
    {
      plate: plateOf(plate),
      evidence: [],
      subject: plate,
      kind: 'vehicle',
      isOver: true,
      entry: at(10),
      entryGate: 'east-gate',
    },
  ]);
  await pass(20, { ...again, revision: 2, direction: 'unknown' });
  expect(await visits('open')).toMatchObject([{ entry: at(10), isOver: false }]);
  expect(await visits('closed')).toEqual([]);
});

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Alert } from '../../../hub/contract/api.ts';
import { galleryEntry } from '../../../hub/contract/gallery.ts';
import { newId } from '../../../hub/contract/ids.ts';
import type { Sighting } from '../../../hub/contract/sighting.ts';
import { type HubBench, startHubBench } from './hub-bench.ts';

let bench: HubBench;
let cookies: Record<'guard' | 'manager', string>;

beforeAll(async () => {
  bench = await startHubBench();
  cookies = { guard: await bench.logIn('guard'), manager: await bench.logIn('manager') };
  const rule = {
    enabled: true,
    reason: '防疫',
    owner: '物业',
    startsAt: '2020-01-01T00:00:00.000Z',
    endsAt: '2099-01-01T00:00:00.000Z',
  };
  const edit = {
    homeProvince: '苏',
    mask: rule,
    firstTime: rule,
    outOfProvince: rule,
    strangerRetentionDays: 14,
  };
  await bench.store.policies.save({ schema: 1, site: 'demo', version: 1, ...edit }, 'test', rule.startsAt);
});
afterAll(() => bench.stop());
beforeEach(() => bench.clock.advance(15 * 60_000));

async function ask(
  method: 'GET' | 'POST',
  url: string,
  payload?: object,
  who: keyof typeof cookies = 'manager',
) {
  const reply = await bench.app.inject({
    method,
    url: `/api/v1${url}`,
    headers: { cookie: cookies[who], 'sec-fetch-site': 'same-origin' },
    ...(payload && { payload }),
  });
  return { status: reply.statusCode, body: reply.json() };
}
const correct = (id: string, fact: object, who?: keyof typeof cookies) =>
  ask('POST', `/sightings/${id}/corrections`, { fact, reason: '看错了' }, who);
const entry = async (id: string) => (await ask('GET', `/sightings/${id}`)).body;
const alertOf = async (id: string): Promise<Alert | undefined> =>
  (await ask('GET', '/alerts?limit=200')).body.items.find((alert: Alert) => alert.sighting === id);

const plateOf = (text: string): NonNullable<Sighting['plate']> => ({
  text,
  class: 'small_car',
  confidence: 0.8,
  characters: [...text].map((character) => ({ text: character, confidence: 0.8 })),
  votes: 3,
});
const car = (text: string, change: Partial<Sighting> = {}) =>
  bench.commit({
    id: newId(bench.clock.now()),
    kind: 'vehicle',
    subject: undefined,
    plate: plateOf(text),
    verdicts: { province: { verdict: 'home', code: '苏', confidence: 0.9, votes: 3 } },
    flags: [],
    direction: 'entry',
    ...change,
  });
const someone = (change: Partial<Sighting> = {}) => bench.commit({ id: newId(bench.clock.now()), ...change });
const away = { of: 'plate', text: '皖A12345', class: 'small_car' };

describe('a corrected plate', () => {
  test('holds in the log, in searches and among the plates; what the box told stays beside it', async () => {
    const { id } = await car('苏A12345');
    const { status, body } = await correct(id, { of: 'plate', text: '苏A12346', class: 'small_car' });
    expect(status).toBe(201);
    expect(body.original.plate.text).toBe('苏A12345');
    expect(body.current.plate).toMatchObject({ text: '苏A12346', confidence: 1 });
    expect(body.corrections).toMatchObject([{ reason: '看错了', by: { displayName: 'the manager' } }]);
    expect(await entry(id)).toMatchObject({ plate: { text: '苏A12346' }, corrected: ['plate'] });
    const found = async (plate: string) =>
      (await ask('GET', `/sightings?plate=${encodeURIComponent(plate)}`)).body.items.map(
        (item: Sighting) => item.id,
      );
    expect(await found('苏A12346')).toEqual([id]);
    expect(await found('苏A12345')).toEqual([]);
    const plates = (await ask('GET', `/plates?pattern=${encodeURIComponent('苏A1234?')}`)).body;
    expect(plates.items.map(({ plate }: { plate: string }) => plate)).toEqual(['苏A12346']);
  });

  test('runs the rules again: another province rings, and a correction back withdraws', async () => {
    const { id } = await car('苏A22222');
    expect(await alertOf(id)).toBeUndefined();
    await correct(id, away);
    expect(await alertOf(id)).toMatchObject({
      state: 'open',
      flags: ['out_of_province'],
      subject: '皖A12345',
      verdicts: { province: { verdict: 'out_of_province', code: '皖', confidence: 1 } },
    });
    await correct(id, { of: 'plate', text: '苏A22222', class: 'small_car' });
    expect(await alertOf(id)).toMatchObject({ state: 'withdrawn' });
    expect((await entry(id)).flags).toEqual([]);
  });

  test('holds through later revisions of the box, which are kept as the original', async () => {
    const sighting = await car('苏A33333');
    await correct(sighting.id, { of: 'plate', text: '苏A33338', class: 'small_car' });
    await bench.commit({ ...sighting, revision: 2, direction: 'exit', plate: plateOf('苏A33339') });
    expect(await entry(sighting.id)).toMatchObject({
      revision: 2,
      direction: 'exit',
      plate: { text: '苏A33338' },
    });
    const { body } = await ask('GET', `/sightings/${sighting.id}/corrections`);
    expect(body.original).toMatchObject({ revision: 2, plate: { text: '苏A33339' } });
  });

  test('can be taken back, and what was corrected beside it holds on', async () => {
    const { id } = await car('苏A44444');
    const { body } = await correct(id, away);
    await correct(id, { of: 'direction', direction: 'exit' });
    const undone = await ask('POST', `/corrections/${body.corrections[0].id}/undo`);
    expect(undone.body.corrections).toMatchObject([{ undone: { displayName: 'the manager' } }, {}]);
    expect(await entry(id)).toMatchObject({
      plate: { text: '苏A44444' },
      direction: 'exit',
      corrected: ['direction'],
      flags: [],
    });
  });
});

describe('the alert of a corrected sighting', () => {
  test('bears a mark and says that a person withdrew it; both go when the correction does', async () => {
    const { id } = await car('皖A77777', {
      flags: ['out_of_province'],
      verdicts: { province: { verdict: 'out_of_province', code: '皖', confidence: 0.9, votes: 3 } },
    });
    const { body } = await correct(id, { of: 'plate', text: '苏A77777', class: 'small_car' });
    expect(await alertOf(id)).toMatchObject({
      state: 'withdrawn',
      withdrawnReason: 'corrected_by_person',
      corrected: ['plate'],
    });
    await ask('POST', `/corrections/${body.corrections[0].id}/undo`);
    const back = (await alertOf(id)) as Alert;
    expect(back).toMatchObject({ state: 'open', flags: ['out_of_province'] });
    expect([back.corrected, back.withdrawnReason]).toEqual([undefined, undefined]);
  });

  test('that was dealt with stays as it was but for the mark', async () => {
    const { id } = await someone();
    const { id: alert } = (await alertOf(id)) as Alert;
    await ask('POST', `/alerts/${alert}/acknowledge`);
    await ask('POST', `/alerts/${alert}/resolve`, { disposition: 'let_in' });
    const before = await alertOf(id);
    const { body } = await correct(id, { of: 'mask', verdict: 'worn' });
    expect(await alertOf(id)).toEqual({ ...before, corrected: ['mask'] });
    await ask('POST', `/corrections/${body.corrections[0].id}/undo`);
    expect(await alertOf(id)).toEqual(before);
  });

  test('is reported with what the box told beside what was said', async () => {
    const { id } = await someone();
    const { id: alert } = (await alertOf(id)) as Alert;
    const report = async () => (await ask('GET', `/alerts/${alert}/report`)).body;
    expect((await report()).original).toBeUndefined();
    await correct(id, { of: 'mask', verdict: 'worn' });
    expect(await report()).toMatchObject({
      original: { verdicts: { mask: { verdict: 'not_worn' } } },
      sighting: { verdicts: { mask: { verdict: 'worn' } } },
      corrections: [{ fact: { of: 'mask', verdict: 'worn' }, by: { displayName: 'the manager' } }],
    });
  });
});

describe('a corrected verdict', () => {
  test('withdraws the alert that it was wrong about, and leaves flags of other verdicts', async () => {
    const { id } = await someone({
      subject: randomUUID(),
      flags: ['mask_not_worn', 'first_time'],
      verdicts: {
        mask: { verdict: 'not_worn', confidence: 0.9, votes: 4 },
        familiarity: { verdict: 'first_time', confidence: 0.9, votes: 4 },
      },
    });
    await correct(id, { of: 'mask', verdict: 'worn' });
    expect(await alertOf(id)).toMatchObject({ state: 'open', flags: ['first_time'] });
    await correct(id, { of: 'familiarity', verdict: 'registered' });
    expect(await alertOf(id)).toMatchObject({ state: 'withdrawn' });
  });

  test('does not change what has been dealt with', async () => {
    const { id } = await someone();
    const alert = (await alertOf(id)) as Alert;
    await ask('POST', `/alerts/${alert.id}/acknowledge`);
    await ask('POST', `/alerts/${alert.id}/resolve`, { disposition: 'mask_handed_out' });
    await correct(id, { of: 'mask', verdict: 'worn' });
    expect(await alertOf(id)).toMatchObject({ state: 'resolved', flags: ['mask_not_worn'] });
  });

  test('must fit: no plate on a person, no mask on a car, no subject without split or merge', async () => {
    const person = (await someone()).id;
    const vehicle = (await car('苏A55555')).id;
    expect((await correct(person, away)).body).toMatchObject({ code: 'CORRECTION_NOT_FITTING' });
    expect((await correct(vehicle, { of: 'mask', verdict: 'worn' })).body).toMatchObject({
      code: 'CORRECTION_NOT_FITTING',
    });
    expect((await correct(person, { of: 'subject', subject: randomUUID() })).status).toBe(400);
    expect((await correct(randomUUID(), away)).body).toMatchObject({ code: 'SIGHTING_UNKNOWN' });
  });
});

describe('who corrects', () => {
  test('guards at the own gate and of the last hours; it is on the trail', async () => {
    const { id } = await car('苏A66666');
    expect((await correct(id, away, 'guard')).body).toMatchObject({ code: 'NOT_ON_DUTY_AT_GATE' });
    await ask('POST', '/duty/clock-in', { gate: 'east-gate' }, 'guard');
    expect((await correct(id, away, 'guard')).status).toBe(201);
    expect((await ask('GET', '/audit?action=sighting_corrected')).body.items[0]).toMatchObject({
      target: id,
      actor: { displayName: 'the guard' },
      details: { of: 'plate', reason: '看错了' },
    });
    bench.clock.advance(25 * 3_600_000);
    cookies = { guard: await bench.logIn('guard'), manager: await bench.logIn('manager') };
    expect((await correct(id, away, 'guard')).body).toMatchObject({ code: 'LOOK_UP_TOO_OLD' });
  });
});

describe('who takes a correction back', () => {
  test('whoever may correct there, but a split is for managers alone', async () => {
    cookies = { guard: await bench.logIn('guard'), manager: await bench.logIn('manager') };
    await ask('POST', '/duty/clock-in', { gate: 'west-gate' }, 'guard');
    const { id } = await car('苏A88888');
    const { body } = await correct(id, away);
    const undo = (correction: string) => ask('POST', `/corrections/${correction}/undo`, undefined, 'guard');
    expect((await undo(body.corrections[0].id)).body).toMatchObject({ code: 'NOT_ON_DUTY_AT_GATE' });
    await ask('POST', '/duty/clock-in', { gate: 'east-gate' }, 'guard');
    expect((await undo(body.corrections[0].id)).body.corrections).toMatchObject([
      { undone: { displayName: 'the guard' } },
    ]);
    expect((await undo(randomUUID())).body).toMatchObject({ code: 'CORRECTION_UNKNOWN' });

    const subject = randomUUID();
    const first = await someone({ subject, flags: [] });
    bench.clock.advance(60_000);
    await someone({ subject, flags: [] });
    await ask('POST', `/subjects/${subject}/split`, { sightings: [first.id], reason: '两个人' });
    const split = (await ask('GET', `/sightings/${first.id}/corrections`)).body.corrections[0];
    expect((await undo(split.id)).body).toMatchObject({ code: 'ROLE_NOT_ALLOWED' });
    expect((await ask('POST', `/corrections/${split.id}/undo`)).status).toBe(200);
  });
});

describe('two ids of one person', () => {
  test('become one for the hub and for the boxes, under the lesser id', async () => {
    const [lesser, greater] = [randomUUID(), randomUUID()].sort();
    await someone({ subject: greater, direction: 'entry', flags: [] });
    bench.clock.advance(60_000);
    await someone({ subject: lesser, direction: 'exit', flags: [] });
    const merged = await ask('POST', `/subjects/${lesser}/merge`, { with: greater, reason: '同一人' });
    expect(merged.body).toEqual({ subject: lesser });

    const way = (await ask('GET', `/subjects/${greater}/trajectory`)).body;
    expect(way.items).toHaveLength(2);
    expect(way.visits).toMatchObject([{ entry: expect.any(String), exit: expect.any(String) }]);
    const told = bench.published.at(-1);
    expect(told?.topic).toBe(`gatehouse/v1/demo/gallery/${greater}`);
    expect(galleryEntry.parse(JSON.parse(told?.payload ?? ''))).toMatchObject({
      state: 'merged',
      subject: greater,
      into: lesser,
    });
    expect(
      (await ask('POST', `/subjects/${lesser}/merge`, { with: lesser, reason: 'x' })).body,
    ).toMatchObject({
      code: 'MERGE_OF_ONE',
    });
  });

  test('can be split: some sightings get a new id, and only those', async () => {
    const subject = randomUUID();
    const first = await someone({ subject, flags: [] });
    bench.clock.advance(60_000);
    const second = await someone({ subject, flags: [] });
    const stranger = await someone({ subject: randomUUID(), flags: [] });
    const asked = { sightings: [second.id, stranger.id], reason: '两个人' };
    expect((await ask('POST', `/subjects/${subject}/split`, asked)).body).toMatchObject({
      code: 'SPLIT_OF_OTHERS',
      details: { sightings: [stranger.id] },
    });

    const split = await ask('POST', `/subjects/${subject}/split`, { ...asked, sightings: [second.id] });
    expect(split.status).toBe(201);
    const ids = async (of: string) =>
      (await ask('GET', `/subjects/${of}/trajectory`)).body.items.map((item: Sighting) => item.id);
    expect(await ids(subject)).toEqual([first.id]);
    expect(await ids(split.body.subject)).toEqual([second.id]);
  });
});

import { randomUUID } from 'node:crypto';
import { get as httpGet } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AuditEntry } from '../../../hub/contract/api.ts';
import { newId } from '../../../hub/contract/ids.ts';
import { readWorkbook } from '../../builders/workbook-reader.ts';
import { type HubBench, startHubBench } from './hub-bench.ts';

let bench: HubBench;
let manager: string;
let guard: string;
const subject = randomUUID();

let asked = 0;
/** Every time from another address, so that the limit of exports does not count. */
const get = (path: string, cookie = manager) =>
  bench.app.inject({ url: `/api/v1${path}`, headers: { cookie }, remoteAddress: `10.8.0.${++asked}` });
const csvRows = (body: string) => body.slice(1).trimEnd().split('\r\n');
const audit = async () =>
  (await get('/audit?action=exported&limit=2')).json().items.toReversed() as AuditEntry[];

beforeAll(async () => {
  bench = await startHubBench();
  manager = await bench.logIn('manager');
  guard = await bench.logIn('guard');
  await bench.app.inject({
    method: 'POST',
    url: '/api/v1/duty/clock-in',
    headers: { cookie: guard, 'sec-fetch-site': 'same-origin' },
    payload: { gate: 'east-gate' },
  });
  const plate = { class: 'small_car' as const, confidence: 0.9, characters: [], votes: 3 };
  for (const text of ['苏A12345', '苏A12399', '浙B00001']) {
    bench.clock.advance(1000);
    await bench.commit({
      id: newId(bench.clock.now()),
      kind: 'vehicle',
      plate: { ...plate, text },
      verdicts: { province: { verdict: 'home', code: text[0], confidence: 0.875, votes: 3 } },
      flags: text[0] === '浙' ? ['out_of_province'] : [],
      direction: 'entry',
    });
  }
  bench.clock.advance(1000);
  await bench.commit({ id: newId(bench.clock.now()), subject });
});
afterAll(() => bench.stop());

describe('the log', () => {
  test('leaves as CSV in local time and UTC, newest first, in the language that was asked for', async () => {
    const reply = await get('/exports/sightings.csv?language=en&timeZone=Asia/Shanghai');
    expect(reply.headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="gatehouse-sightings.csv"',
      'cache-control': 'no-store',
      'x-expected-rows': '4',
    });
    const [heading, ...rows] = csvRows(reply.body);
    expect(heading).toContain('Time (Asia/Shanghai),Time (UTC),Kind,Gate');
    expect(rows).toHaveLength(4);
    expect(rows[0]).toMatch(/^2026-03-01 16:00:04,2026-03-01 08:00:04,Person,east gate,east lane,/);
    expect(rows[1]).toContain('浙B00001,Small car,90,3,');
    expect(csvRows((await get('/exports/sightings.csv')).body)[0]).toContain('车牌类型');
  });

  test('leaves as a workbook that an independent reader opens', async () => {
    const reply = await get('/exports/sightings.xlsx?language=en&timeZone=%2B08:00');
    const [sheet] = readWorkbook(reply.rawPayload);
    expect(sheet.name).toBe('Sightings');
    expect(sheet.rows).toHaveLength(5);
    const [heading, , car] = sheet.rows;
    const cell = (name: string) => car[heading.indexOf(name)];
    expect(cell('Time (+08:00)')).toBe('2026-03-01T16:00:03');
    expect(cell('Time (UTC)')).toBe('2026-03-01T08:00:03');
    expect(cell('Plate')).toBe('浙B00001');
    expect(cell('Province confidence %')).toBe(87.5);
    expect(cell('Flags')).toBe('Out of province');
  });

  test.each([
    ['plate=%E8%8B%8FA123*', ['苏A12399', '苏A12345']],
    ['plate=%E8%8B%8FA12345', ['苏A12345']],
    ['flag=out_of_province', ['浙B00001']],
    ['flag=out_of_province&to=2026-03-01T08:00:03.000Z', []],
    ['kind=vehicle&from=2026-03-01T08:00:02.000Z', ['浙B00001', '苏A12399']],
    ['gate=west-gate', []],
  ])('is narrowed by %s as the search is', async (query, plates) => {
    const rows = csvRows((await get(`/exports/sightings.csv?${query}`)).body).slice(1);
    const found = (await get(`/sightings?${query}`)).json().items as { plate: { text: string } }[];
    expect(rows.map((row) => row.split(',')[6])).toEqual(plates);
    expect(found.map(({ plate }) => plate.text)).toEqual(plates);
  });

  test('names people only when that is asked for, and the trail says so', async () => {
    expect((await get('/exports/sightings.csv')).body).not.toContain(subject);
    expect((await audit())[0].details).toMatchObject({ subjects: 'false' });
    expect((await get('/exports/sightings.csv?subjects=true')).body).toContain(subject);
    expect((await audit())[0].details).toMatchObject({ subjects: 'true' });
    expect((await get(`/exports/sightings.csv?subject=${subject}`)).body).not.toContain(subject);
  });

  test('is recorded with its filters before it begins, and with its rows when it has ended', async () => {
    await get('/exports/sightings.xlsx?gate=east-gate&kind=vehicle');
    const [begun, ended] = await audit();
    expect(begun).toMatchObject({
      action: 'exported',
      target: 'sightings.xlsx',
      actor: { displayName: 'the manager' },
      details: { gate: 'east-gate', kind: 'vehicle' },
    });
    expect(ended.details).toEqual({ export: begun.details?.export, rows: 3, complete: true });
  });

  test('does not leave when it cannot be recorded', async () => {
    const other = await startHubBench();
    const cookie = await other.logIn('manager');
    await other.commit({ kind: 'vehicle' });
    await other.store.database.schema.dropTable('audit').execute();
    const reply = await other.app.inject({ url: '/api/v1/exports/sightings.csv', headers: { cookie } });
    expect(reply.statusCode).toBe(500);
    expect(reply.body).not.toContain('east-gate');
    await other.stop();
  });

  test('is refused for a pattern that is none, and to a guard', async () => {
    expect((await get('/exports/sightings.csv?plate=%27')).json().code).toBe('PLATE_PATTERN_INVALID');
    expect((await get('/exports/sightings.csv?timeZone=Nowhere')).json().code).toBe('REQUEST_INVALID');
    expect((await get('/exports/sightings.csv', guard)).json().code).toBe('ROLE_NOT_ALLOWED');
  });
});

describe('the alerts', () => {
  test('leave with who was told, who dealt with them and how fast, and with harmless notes', async () => {
    const { id } = (await get('/alerts?limit=1')).json().items[0];
    const send = (path: string, payload?: object) =>
      bench.app.inject({
        method: 'POST',
        url: `/api/v1${path}`,
        headers: { cookie: manager, 'sec-fetch-site': 'same-origin' },
        ...(payload && { payload }),
      });
    bench.clock.advance(12_000);
    await send(`/alerts/${id}/acknowledge`);
    bench.clock.advance(30_000);
    await send(`/alerts/${id}/resolve`, { disposition: 'other', note: '=HYPERLINK("http://a.example")' });

    const csv = await get('/exports/alerts.csv?state=resolved&language=en&timeZone=UTC');
    const [heading, ...rows] = csvRows(csv.body);
    expect(rows).toHaveLength(1);
    expect(heading).toContain('Who was told');
    expect(rows[0]).toContain(`"'=HYPERLINK(""http://a.example"")"`);
    expect(rows[0]).toContain(
      ',the manager,2026-03-01 08:00:16,12,the manager,2026-03-01 08:00:46,30,Other,',
    );
    expect(rows[0]).toContain(',2026-03-01 08:00:04 on duty: the guard,');

    const [sheet] = readWorkbook((await get('/exports/alerts.xlsx?language=en')).rawPayload);
    const note = sheet.rows[0].indexOf('Note');
    expect(sheet.rows.map((row) => row[note])).toContain('=HYPERLINK("http://a.example")');
    expect(sheet.xml).not.toMatch(/<f[ >]/);
    const [begun, ended] = await audit();
    expect(begun).toMatchObject({ target: 'alerts.xlsx' });
    expect(ended.details).toMatchObject({ rows: sheet.rows.length - 1, complete: true });
  });

  test('are narrowed by the time they were opened', async () => {
    const all = csvRows((await get('/exports/alerts.csv')).body).length - 1;
    const before = await get('/exports/alerts.csv?to=2026-03-01T08:00:04.000Z');
    expect(all).toBe(2);
    expect(csvRows(before.body)).toHaveLength(2);
    expect(csvRows((await get('/exports/alerts.csv?from=2027-01-01T00:00:00.000Z')).body)).toHaveLength(1);
  });
});

test('a client that goes away ends the reading, and the trail says that it was not all', async () => {
  const address = await bench.listen();
  const db = bench.store.database;
  const { body, ...row } = await db.selectFrom('alert').selectAll().limit(1).executeTakeFirstOrThrow();
  // More bytes than any buffer on the way holds, so that the hub has to wait for the client.
  const resolved = { ...bench.people.guard, at: '2026-03-01T08:00:00.000Z', disposition: 'other' };
  const { id, displayName, at, disposition } = resolved;
  const alert = {
    ...JSON.parse(body),
    resolved: { id, displayName, at, disposition, note: 'x'.repeat(20_000) },
  };
  for (let page = 0; page < 15; page++) {
    const rows = Array.from({ length: 100 }, () => {
      const ids = { id: randomUUID(), sighting: randomUUID() };
      return { ...row, id: ids.id, sighting_id: ids.sighting, body: JSON.stringify({ ...alert, ...ids }) };
    });
    await db.insertInto('alert').values(rows).execute();
  }

  await new Promise<void>((resolve, reject) => {
    const headers = { cookie: manager };
    const request = httpGet(`${address}/api/v1/exports/alerts.csv`, { headers }, (reply) => {
      reply.on('error', () => {});
      reply.once('data', () => {
        request.destroy();
        resolve();
      });
    });
    request.once('error', reject);
  });
  await expect
    .poll(async () => (await audit())[1].details, { timeout: 5000 })
    .toMatchObject({ complete: false });
  const [begun, ended] = await audit();
  expect(ended.details?.export).toBe(begun.details?.export);
  expect(Number(ended.details?.rows)).toBeLessThan(1500);
  expect(bench.counters.read()['exports.broken_off']).toBe(1);
});

import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newId } from '../../../hub/contract/ids.ts';
import type { IncidentReport } from '../../../hub/contract/report.ts';
import type { Sighting } from '../../../hub/contract/sighting.ts';
import { filesBelow } from '../../builders/kept.ts';
import { buildJpeg, describeEvidence } from '../../builders/sighting.ts';
import { type HubBench, startHubBench } from './hub-bench.ts';

let bench: HubBench;
let manager: string;
let sighting: Sighting;
let alert: string;
const [scene, face, late] = [buildJpeg(), buildJpeg(), buildJpeg()];
const evidence = [
  describeEvidence(scene, { role: 'scene' }),
  describeEvidence(face),
  describeEvidence(late, { role: 'face' }),
];

const get = (path: string, cookie = manager) =>
  bench.app.inject({ url: `/api/v1${path}`, headers: { cookie } });
beforeAll(async () => {
  bench = await startHubBench();
  manager = await bench.logIn('manager');
  const rule = { enabled: true, startsAt: '2026-02-01T00:00:00.000Z', endsAt: '2026-06-01T00:00:00.000Z' };
  const policy = { homeProvince: '苏', strangerRetentionDays: 14 };
  const mask = { ...rule, reason: 'flu season', owner: 'Li' };
  const site = { schema: 1 as const, site: 'demo', ...policy };
  const at = '2026-02-01T00:00:00.000Z';
  await bench.store.policies.save({ ...site, version: 1, mask }, 'test', at);
  await bench.store.policies.save(
    { ...site, version: 2, mask: { ...mask, reason: 'changed later' } },
    'test',
    at,
  );
  const from = { site: 'demo', box: 'east-box' };
  for (const [at, jpeg] of [scene, face].entries())
    await bench.store.evidence.keep({
      id: evidence[at].id,
      from,
      jpeg,
      receivedAt: '2026-03-01T08:00:00.000Z',
    });
  sighting = await bench.commit({ id: newId(bench.clock.now()), evidence, policyVersion: 1 });
  alert = (await get('/alerts?limit=1')).json().items[0].id;
});
afterAll(() => bench.stop());

const report = async () => (await get(`/alerts/${alert}/report`)).json() as IncidentReport;

test('a report says what the hub vouches for: the rule in force then, every picture, and a hash of the sighting', async () => {
  const found = await report();

  expect(found.alert.id).toBe(alert);
  expect(found.sighting).toMatchObject({ id: sighting.id, revision: 1 });
  expect(found.policyVersion).toBe(1);
  expect(found.rules).toMatchObject([{ name: 'mask', reason: 'flu season', owner: 'Li' }]);
  expect(found.pictures.map(({ state }) => state)).toEqual(['intact', 'intact', 'missing']);
  expect(found.pictures[0].foundSha256).toBe(evidence[0].sha256);
  expect(found.printedBy).toEqual({ id: bench.people.manager.id, displayName: 'the manager' });
  expect(found.printedAt).toBe(new Date(bench.clock.now()).toISOString());

  const sorted = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(sorted)
      : value && typeof value === 'object'
        ? Object.fromEntries(
            Object.entries(value)
              .sort(([a], [b]) => (a < b ? -1 : 1))
              .map(([key, each]) => [key, sorted(each)]),
          )
        : value;
  const spelled = JSON.stringify(sorted(sighting));
  expect(found.sightingSha256).toBe(createHash('sha256').update(spelled).digest('hex'));
});

test('every look is recorded with what was handed out', async () => {
  const { sightingSha256 } = await report();
  const [entry] = (await get(`/audit?action=exported&target=${alert}&limit=1`)).json().items;
  expect(entry).toMatchObject({
    actor: { displayName: 'the manager' },
    details: { document: 'incident_report', pictures: 3, sha256: sightingSha256 },
  });
});

test('a picture that was changed on the disk is told as changed', async () => {
  const { file } = await bench.store.database
    .selectFrom('evidence_file')
    .select('file')
    .where('sha256', '=', evidence[1].sha256)
    .executeTakeFirstOrThrow();
  const path = filesBelow(join(bench.folder, 'evidence')).find((each) => each.includes(file)) as string;
  const bytes = readFileSync(path);
  bytes[bytes.length >> 1] ^= 1;
  writeFileSync(path, bytes);
  expect((await report()).pictures[1]).toMatchObject({ state: 'changed' });
});

test('a sighting that has passed its retention is told as missing', async () => {
  await bench.store.database.deleteFrom('sighting').where('id', '=', sighting.id).execute();
  const found = await report();
  expect(found.alert.id).toBe(alert);
  expect(found.sighting).toBeUndefined();
  expect(found.sightingSha256).toBeUndefined();
  expect(found.rules).toEqual([]);
});

test('is for those who answer for the log, and only of alerts that there are', async () => {
  expect((await get(`/alerts/${alert}/report`, await bench.logIn('guard'))).json().code).toBe(
    'ROLE_NOT_ALLOWED',
  );
  expect((await get('/alerts/0195500c-0000-7000-8000-000000000000/report')).json().code).toBe(
    'ALERT_UNKNOWN',
  );
});

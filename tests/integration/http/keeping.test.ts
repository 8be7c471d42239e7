import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { AuditEntry, ErasureCertificate } from '../../../hub/contract/api.ts';
import { defaultRetention } from '../../../hub/keeping/retention-rules.ts';
import { keep, vehicle } from '../../builders/kept.ts';
import { type HubBench, startHubBench } from './hub-bench.ts';

const somebody = '0195500c-0000-4000-8000-00000000000a';
let bench: HubBench;
let manager: string;

beforeAll(async () => {
  bench = await startHubBench();
  manager = await bench.logIn('manager');
});
afterAll(() => bench.stop());
beforeEach(() => {
  bench.clock.advance(60_000);
});

const now = () => new Date(bench.clock.now()).toISOString();
const get = (url: string) => bench.app.inject({ url: `/api/v1${url}`, headers: { cookie: manager } });
const send = (method: 'POST' | 'PUT', url: string, payload: object) =>
  bench.app.inject({
    method,
    url: `/api/v1${url}`,
    headers: { cookie: manager, 'sec-fetch-site': 'same-origin' },
    payload,
  });
const lastAudit = async (): Promise<AuditEntry> => (await get('/audit?limit=1')).json().items[0];

describe('retention', () => {
  test('is changed as a whole, with the change in the trail, and not by somebody who has not seen the newest', async () => {
    const settings = { ...defaultRetention, evidenceDays: 14 };
    const changed = await send('PUT', '/retention?basedOn=0', settings);
    expect([changed.statusCode, changed.json()]).toMatchObject([200, { version: 1, settings }]);
    expect(await lastAudit()).toMatchObject({
      action: 'retention_changed',
      details: { version: 1, evidenceDays: 14 },
      actor: { displayName: 'the manager' },
    });
    expect((await send('PUT', '/retention?basedOn=0', settings)).json().code).toBe('RETENTION_CONFLICT');
    expect((await get('/retention')).json()).toMatchObject({ settings, runs: [] });
  });

  test.each([
    [{ evidenceDays: 0 }, 'REQUEST_INVALID'],
    [{ auditDays: 365 }, 'REQUEST_INVALID'],
    [{ personDays: 91 }, 'RETENTION_INVALID'],
    [{ video: 30 }, 'REQUEST_INVALID'],
  ])('refuses %j', async (change, code) => {
    const reply = await send('PUT', '/retention', { ...defaultRetention, ...change });
    expect([reply.statusCode, reply.json().code]).toEqual([400, code]);
  });
});

describe('a hold', () => {
  test('is placed and lifted with reasons, both in the trail; lifted, an erasure takes what it kept', async () => {
    const { sighting, alert, picture } = await keep(bench.store, now(), { subject: somebody });
    const about = { kind: 'alert', id: alert };
    const placed = await send('POST', '/holds', { about, reason: 'a claim' });
    expect([placed.statusCode, await lastAudit()]).toMatchObject([
      201,
      { action: 'hold_placed', target: alert },
    ]);
    const { id } = placed.json();
    expect((await get(`/holds?ended=false&about=${alert}`)).json()).toEqual([placed.json()]);

    const forgotten = await send('POST', `/subjects/${somebody}/erasure`, { reason: 'asked for it' });
    expect(forgotten.json()).toMatchObject({ isComplete: false, held: { sightings: 1 } });
    expect((await get(`/evidence/${picture.id}`)).statusCode).toBe(200);

    const lifted = await send('POST', `/holds/${id}/lift`, { reason: 'settled' });
    expect(lifted.json()).toMatchObject({ id, ended: { reason: 'settled' } });
    expect(await lastAudit()).toMatchObject({ action: 'hold_lifted', target: alert });
    expect((await get('/holds?ended=false')).json()).toEqual([]);
    expect((await get(`/sightings/${sighting.id}`)).json().subject).toBeUndefined();
    expect((await get(`/evidence/${picture.id}`)).json().code).toBe('EVIDENCE_UNKNOWN');
    expect((await send('POST', `/holds/${id}/lift`, { reason: 'x' })).json().code).toBe('HOLD_ENDED');
  });

  test('needs a reason and something to hold', async () => {
    const about = { kind: 'sighting', id: somebody };
    expect((await send('POST', '/holds', { about, reason: ' ' })).json().code).toBe('REQUEST_INVALID');
    expect((await send('POST', '/holds', { about, reason: 'x' })).json().code).toBe('HOLD_ABOUT_NOTHING');
    expect((await send('POST', `/holds/${somebody}/lift`, { reason: 'x' })).json().code).toBe('HOLD_UNKNOWN');
  });
});

describe('an erasure of a plate', () => {
  const plate = '苏A12345';
  const path = `/subjects/${encodeURIComponent(plate)}/erasure`;

  test('leaves the plate in no answer, not even in the trail of having done it; its certificate verifies', async () => {
    expect((await send('POST', path, { reason: 'asked for it' })).json().code).toBe('SUBJECT_UNKNOWN');
    expect((await get(path)).json().code).toBe('ERASURE_UNKNOWN');
    await keep(bench.store, now(), vehicle(plate));
    const certificate: ErasureCertificate = (await send('POST', path, { reason: 'asked for it' })).json();
    expect(certificate).toMatchObject({ version: 2, isComplete: true });
    expect((await get(path)).json()).toEqual(certificate);
    expect(await lastAudit()).toMatchObject({ action: 'subject_forgotten', target: certificate.subject });
    expect((await get('/sightings?limit=200')).body).not.toContain(plate);
    expect((await get('/erasures')).body).not.toContain(plate);
    const again = await send('POST', path, { reason: 'asked again' });
    expect(again.json().id).toBe(certificate.id);

    const verify = async (body: object) => (await send('POST', '/erasures/verification', body)).json();
    expect(await verify(certificate)).toEqual({ isOurs: true });
    expect(await verify({ ...certificate, reason: 'another' })).toEqual({ isOurs: false });
  });
});

import { mkdirSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Alert } from '../../../hub/contract/api.ts';
import { newId } from '../../../hub/contract/ids.ts';
import { buildJpeg, describeEvidence } from '../../builders/sighting.ts';
import { type HubBench, startHubBench } from './hub-bench.ts';

let bench: HubBench;
let guard: string;
let manager: string;

beforeAll(async () => {
  bench = await startHubBench();
  guard = await bench.logIn('guard');
  manager = await bench.logIn('manager');
});
afterAll(() => bench.stop());
beforeEach(() => {
  bench.clock.advance(1000);
});

function get(url: string, cookie: string) {
  return bench.app.inject({ url: `/api/v1${url}`, headers: { cookie } });
}

function send(method: 'POST' | 'PUT' | 'PATCH', url: string, cookie: string, payload?: object) {
  const headers = { cookie, 'sec-fetch-site': 'same-origin' };
  return bench.app.inject({ method, url: `/api/v1${url}`, headers, payload });
}

async function raise(gate = 'east-gate'): Promise<Alert> {
  const { id } = await bench.commit({ id: newId(bench.clock.now()), gate });
  const { items } = (await get('/alerts', manager)).json();
  return items.find((alert: Alert) => alert.sighting === id);
}

async function lastAudit() {
  return (await get('/audit?limit=1', manager)).json().items[0];
}

describe('an alert', () => {
  test('is acknowledged by the guard on duty at its gate, then resolved with what was done', async () => {
    const { id } = await raise();
    await send('POST', '/duty/clock-in', guard, { gate: 'east-gate' });

    const acknowledged = await send('POST', `/alerts/${id}/acknowledge`, guard);
    expect(acknowledged.statusCode).toBe(200);
    expect(acknowledged.json()).toMatchObject({
      state: 'acknowledged',
      acknowledged: { id: bench.people.guard.id, displayName: 'the guard' },
    });
    expect(await lastAudit()).toMatchObject({
      action: 'alert_acknowledged',
      target: id,
      actor: { displayName: 'the guard' },
    });

    const resolved = await send('POST', `/alerts/${id}/resolve`, guard, { disposition: 'mask_handed_out' });
    expect(resolved.json()).toMatchObject({
      state: 'resolved',
      resolved: { disposition: 'mask_handed_out' },
    });
    expect(await lastAudit()).toMatchObject({
      action: 'alert_resolved',
      details: { disposition: 'mask_handed_out' },
    });
  });

  test('refuses a second acknowledgement and names the first guard', async () => {
    const { id } = await raise();
    const second = await bench.logIn('second-guard');
    await send('POST', '/duty/clock-in', guard, { gate: 'east-gate' });
    await send('POST', '/duty/clock-in', second, { gate: 'east-gate' });

    const replies = await Promise.all([
      send('POST', `/alerts/${id}/acknowledge`, guard),
      send('POST', `/alerts/${id}/acknowledge`, second),
    ]);
    const [won, lost] = replies.toSorted((a, b) => a.statusCode - b.statusCode);
    expect([won.statusCode, lost.statusCode]).toEqual([200, 409]);
    expect(lost.json()).toMatchObject({
      code: 'ALERT_ALREADY_ACKNOWLEDGED',
      details: { acknowledged: won.json().acknowledged },
    });
  });

  test('is refused to a guard who is not on duty at its gate, but shown to all', async () => {
    await send('POST', '/duty/clock-in', await bench.logIn('second-guard'), { gate: 'west-gate' });
    await send('POST', '/duty/clock-in', guard, { gate: 'east-gate' });
    const { id } = await raise('west-gate');

    const reply = await send('POST', `/alerts/${id}/acknowledge`, guard);
    expect(reply.statusCode).toBe(403);
    expect(reply.json()).toMatchObject({ code: 'NOT_ON_DUTY_AT_GATE', details: { gate: 'west-gate' } });
    expect((await get(`/alerts/${id}`, guard)).json().state).toBe('open');
    expect((await send('POST', `/alerts/${id}/acknowledge`, manager)).statusCode).toBe(200);
  });

  test('lists come in pages that neither skip nor repeat', async () => {
    const first = (await get('/alerts?limit=2', guard)).json();
    await raise();
    const second = (await get(`/alerts?limit=2&cursor=${first.nextCursor}`, guard)).json();
    const ids = [...first.items, ...second.items].map(({ id }: Alert) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(second.items[0].openedAt < first.items[1].openedAt).toBe(true);
  });
});

describe('duty', () => {
  test('begins at a known gate, is shown in the session, and ends', async () => {
    const refused = await send('POST', '/duty/clock-in', guard, { gate: 'north-gate' });
    expect(refused.json()).toMatchObject({
      code: 'GATE_UNKNOWN',
      details: { gates: ['east-gate', 'west-gate'] },
    });

    await send('POST', '/duty/clock-in', guard, { gate: 'west-gate' });
    expect((await get('/session', guard)).json().duty).toMatchObject({ gate: 'west-gate' });
    expect((await get('/duty', guard)).json()).toContainEqual(
      expect.objectContaining({ displayName: 'the guard', gate: 'west-gate' }),
    );
    expect((await send('POST', '/duty/clock-out', guard)).statusCode).toBe(204);
    expect((await get('/session', guard)).json().duty).toBeUndefined();
    expect((await send('POST', '/duty/clock-out', guard)).json().code).toBe('NOT_ON_DUTY');
  });
});

describe('looking people and vehicles up', () => {
  const plate = { text: '苏A12345', class: 'small_car' as const, confidence: 0.9, characters: [], votes: 3 };

  test('a trajectory is recorded before it is shown, also when nothing is found', async () => {
    await bench.commit({ id: newId(bench.clock.now()), kind: 'vehicle', plate, direction: 'entry' });

    const found = await get(`/subjects/${encodeURIComponent(plate.text)}/trajectory`, manager);
    expect(found.json()).toMatchObject({
      subject: plate.text,
      kind: 'vehicle',
      items: [{ direction: 'entry' }],
    });
    expect(await lastAudit()).toMatchObject({ action: 'trajectory_viewed', target: plate.text });
    await get(`/subjects/${encodeURIComponent('苏A00000')}/trajectory`, manager);
    expect(await lastAudit()).toMatchObject({ action: 'trajectory_viewed', target: '苏A00000' });
  });

  test('is refused when it cannot be recorded', async () => {
    const other = await startHubBench();
    const cookie = await other.logIn('manager');
    await other.commit({ id: newId(bench.clock.now()), kind: 'vehicle', plate });
    await other.store.database.schema.dropTable('audit').execute();
    const reply = await other.app.inject({
      url: `/api/v1/subjects/${encodeURIComponent(plate.text)}/trajectory`,
      headers: { cookie },
    });
    expect(reply.statusCode).toBe(500);
    expect(reply.body).not.toContain(plate.text);
    await other.stop();
  });

  test('a search for a plate is recorded, and finds it by prefix and with one unknown character', async () => {
    for (const pattern of ['苏A12345', '苏A1*', '苏A1?345']) {
      const { items } = (await get(`/sightings?plate=${encodeURIComponent(pattern)}`, manager)).json();
      expect(items.map((entry: { plate: { text: string } }) => entry.plate.text)).toContain(plate.text);
      expect(await lastAudit()).toMatchObject({ action: 'sightings_searched', target: pattern });
    }
  });

  test('a guard sees the last day and no further', async () => {
    const { id } = await bench.commit({ id: newId(bench.clock.now()) });
    expect((await get(`/sightings/${id}`, guard)).statusCode).toBe(200);
    expect((await get('/sightings', guard)).json().items[0].id).toBe(id);

    bench.clock.advance(25 * 3_600_000);
    guard = await bench.logIn('guard');
    manager = await bench.logIn('manager');
    expect((await get('/sightings', guard)).json().items).toEqual([]);
    expect((await get(`/sightings/${id}`, guard)).json().code).toBe('LOOK_UP_TOO_OLD');
    const old = await get('/sightings?from=2026-01-01T00:00:00.000Z', guard);
    expect(old.statusCode).toBe(403);
    expect(old.json()).toMatchObject({
      code: 'LOOK_UP_TOO_OLD',
      details: { earliest: expect.stringMatching(/Z$/) },
    });
    expect((await get('/sightings', manager)).json().items.length).toBeGreaterThan(0);
  });
});

describe('evidence', () => {
  test('is a picture for those who watch, once a sighting names it, and cached by nobody between', async () => {
    const jpeg = buildJpeg();
    const evidence = describeEvidence(jpeg);
    const { id, sha256 } = evidence;
    const from = { site: 'demo', box: 'east-box' };
    await bench.store.evidence.keep({ id, from, jpeg, receivedAt: '2026-03-01T08:00:00.000Z' });
    expect((await get(`/evidence/${id}`, guard)).json().code).toBe('EVIDENCE_UNKNOWN');
    await bench.commit({ id: newId(bench.clock.now()), evidence: [evidence] });

    const reply = await get(`/evidence/${id}`, guard);
    expect(reply.rawPayload.equals(jpeg)).toBe(true);
    expect(reply.headers).toMatchObject({
      'content-type': 'image/jpeg',
      'cache-control': 'private, max-age=86400, immutable',
      'x-content-type-options': 'nosniff',
      etag: `"${sha256}"`,
    });
    expect((await get(`/evidence/${id}`, await bench.logIn('installer'))).statusCode).toBe(403);
  });
});

describe('policy', () => {
  const campaign = {
    enabled: true,
    reason: 'flu season',
    owner: 'Li',
    startsAt: '2026-03-01T00:00:00.000Z',
    endsAt: '2026-04-01T00:00:00.000Z',
  };
  const edit = { homeProvince: '苏', mask: campaign, strangerRetentionDays: 14 };

  test('a rule is switched on by two people, each of whom leaves a trace', async () => {
    const { version } = (await get('/policy', manager)).json();
    const proposed = await send('PUT', `/policy?basedOn=${version}`, manager, edit);
    expect(proposed.statusCode).toBe(202);
    const { id } = proposed.json();
    expect(proposed.json()).toMatchObject({ state: 'open', changes: [{ field: 'mask', after: campaign }] });
    expect((await get('/policy', manager)).json().version).toBe(version);
    expect(await lastAudit()).toMatchObject({
      action: 'policy_proposed',
      details: { proposal: id, rules: ['mask'] },
    });

    const alone = await send('POST', `/policy/proposals/${id}/confirm`, manager);
    expect([alone.statusCode, alone.json().code]).toEqual([403, 'SECOND_PERSON_NEEDED']);
    const admin = await bench.logIn('admin');
    const confirmed = await send('POST', `/policy/proposals/${id}/confirm`, admin);
    expect(confirmed.json()).toMatchObject({ schema: 1, site: 'demo', version: version + 1, mask: campaign });
    expect((await get('/policy', manager)).json()).toEqual(confirmed.json());
    expect(await lastAudit()).toMatchObject({
      action: 'policy_confirmed',
      actor: { displayName: 'the admin' },
      details: { proposal: id, version: version + 1 },
    });
    expect((await get('/policy/history', manager)).json().items[0]).toMatchObject({
      version: version + 1,
      by: 'the manager',
      confirmedBy: 'the admin',
      changes: [{ field: 'mask', after: campaign }],
    });
    expect((await send('POST', `/policy/proposals/${id}/reject`, admin)).json().code).toBe('PROPOSAL_OVER');
  });

  test('a rule is switched off at once, by one', async () => {
    const { version, mask } = (await get('/policy', manager)).json();
    const off = { ...edit, mask: { ...mask, enabled: false } };
    const changed = await send('PUT', `/policy?basedOn=${version}`, manager, off);
    expect([changed.statusCode, changed.json()]).toMatchObject([
      200,
      { version: version + 1, mask: { enabled: false } },
    ]);
    expect(await lastAudit()).toMatchObject({ action: 'policy_changed', details: { version: version + 1 } });

    const late = await send('PUT', `/policy?basedOn=${version}`, manager, edit);
    expect(late.json()).toMatchObject({ code: 'POLICY_CONFLICT', details: { version: version + 1 } });
  });

  test('what is proposed is rejected by another, and withdrawn by who proposed it', async () => {
    const admin = await bench.logIn('admin');
    for (const [by, state] of [
      [manager, 'withdrawn'],
      [admin, 'rejected'],
    ]) {
      bench.clock.advance(1000);
      const { id } = (await send('PUT', '/policy', manager, edit)).json();
      expect((await send('POST', `/policy/proposals/${id}/reject`, by)).json()).toMatchObject({ id, state });
      expect(await lastAudit()).toMatchObject({
        action: 'policy_rejected',
        details: { proposal: id, state },
      });
      expect((await get('/policy/proposals', admin)).json()[0]).toMatchObject({ id, state });
    }
  });

  test('a rule without an end is refused', async () => {
    const { endsAt: _, ...endless } = campaign;
    const reply = await send('PUT', '/policy', manager, { ...edit, mask: endless });
    expect(reply.json()).toMatchObject({
      code: 'REQUEST_INVALID',
      details: { fields: [{ path: 'body/mask/endsAt', problem: expect.any(String) }] },
    });
  });
});

describe('people', () => {
  test('are added once by an admin and then can log in', async () => {
    const admin = await bench.logIn('admin');
    const person = { username: 'chen', displayName: '陈', role: 'guard', password: 'a-long-password' };
    const added = await send('POST', '/people', admin, person);
    expect(added.statusCode).toBe(201);
    expect(added.json()).toMatchObject({ username: 'chen', role: 'guard' });
    expect(added.body).not.toContain(person.password);
    expect(await lastAudit()).toMatchObject({
      action: 'person_added',
      target: added.json().id,
      details: { role: 'guard' },
    });
    expect((await send('POST', '/people', admin, person)).json().code).toBe('USERNAME_TAKEN');
    expect(
      (await send('POST', '/people', admin, { ...person, username: 'X', password: 'short' })).statusCode,
    ).toBe(400);
    expect(
      (await get('/people', admin)).json().map(({ username }: { username: string }) => username),
    ).toContain('chen');
    const missing = await send('PATCH', '/people/0195500c-0000-7000-8000-000000000000', admin, {
      disabled: true,
    });
    expect(missing.json().code).toBe('PERSON_UNKNOWN');
  });

  test('the audit trail comes in pages and by actor, action and target', async () => {
    const first = (await get('/audit?limit=3', manager)).json();
    const second = (await get(`/audit?limit=3&cursor=${first.nextCursor}`, manager)).json();
    const ids = [...first.items, ...second.items].map(({ id }: { id: number }) => id);
    expect(ids).toEqual(ids.toSorted((a, b) => b - a));
    expect(new Set(ids).size).toBe(6);
    const mine = (
      await get(`/audit?action=clocked_in&target=west-gate&actor=${bench.people.guard.id}`, manager)
    ).json();
    expect(mine.items).toMatchObject([{ action: 'clocked_in', target: 'west-gate' }]);
  });
});

describe('the dashboard', () => {
  test('is replaced by a page that says how to build it when it is not built', async () => {
    const reply = await bench.app.inject({ url: '/', headers: { accept: 'text/html' } });
    expect(reply.statusCode).toBe(200);
    expect(reply.body).toContain('npm run build');
    expect(reply.headers['content-security-policy']).toContain("script-src 'self'");
  });

  test('answers its own addresses with the page, files with the file, and never leaves its folder', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gatehouse-dist-'));
    mkdirSync(join(folder, 'assets'));
    await writeFile(join(folder, 'index.html'), '<!doctype html><title>page</title>');
    await writeFile(join(folder, 'assets', 'main-abc123.js'), 'export {};');
    const built = await startHubBench({ dashboardFolder: folder });
    const fetchPath = (url: string) => built.app.inject({ url, headers: { accept: '*/*' } });

    for (const url of ['/', '/alerts', '/subjects/abc?tab=1']) {
      expect((await fetchPath(url)).body).toContain('<title>page</title>');
    }
    expect((await fetchPath('/alerts')).headers['cache-control']).toBe('no-cache');
    const asset = await fetchPath('/assets/main-abc123.js');
    expect(asset.headers).toMatchObject({ 'cache-control': 'public, max-age=31536000, immutable' });
    expect((await fetchPath('/assets/gone-000.js')).json().code).toBe('ROUTE_UNKNOWN');
    expect((await fetchPath('/api/v2/alerts')).json().code).toBe('ROUTE_UNKNOWN');
    expect((await fetchPath('/%2e%2e/%2e%2e/etc/passwd')).body).not.toContain('root:');
    await built.stop();
    await rm(folder, { recursive: true });
  });
});

import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newId } from '../../../hub/contract/ids.ts';
import type { Sighting } from '../../../hub/contract/sighting.ts';
import type { ViidStatus } from '../../../hub/contract/viid.ts';
import { Counters } from '../../../hub/counters.ts';
import { openKeyRing } from '../../../hub/keys/key-file.ts';
import { openStore } from '../../../hub/store/open-store.ts';
import { SqlAuditTrail } from '../../../hub/store/sql-audit-trail.ts';
import { ViidExporter } from '../../../hub/viid/viid-exporter.ts';
import { ViidSettingsDesk } from '../../../hub/viid/viid-settings.ts';
import { buildJpeg, describeEvidence } from '../../builders/sighting.ts';
import { ViidPlatform } from '../../builders/viid-platform.ts';
import { type HubBench, startHubBench } from '../http/hub-bench.ts';

let bench: HubBench;
let platform: ViidPlatform;
let platformUrl: string;
let admin: string;

beforeAll(async () => {
  bench = await startHubBench();
  admin = await bench.logIn('admin');
});
afterAll(() => bench.stop());
beforeEach(async () => {
  platform = new ViidPlatform();
  platformUrl = await platform.start();
});
afterEach(async () => {
  await switchOn({ isOn: false, password: undefined });
  await bench.viid.round();
  await platform.stop();
  await bench.store.database.deleteFrom('viid_item').execute();
});

const request = (method: 'GET' | 'PUT', path: string, payload?: object) =>
  bench.app.inject({
    method,
    url: `/api/v1${path}`,
    headers: { cookie: admin, 'sec-fetch-site': 'same-origin' },
    ...(payload && { payload }),
  });
async function switchOn(change: object = {}): Promise<void> {
  const { deviceId, username, password } = platform;
  const settings = { isOn: true, platformUrl, deviceId, username, password, ...change };
  const { version } = (await request('GET', '/settings/viid')).json();
  const reply = await request('PUT', `/settings/viid?basedOn=${version}`, settings);
  expect(reply.json()).toMatchObject({ version: version + 1, hasPassword: true });
}
const status = async () => (await request('GET', '/viid')).json() as ViidStatus;

let plates = 0;
async function passCar(change: Partial<Sighting> = {}): Promise<Sighting> {
  bench.clock.advance(1000);
  const text = `苏A1${String(++plates).padStart(4, '0')}`;
  return bench.commit({
    id: newId(bench.clock.now()),
    kind: 'vehicle',
    phase: 'closed',
    plate: { text, class: 'small_car', confidence: 0.9, characters: [], votes: 3 },
    verdicts: {},
    flags: [],
    ...change,
  });
}
async function withPicture(role: 'scene' | 'face') {
  const jpeg = buildJpeg();
  const evidence = describeEvidence(jpeg, { role });
  const from = { site: 'demo', box: 'east-box' };
  const receivedAt = new Date(bench.clock.now()).toISOString();
  await bench.store.evidence.keep({ id: evidence.id, from, jpeg, receivedAt });
  return { evidence, jpeg };
}

describe('what leaves', () => {
  test('is nothing until an admin has switched it on, and what was before stays', async () => {
    await passCar();
    await bench.viid.round();
    expect(platform.calls).toEqual([]);
    expect(await status()).toMatchObject({ state: 'off', facesLeave: false, waiting: 0 });
    await switchOn();
    const car = await passCar();
    await bench.viid.round();
    expect(platform.vehicles.map(({ PlateNo }) => PlateNo)).toEqual([car.plate?.text]);
  });

  test.each(['MD5', 'SHA-256'] as const)(
    'is a vehicle in the shapes of the standard, after a log-in by Digest with %s',
    async (algorithm) => {
      platform.algorithm = algorithm;
      await switchOn({ cameras: [{ camera: 'west-lane', deviceId: '32050000001320000002' }] });
      const { evidence, jpeg } = await withPicture('scene');
      await passCar({ evidence: [evidence], camera: 'west-lane' });
      await bench.viid.round();

      expect(platform.complaints).toEqual([]);
      expect(platform.calls).toEqual([
        '/VIID/System/Register',
        '/VIID/System/Register',
        '/VIID/MotorVehicles',
      ]);
      const [vehicle] = platform.vehicles;
      expect(vehicle.DeviceID).toBe('32050000001320000002');
      expect(vehicle.SubImageList.SubImageInfoObject).toMatchObject([{ Data: jpeg.toString('base64') }]);
      expect(await status()).toMatchObject({ state: 'registered', waiting: 0, sent: 1, refused: 0 });
    },
  );

  test('is a face only with a switch of its own and a legal basis in writing', async () => {
    await switchOn();
    const { evidence } = await withPicture('face');
    const walk = () => bench.commit({ id: newId(bench.clock.now()), phase: 'closed', evidence: [evidence] });
    await walk();
    await bench.viid.round();
    expect(platform.offered).toEqual([]);

    const refused = await request('PUT', '/settings/viid?basedOn=0', { isOn: false, faces: true });
    expect(refused.json()).toMatchObject({
      code: 'VIID_SETTINGS_INVALID',
      details: { missing: ['facesBasis'] },
    });
    await switchOn({ faces: true, facesBasis: '《反恐怖主义法》第三十二条' });
    await walk();
    await bench.viid.round();
    expect(platform.faces).toHaveLength(1);
    expect(platform.complaints).toEqual([]);
    expect((await status()).facesLeave).toBe(true);
  });

  test('is a track that no box closed, as it is after ten minutes, and once only', async () => {
    await switchOn();
    const car = await passCar({ phase: 'opened' });
    await bench.viid.round();
    expect(platform.vehicles).toHaveLength(0);
    bench.clock.advance(10 * 60_000);
    await bench.viid.round();
    expect(platform.vehicles).toHaveLength(1);
    await bench.commit({ ...car, revision: 2, phase: 'closed' });
    await bench.viid.round();
    expect(platform.vehicles).toHaveLength(1);
  });

  test('is in the audit trail before it leaves, and so is who switched it on, without the password', async () => {
    await switchOn();
    await passCar();
    await passCar();
    await bench.viid.round();
    const audit = await request('GET', '/audit?limit=5');
    const [sent, on] = audit.json().items;
    expect(sent).toMatchObject({
      action: 'exported',
      target: '/VIID/MotorVehicles',
      details: { things: 2 },
      address: new URL(platformUrl).host,
    });
    expect(on).toMatchObject({
      action: 'settings_changed',
      target: 'viid',
      actor: { displayName: 'the admin' },
    });
    for (const text of [audit.body, (await request('GET', '/settings/viid')).body, bench.logged.join('')])
      expect(text).not.toContain('ass\\\\word');
    const saved = await bench.store.database.selectFrom('setting').select('body').execute();
    expect(saved.map(({ body }) => body).join('')).not.toContain('ass\\\\word');
  });

  test('ends at once when it is switched off, and what waits is forgotten', async () => {
    await switchOn();
    await passCar();
    await bench.viid.round();
    await passCar();
    await switchOn({ isOn: false });
    await bench.viid.round();
    expect(platform.vehicles).toHaveLength(1);
    expect(platform.calls.at(-1)).toBe('/VIID/System/UnRegister');
    expect(await status()).toMatchObject({ state: 'off', waiting: 0 });
  });
});

describe('the platform', () => {
  test('hears from us every minute, and no more often', async () => {
    await switchOn();
    for (let second = 0; second < 150; second += 10) {
      await bench.viid.round();
      bench.clock.advance(10_000);
    }
    const heard = platform.calls.filter((call) => call.endsWith('Keepalive'));
    expect(heard).toHaveLength(2);
    expect(platform.calls.filter((call) => call.endsWith('Register'))).toHaveLength(2);
  });

  test('that has forgotten us is registered with anew, and what waited arrives', async () => {
    await switchOn();
    await bench.viid.round();
    platform.registered = false;
    const car = await passCar();
    await bench.viid.round();
    expect(await status()).toMatchObject({ problem: { code: 'VIID_LOG_IN_REFUSED' }, waiting: 1 });
    bench.clock.advance(5000);
    await bench.viid.round();
    expect(platform.vehicles.map(({ PlateNo }) => PlateNo)).toEqual([car.plate?.text]);
    expect((await status()).problem).toBeUndefined();
  });

  test('that is down is asked less and less often, and loses nothing', async () => {
    await switchOn();
    platform.isDown = true;
    const cars = [await passCar(), await passCar(), await passCar()];
    const asked: number[] = [];
    const counted = bench.counters.read()['viid.VIID_UNREACHABLE'] ?? 0;
    for (let second = 0; second < 120; second++) {
      const before = platform.calls.length;
      await bench.viid.round();
      if (platform.calls.length > before) asked.push(second);
      bench.clock.advance(1000);
    }
    expect(asked).toEqual([0, 5, 15, 35, 75]);
    expect(bench.counters.read()['viid.VIID_UNREACHABLE']).toBe(counted + 5);
    platform.isDown = false;
    bench.clock.advance(5 * 60_000);
    await bench.viid.round();
    expect(platform.vehicles.map(({ PlateNo }) => PlateNo)).toEqual(cars.map(({ plate }) => plate?.text));
  });

  test('with a wrong password is not let in by us, nor told the password', async () => {
    await switchOn({ password: 'wrong' });
    await bench.viid.round();
    expect(await status()).toMatchObject({ state: 'unregistered', problem: { code: 'VIID_LOG_IN_REFUSED' } });
    expect(platform.calls).toEqual(['/VIID/System/Register', '/VIID/System/Register']);
  });

  test.each([true, false])(
    'that refuses one of many has the others, and the one is a dead letter (statuses with ids: %s)',
    async (namesIds) => {
      platform.namesIds = namesIds;
      await switchOn();
      const cars = [await passCar(), await passCar(), await passCar()];
      platform.statusFor = ({ PlateNo }) => (PlateNo === cars[1].plate?.text ? 8 : 0);
      await bench.viid.round();

      expect(platform.vehicles.map(({ PlateNo }) => PlateNo)).toEqual([
        cars[0].plate?.text,
        cars[2].plate?.text,
      ]);
      expect(await status()).toMatchObject({ waiting: 0, sent: 2, refused: 1 });
      const [letter] = (await request('GET', '/dead-letters')).json().items;
      expect(letter).toMatchObject({ topic: '/VIID/MotorVehicles', code: 'VIID_REFUSED' });
      expect(letter.reason).toBe(`sighting ${cars[1].id}: status 8 no`);
      expect(letter.reason).not.toContain(cars[1].plate?.text);
    },
  );

  test('that refuses a whole request because of one gets the others on their own', async () => {
    await switchOn();
    const cars = [await passCar(), await passCar(), await passCar()];
    platform.poison = cars[1].plate?.text;
    await bench.viid.round();
    expect(platform.vehicles.map(({ PlateNo }) => PlateNo)).toEqual([
      cars[0].plate?.text,
      cars[2].plate?.text,
    ]);
    expect(await status()).toMatchObject({ sent: 2, refused: 1 });
  });

  test('that is busy gets the same thing under the same id later, and five times at the most', async () => {
    await switchOn();
    await passCar();
    platform.statusFor = () => 2;
    for (let minute = 0; minute < 8; minute++) {
      await bench.viid.round();
      bench.clock.advance(60_000);
    }
    expect(platform.offered).toHaveLength(5);
    expect(new Set(platform.offered.map(({ MotorVehicleID }) => MotorVehicleID)).size).toBe(1);
    expect(await status()).toMatchObject({ waiting: 0, refused: 1 });
  });
});

test('what was not answered for is sent after a restart, under the same id', async () => {
  await switchOn();
  await passCar();
  platform.statusFor = () => 2;
  await bench.viid.round();
  platform.statusFor = () => 0;
  // Another process on the same folder, as after a power cut: the first exporter is not asked to stop.
  const { folder } = bench;
  const store = await openStore({ database: join(folder, 'hub.sqlite'), evidence: join(folder, 'evidence') });
  const later = bench.clock.now() + 10 * 60_000;
  const parts = { queue: store.viidQueue, clock: { now: () => later } };
  const keys = openKeyRing(join(folder, 'hub.key'));
  const settings = new ViidSettingsDesk({ ...parts, site: 'demo', store: store.settings, keys });
  const again = new ViidExporter({
    ...store,
    ...parts,
    settings,
    sightings: store.log,
    audit: new SqlAuditTrail(store.database),
    counters: new Counters(),
  });
  await again.round();
  expect(platform.vehicles).toHaveLength(1);
  expect(platform.offered[1].MotorVehicleID).toBe(platform.offered[0].MotorVehicleID);
  await again.stop();
  await store.close();
});

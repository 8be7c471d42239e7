import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Alert, TrajectoryEntry } from '../../hub/contract/api.ts';
import type { CorrectedSighting } from '../../hub/contract/correction.ts';
import { newId } from '../../hub/contract/ids.ts';
import type { Evidence, Sighting } from '../../hub/contract/sighting.ts';
import { buildDashboard } from '../../hub/demo/dashboard-build.ts';
import { findChromium, launchChromium, logIn } from '../builders/chromium.ts';
import { describeEvidence } from '../builders/sighting.ts';
import { type HubBench, startHubBench } from '../integration/http/hub-bench.ts';

const executablePath = findChromium();
if (!executablePath)
  console.warn('SKIPPED: the pages of corrections need Debian’s package "chromium", which is not installed.');

const root = join(import.meta.dirname, '../..');
/** A busy machine draws a page in seconds. */
const patient = { timeout: 10_000 };
let bench: HubBench;
let address: string;
let cookie: string;
let browser: Browser;
let crop: Evidence;

const ask = async <T>(path: string): Promise<T> =>
  (await bench.app.inject({ url: `/api/v1${path}`, headers: { cookie } })).json();
const entry = (id: string) => ask<TrajectoryEntry>(`/sightings/${id}`);
const alertOf = async (id: string) => {
  const { alert } = await entry(id);
  return alert === undefined ? undefined : ask<Alert>(`/alerts/${alert}`);
};

/** Pages hold what they hear against the true time, which the bench's clock does not follow by itself. */
function catchUp(): void {
  bench.clock.advance(Math.max(0, Date.now() - bench.clock.now()));
}

function car(text: string, province: 'home' | 'out_of_province'): Promise<Sighting> {
  catchUp();
  return bench.commit({
    id: newId(bench.clock.now()),
    kind: 'vehicle',
    direction: 'entry',
    plate: {
      text,
      class: 'small_car',
      confidence: 0.9,
      characters: [...text].map((each) => ({ text: each, confidence: 0.9 })),
      votes: 5,
    },
    verdicts: { province: { verdict: province, code: text[0] as '苏', confidence: 0.9, votes: 5 } },
    flags: province === 'home' ? [] : ['out_of_province'],
    evidence: [crop],
  });
}

describe.skipIf(!executablePath)('corrections on the pages', () => {
  beforeAll(async () => {
    await buildDashboard(root);
    bench = await startHubBench({ dashboardFolder: join(root, 'dashboard/dist') });
    catchUp();
    cookie = await bench.logIn('manager');
    const rule = {
      enabled: true,
      reason: '防疫',
      owner: '物业',
      startsAt: '2020-01-01T00:00:00.000Z',
      endsAt: '2099-01-01T00:00:00.000Z',
    };
    const policy = {
      schema: 1 as const,
      site: 'demo',
      version: 1,
      homeProvince: '苏',
      strangerRetentionDays: 14,
    };
    await bench.store.policies.save({ ...policy, outOfProvince: rule }, 'test', rule.startsAt);
    await bench.desks.duties.clockIn(bench.people.guard, 'east-gate');
    const jpeg = await sharp({ create: { width: 220, height: 70, channels: 3, background: '#1b4fc0' } })
      .jpeg()
      .toBuffer();
    crop = describeEvidence(jpeg, { role: 'plate', width: 220, height: 70 });
    const from = { site: 'demo', box: 'east-box' };
    await bench.store.evidence.keep({ id: crop.id, from, jpeg, receivedAt: new Date().toISOString() });
    address = await bench.listen();
    browser = await launchChromium(executablePath!);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await bench?.stop();
  });

  async function open(username: string): Promise<Page> {
    const page = await browser.newPage({
      viewport: { width: 1366, height: 1024 },
      hasTouch: true,
      locale: 'zh-CN',
    });
    page.setDefaultTimeout(patient.timeout);
    await logIn(page, address, username, bench.password);
    await page.locator('[data-testid="connection-state"][data-state="connected"]').first().waitFor();
    return page;
  }

  test('a guard puts a plate right with the keys: the alert goes, the mark comes, and an undo turns both back', async () => {
    const page = await open('guard');
    const { id } = await car('皖A12345', 'out_of_province');
    const card = page.locator(`.hero[data-alert-id="${(await alertOf(id))?.id}"]`);
    await card.waitFor();
    await card.getByTestId('correct-button').waitFor();
    await page.keyboard.press('c');
    const form = page.getByTestId('correct-form');
    const picture = form.getByTestId('correct-crop');
    await expect.poll(() => picture.evaluate((img: HTMLImageElement) => img.naturalWidth), patient).toBe(220);
    expect(await form.getByTestId('correct-save').isDisabled()).toBe(true);
    await form.getByTestId('plate-key-苏').click();
    await form.getByTestId('correct-save').click();

    const toast = page.getByTestId('correction-toast');
    await expect.poll(() => toast.textContent(), patient).toContain('皖A12345 → 苏A12345告警已撤回');
    await card.waitFor({ state: 'detached' });
    expect(await alertOf(id)).toMatchObject({ state: 'withdrawn', corrected: ['plate'] });
    const passing = page.locator('.passing', { has: page.locator('[aria-label*="苏A12345"]') });
    await passing.getByTestId('corrected-mark').waitFor();

    await toast.getByTestId('correction-undo').click();
    await card.waitFor();
    expect(await alertOf(id)).toMatchObject({ state: 'open' });
    await expect.poll(() => page.locator('.passing').getByTestId('corrected-mark').count(), patient).toBe(0);
    await page.close();
  });

  test('a manager types a plate in the log: the alert rings, and the mark tells who, when, why and from what', async () => {
    const { id } = await car('苏A99999', 'home');
    expect(await alertOf(id)).toBeUndefined();
    const page = await open('manager');
    const row = page.getByTestId('log-row').filter({ has: page.locator('[aria-label*="苏A99999"]') });
    await row.getByTestId('correct-button').click();
    await page.getByTestId('correct-form').waitFor();
    await page.getByTestId('plate-typed').focus();
    await page.keyboard.insertText('皖');
    await page.keyboard.press('End');
    await page.keyboard.press('Backspace');
    const note = page.getByTestId('plate-note');
    expect(await note.textContent()).toContain('还差 1 位');
    await page.keyboard.press('o');
    expect(await note.textContent()).toContain('可以保存');

    // The hub is away: what was entered stays, and the same button sends it later.
    await page.route('**/corrections', (route) =>
      route.request().method() === 'POST' ? route.abort() : route.continue(),
    );
    await page.keyboard.press('Enter');
    await expect.poll(() => page.getByRole('alert').textContent(), patient).toContain('连不上门岗中心');
    await page.unroute('**/corrections');
    await page.getByTestId('correct-save').click();

    await expect
      .poll(() => page.getByTestId('correction-toast').textContent(), patient)
      .toContain('苏A99999 → 皖A99990已通知值班人员：外省车辆');
    expect(await alertOf(id)).toMatchObject({ state: 'open', flags: ['out_of_province'] });
    const corrected = page.getByTestId('log-row').filter({ has: page.locator('[aria-label*="皖A99990"]') });
    await corrected.getByTestId('corrected-mark').click();
    const steps = page.getByTestId('correction-steps');
    for (const words of ['苏A99999 → 皖A99990', 'the manager', '看照片核对', '现在有效'])
      await expect.poll(() => steps.textContent(), patient).toContain(words);
    await steps.getByTestId('correction-take-back').click();
    await expect.poll(async () => (await alertOf(id))?.state, patient).toBe('withdrawn');

    await page.goto(`${address}/alerts/${(await alertOf(id))?.id}/report`);
    const printed = page.getByTestId('report-corrections');
    for (const words of ['苏A99999设备原判断', '皖A99990', 'the manager', '看照片核对', '撤销'])
      await expect.poll(() => printed.textContent(), patient).toContain(words);
    await page.close();
  });

  test('sightings of somebody else are split off and taken back; two codes become one person', async () => {
    const [lesser, greater] = [randomUUID(), randomUUID()].sort();
    const seen = (subject: string) =>
      bench.commit({ id: newId(bench.clock.now()), subject, flags: [], direction: 'entry' });
    const first = await seen(greater);
    bench.clock.advance(60_000);
    await seen(greater);
    await seen(lesser);
    const page = await open('manager');
    await page.goto(`${address}/subject/${greater}`);
    await page.getByTestId('split-open').click();
    await page.getByTestId('split-tile').last().click();
    await page.getByTestId('split-next').click();
    await page.getByTestId('split-confirm').click();
    await page.locator('.sighted').nth(1).waitFor({ state: 'detached' });
    expect((await entry(first.id)).subject).not.toBe(greater);
    await page.getByTestId('correction-undo').click();
    await page.locator('.sighted').nth(1).waitFor();
    const { corrections } = await ask<CorrectedSighting>(`/sightings/${first.id}/corrections`);
    expect(corrections).toMatchObject([{ undone: { displayName: 'the manager' } }]);

    await page.getByTestId('merge-open').click();
    await page.getByTestId('person-search').fill(lesser.slice(0, 6));
    await page.getByTestId('person-tile').click();
    await page.getByTestId('merge-confirm').click();
    await page.waitForURL(`${address}/subject/${lesser}`);
    await page.locator('.sighted').nth(2).waitFor();
    expect(bench.published.at(-1)?.payload).toContain('"merged"');
    await page.close();
  });
});

import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { renderSampleFootage } from '../../edge/sample/render-sample.ts';
import { type SampleTruth, sampleTruth, type TruePassage } from '../../edge/sample/truth.ts';
import type { Alert, AlertPage, SightingPage, TrajectoryEntry } from '../../hub/contract/api.ts';
import type { FlowList } from '../../hub/contract/log.ts';
import type { Evidence } from '../../hub/contract/sighting.ts';
import { findChromium, launchChromium, logIn } from '../builders/chromium.ts';
import { DemoProcess } from '../builders/demo-process.ts';

const executablePath = findChromium();
if (!executablePath)
  console.warn('SKIPPED: the guard’s tablet needs Debian’s package "chromium", which is not installed.');

const demo = new DemoProcess(mkdtempSync(join(tmpdir(), 'e2e-')));
let truth: SampleTruth;

beforeAll(async () => {
  // Rendered before, so that the log is judged on what the box sees and not on how busy rendering keeps the machine.
  const files = await renderSampleFootage({ outFolder: join(demo.dataFolder, 'sample') });
  truth = sampleTruth.parse(JSON.parse(readFileSync(files.truth, 'utf8')));
  await demo.start();
  await demo.printedLine(/\(opened, revision 1\)|\(closed, revision 1\)/, 240_000);
}, 300_000);

afterAll(async () => {
  await demo.stop();
});

const tablet = executablePath ? 'a guard’s tablet' : 'a guard’s tablet (skipped: Chromium is not installed)';
describe.skipIf(!executablePath)(tablet, () => {
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    browser = await launchChromium(executablePath!);
    page = await browser.newPage({
      viewport: { width: 1366, height: 1024 },
      hasTouch: true,
      locale: 'zh-CN',
    });
    page.on('console', (message) => {
      if (/content.security.policy|permissions.policy/i.test(message.text())) violations.push(message.text());
    });
  }, 60_000);
  afterAll(() => browser.close());

  const violations: string[] = [];
  const card = () => page.getByTestId('alert-card').first();
  let taken: Alert;

  /** As a guard would: a card that has just changed ignores taps for half a second, so that nobody hits the wrong one. */
  async function tapUntil(within: string, button: string, done: () => Promise<boolean>): Promise<void> {
    for (let tries = 0; tries < 8 && !(await done()); tries++) {
      await page.locator(within).getByTestId(button).first().click({ timeout: 5_000 });
      await sleep(1_000);
    }
    expect(await done()).toBe(true);
  }

  test('shows an alert with the picture its verdict was read from', async () => {
    await logIn(page, demo.address, 'guard', demo.passwords.guard);
    await card().waitFor({ timeout: 90_000 });
    expect(await card().getAttribute('data-flags')).toMatch(
      /mask_not_worn|first_time|out_of_province|watched_province/,
    );
    const picture = card().getByTestId('alert-evidence').first();
    await picture.waitFor();
    await expect
      .poll(() => picture.evaluate((img: HTMLImageElement) => img.naturalWidth), { timeout: 15_000 })
      .toBeGreaterThan(40);
    await expect
      .poll(() => page.getByTestId('connection-state').first().getAttribute('data-state'), {
        timeout: 15_000,
      })
      .toBe('connected');
  }, 120_000);

  test('takes the alert, and the hub knows who did', async () => {
    const id = await card().getAttribute('data-alert-id');
    const guard = await demo.client('guard');
    await tapUntil(`[data-alert-id="${id}"]`, 'alert-acknowledge', async () => {
      return (await guard<Alert>(`/alerts/${id}`)).state === 'acknowledged';
    });
    taken = await guard<Alert>(`/alerts/${id}`);
    expect(taken.acknowledged?.displayName).toBe('王师傅');
  }, 60_000);

  test('closes it with what was done, after the time to undo', async () => {
    await tapUntil(`[data-alert-id="${taken.id}"]`, 'alert-resolve-let_in', () =>
      page.getByTestId('alert-undo').first().isVisible(),
    );
    const guard = await demo.client('guard');
    await expect
      .poll(async () => (await guard<Alert>(`/alerts/${taken.id}`)).state, { timeout: 20_000 })
      .toBe('resolved');
    expect((await guard<Alert>(`/alerts/${taken.id}`)).resolved).toMatchObject({
      disposition: 'let_in',
      displayName: '王师傅',
    });
  }, 60_000);

  test('has done all this without breaking the rules that its headers set', () => {
    expect(violations).toEqual([]);
  });
});

describe('the log against what really happened in the footage', () => {
  let seen: TrajectoryEntry[];
  let startedAt: number;

  beforeAll(async () => {
    const manager = await demo.client('manager');
    const firstOfSecondRound = truth.passages[0];
    // One whole round of the footage, and a little for the last track to end.
    const deadline = performance.now() + (truth.seconds + firstOfSecondRound.from + 15) * 1000;
    while (performance.now() < deadline) await sleep(500);
    const page = await manager<SightingPage>('/sightings?limit=200');
    seen = page.items.sort((a, b) => a.occurredAt.localeCompare(b.occurredAt));
    startedAt = estimateStart(seen, truth);
    seen = seen.filter(({ occurredAt }) => Date.parse(occurredAt) < startedAt + truth.seconds * 1000);
  }, 200_000);

  /** When the footage began: what most vehicles agree on, from when they first appear in truth and in the log. */
  function estimateStart(log: TrajectoryEntry[], { passages }: SampleTruth): number {
    const offsets = passages.flatMap((passage) => {
      if (passage.kind !== 'vehicle') return [];
      const sighting = log.find(({ plate }) => plate?.text === passage.plate.text);
      return sighting ? [Date.parse(sighting.occurredAt) - passage.from * 1000] : [];
    });
    expect(offsets.length).toBeGreaterThan(0);
    return offsets.sort((a, b) => a - b)[Math.floor(offsets.length / 2)];
  }

  /** A sighting belongs to the passage that was nearest to what its evidence shows, at the time of the evidence. */
  function sightingsOf(passage: TruePassage): TrajectoryEntry[] {
    return seen.filter((sighting) => passageOf(sighting) === passage);
  }

  function passageOf({ kind, evidence }: TrajectoryEntry): TruePassage | undefined {
    const candidates = truth.passages
      .filter((passage) => passage.kind === kind)
      .map((passage) => ({
        passage,
        away: Math.min(...evidence.map((picture) => distance(picture, passage))),
      }))
      .sort((a, b) => a.away - b.away);
    return candidates[0] && candidates[0].away < 0.5 ? candidates[0].passage : undefined;
  }

  /** From the middle of the picture to the middle of the true box then, in sizes of that box. */
  function distance({ occurredAt, box, role }: Evidence, { moments }: TruePassage): number {
    const at = (Date.parse(occurredAt) - startedAt) / 1000;
    const [moment] = [...moments].sort((a, b) => Math.abs(a.at - at) - Math.abs(b.at - at));
    const real = (role === 'scene' ? undefined : moment[role]) ?? moment.box;
    if (!box || Math.abs(moment.at - at) > 0.6) return Number.POSITIVE_INFINITY;
    const [x, y, width, height] = real;
    return (
      Math.hypot(box[0] + box[2] / 2 - x - width / 2, box[1] + box[3] / 2 - y - height / 2) /
      Math.hypot(width, height)
    );
  }

  const passagesOf = <K extends TruePassage['kind']>(kind: K) =>
    truth.passages.filter((passage) => passage.kind === kind) as Extract<TruePassage, { kind: K }>[];

  test('every vehicle was seen once, under its own plate', () => {
    const plates = passagesOf('vehicle').map((passage) =>
      sightingsOf(passage).map(({ plate }) => plate?.text),
    );
    expect(plates).toEqual(passagesOf('vehicle').map(({ plate }) => [plate.text]));
  });

  test('it is known which way the vehicles went, and never the wrong way', () => {
    const ways = passagesOf('vehicle').map((passage) => [
      passage.direction,
      sightingsOf(passage)[0]?.direction,
    ]);
    expect(ways.filter(([real, told]) => told !== 'unknown' && told !== real)).toEqual([]);
    expect(ways.filter(([real, told]) => told === real).length).toBeGreaterThanOrEqual(ways.length - 1);
  });

  test('no plate was invented', () => {
    const real = new Set(passagesOf('vehicle').map(({ plate }) => plate.text));
    const sure = seen.filter(
      ({ verdicts }) => verdicts.province && verdicts.province.verdict !== 'uncertain',
    );
    expect(sure.map(({ plate }) => plate?.text).filter((text) => !text || !real.has(text))).toEqual([]);
  });

  test('the province verdict is the true one wherever one was given', () => {
    for (const passage of passagesOf('vehicle')) {
      const home = passage.plate.province === '苏';
      const watched = passage.plate.province === '鄂';
      const right = home ? 'home' : watched ? 'watched' : 'out_of_province';
      for (const { verdicts } of sightingsOf(passage))
        expect(['uncertain', right]).toContain(verdicts.province?.verdict);
    }
  });

  test('one passage of a person is one sighting, and in the right direction', () => {
    const ways = passagesOf('person').map((passage) =>
      sightingsOf(passage).map(({ direction }) => direction),
    );
    expect(ways).toEqual(passagesOf('person').map(({ direction }) => [direction]));
  });

  test('nobody was accused wrongly', () => {
    for (const passage of passagesOf('person')) {
      const sightings = sightingsOf(passage);
      const wrong = passage.masked ? 'not_worn' : 'worn';
      for (const { verdicts } of sightings) expect(verdicts.mask?.verdict, passage.id).not.toBe(wrong);
    }
  });

  test('a hand before a mask, which for a moment slips off the nose, raises no alert for the mask', () => {
    const sightings = passagesOf('person')
      .filter(({ hand, masked }) => hand && masked)
      .flatMap(sightingsOf);
    expect(sightings).toHaveLength(1);
    // She is new to the gate, and may be called so.
    expect(sightings[0]!.flags.filter((flag) => flag !== 'first_time')).toEqual([]);
    expect(['worn', 'cannot_tell']).toContain(sightings[0]!.verdicts.mask?.verdict);
  });

  test('whoever wore no mask was flagged', () => {
    const missed = passagesOf('person').filter(
      (passage) =>
        !passage.masked && !sightingsOf(passage).some(({ flags }) => flags.includes('mask_not_worn')),
    );
    expect(missed.map(({ id }) => id)).toEqual([]);
  });

  test('every picture named is there, and is the one that was hashed', async () => {
    const pictures = seen.flatMap(({ evidence }) => evidence);
    expect(pictures.length).toBeGreaterThan(5);
    const bytes = await demo.pictures(
      'manager',
      pictures.map(({ id }) => id),
    );
    const hashes = bytes.map((jpeg) => createHash('sha256').update(jpeg).digest('hex'));
    expect(hashes).toEqual(pictures.map(({ sha256 }) => sha256));
    const manager = await demo.client('manager');
    const page = await manager<AlertPage>('/alerts?limit=50');
    expect(page.items.length).toBeGreaterThan(3);
  });
});

describe.skipIf(!executablePath)('a manager’s phone', () => {
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    browser = await launchChromium(executablePath!);
    page = await browser.newPage({ viewport: { width: 390, height: 844 }, hasTouch: true, locale: 'zh-CN' });
    await logIn(page, demo.address, 'manager', demo.passwords.manager);
    await page.getByTestId('log-row').first().waitFor({ timeout: 30_000 });
  }, 60_000);
  afterAll(() => browser.close());

  const isAsWideAsThePhone = () => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);

  test('says who was there in two taps, and leads to each of them', async () => {
    await page.goto(`${demo.address}/visits`);
    await page.getByTestId('presence-window').click();
    await page.getByTestId('window-hour').click();
    const first = page.getByTestId('presence-row').first().locator('a.who');
    await first.waitFor();
    expect(await isAsWideAsThePhone()).toBe(true);
    await first.click();
    await page.locator('.companions').waitFor();
    expect(new URL(page.url()).pathname).toMatch(/^\/subject\//);
    expect(await isAsWideAsThePhone()).toBe(true);
  }, 60_000);

  test('counts what the hub counts, and reads it out to the keyboard', async () => {
    await page.goto(`${demo.address}/flows?unit=month`);
    const chart = page.getByTestId('flow-chart');
    await chart.waitFor();
    const manager = await demo.client('manager');
    const window = new URLSearchParams({
      from: new Date(Date.now() - 3 * 86_400_000).toISOString(),
      to: new Date(Date.now() + 3_600_000).toISOString(),
    });
    const { items } = await manager<FlowList>(`/flows?${window}`);
    const entries = items.reduce((sum, { person, vehicle }) => sum + person.entry + vehicle.entry, 0);
    const { value } = await manager<{ value: { timeZone: string } }>('/settings/roster');
    const format = new Intl.DateTimeFormat('en', { day: 'numeric', timeZone: value.timeZone });
    const read = async () => {
      await chart.press('Home');
      for (let day = 1; day < Number(format.format()); day++) await chart.press('ArrowRight');
      return (await page.getByTestId('flow-reading').textContent())!;
    };
    // The footage goes on: what is read now is not less than what was counted before.
    const [, said] = /进入 ?(\d+)/.exec(await read())!;
    expect(Number(said)).toBeGreaterThan(0);
    expect(Number(said)).toBeLessThanOrEqual(entries);
    expect(await isAsWideAsThePhone()).toBe(true);
  }, 60_000);
});

test('Ctrl-C ends everything cleanly, and a second start keeps the data', async () => {
  const before = await (await demo.client('manager'))<SightingPage>('/sightings?limit=200');
  expect(await demo.stop()).toBe(0);
  await demo.start();
  const after = await (await demo.client('manager'))<SightingPage>('/sightings?limit=200');
  const ids = new Set(after.items.map(({ id }) => id));
  expect(before.items.slice(-5).every(({ id }) => ids.has(id))).toBe(true);
}, 60_000);

test('a first start rings while the footage is still being rendered, and leaves no part of it when it is stopped then', async () => {
  const first = new DemoProcess(mkdtempSync(join(tmpdir(), 'e2e-first-')));
  const footage = join(first.dataFolder, 'sample');
  await first.start();
  await first.printedLine(/⚑/);
  expect(readdirSync(footage)).toContain('gate.m3u8');
  expect(readdirSync(footage)).not.toContain('gate-truth.json');
  expect(await first.stop()).toBe(0);
  expect(readdirSync(footage)).toEqual([]);
}, 120_000);

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { findChromium, launchChromium, logIn } from '../builders/chromium.ts';
import { DemoProcess } from '../builders/demo-process.ts';

/** The pictures of the README, from the real thing on sample footage. `--out FOLDER`, `--seconds N` of footage before. */
const { values } = parseArgs({
  options: {
    out: { type: 'string', default: 'dashboard/screenshots' },
    seconds: { type: 'string', default: '70' },
  },
});
const tablet = { width: 1366, height: 1024 };
const phone = { width: 390, height: 844 };
const shots = [
  { name: 'guard-tablet', user: 'guard', path: '/', viewport: tablet, locale: 'zh-CN' },
  { name: 'guard-phone', user: 'guard', path: '/', viewport: phone, locale: 'zh-CN' },
  { name: 'guard-tablet-en', user: 'guard', path: '/', viewport: tablet, locale: 'en-GB' },
  { name: 'log-tablet', user: 'manager', path: '/log', viewport: tablet, locale: 'zh-CN' },
  { name: 'health-tablet', user: 'manager', path: '/health', viewport: tablet, locale: 'zh-CN' },
  { name: 'rules-tablet', user: 'manager', path: '/policy', viewport: tablet, locale: 'zh-CN' },
  { name: 'sign-tablet', user: 'manager', path: '/policy/sign', viewport: tablet, locale: 'zh-CN' },
];

const executablePath = findChromium();
if (!executablePath) throw new Error('install Chromium first');
const demo = new DemoProcess(mkdtempSync(join(tmpdir(), 'screenshots-')));
await demo.start();
await demo.printedLine(/⚑/, 300_000);
await sleep(Number(values.seconds) * 1000);
const browser = await launchChromium(executablePath);
for (const { name, user, path, viewport, locale } of shots) {
  const context = await browser.newContext({ viewport, locale, hasTouch: true, timezoneId: 'Asia/Shanghai' });
  const page = await context.newPage();
  await logIn(page, demo.address, user, demo.passwords[user]);
  await page.waitForURL((url) => url.pathname !== '/login');
  await sleep(1_500);
  if (path !== '/') await page.goto(`${demo.address}${path}`);
  await sleep(3_000);
  await page.screenshot({ path: join(values.out, `${name}.png`) });
  await context.close();
}
await browser.close();
await demo.stop();

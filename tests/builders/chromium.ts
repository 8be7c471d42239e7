import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';

/** The Chromium on the path, or undefined where none is installed. */
export function findChromium(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  return folders
    .flatMap((folder) => ['chromium', 'chromium-browser', 'google-chrome'].map((name) => join(folder, name)))
    .find((path) => existsSync(path));
}

/** A headless browser without the calls home that a closed network refuses. */
export function launchChromium(executablePath: string): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  });
}

/** Logs in on the log-in page. */
export async function logIn(page: Page, address: string, username: string, password: string): Promise<void> {
  await page.goto(address);
  await page.getByTestId('login-username').fill(username);
  await page.getByTestId('login-password').fill(password);
  await page.getByTestId('login-submit').click();
}

/** A tablet that notes when each alert's card first stood on its screen. */
export interface Tablet {
  page: Page;
  /** `at`: ms since the epoch. */
  alertsSeen(): Promise<{ id: string; at: number }[]>;
  close(): Promise<void>;
}

/** Opens the guard's page at 1366×1024 and watches it. */
export async function openTablet(
  executablePath: string,
  address: string,
  username: string,
  password: string,
): Promise<Tablet> {
  const browser = await launchChromium(executablePath);
  const page = await browser.newPage({
    viewport: { width: 1366, height: 1024 },
    hasTouch: true,
    locale: 'zh-CN',
  });
  await page.addInitScript(watchAlertCards);
  await logIn(page, address, username, password);
  await page.getByTestId('alert-card').first().waitFor({ timeout: 60_000 });
  return {
    page,
    alertsSeen: () => page.evaluate(() => Object.entries(window.alertsSeen).map(([id, at]) => ({ id, at }))),
    close: () => browser.close(),
  };
}

declare global {
  interface Window {
    alertsSeen: Record<string, number>;
  }
}

/** Runs in the page: the time at which an alert's id first appears in the document. */
function watchAlertCards(): void {
  window.alertsSeen = {};
  new MutationObserver(() => {
    for (const card of document.querySelectorAll<HTMLElement>('[data-alert-id]'))
      window.alertsSeen[card.dataset.alertId!] ??= Date.now();
  }).observe(document, {
    subtree: true,
    childList: true,
    attributes: true,
    attributeFilter: ['data-alert-id'],
  });
}

import { readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';

type Handler = (event: Record<string, unknown>) => void;

/** The service worker as a browser runs it, and what it did. */
function runWorker(windows: { focus(): Promise<void>; navigate(place: string): Promise<void> }[] = []) {
  const handlers: Record<string, Handler> = {};
  const did: unknown[][] = [];
  const self = {
    location: { origin: 'https://gate.example.cn' },
    addEventListener: (name: string, handler: Handler) => {
      handlers[name] = handler;
    },
    registration: { showNotification: async (...said: unknown[]) => did.push(['shown', ...said]) },
    clients: {
      matchAll: async () => windows,
      openWindow: async (place: string) => did.push(['opened', place]),
    },
  };
  const path = new URL('../../../dashboard/public/service-worker.js', import.meta.url);
  runInNewContext(readFileSync(path, 'utf8'), { self, URL });
  const dispatch = async (name: string, event: Record<string, unknown>) => {
    let done: unknown;
    handlers[name]({ ...event, waitUntil: (promise: unknown) => (done = promise) });
    await done;
  };
  return { dispatch, did };
}

test('a message is shown as it came, and a later one about the same alert takes its place and rings', async () => {
  const { dispatch, did } = runWorker();
  const data = {
    title: '门岗 东门：未戴口罩',
    body: '人员',
    tag: 'a1',
    lang: 'zh-CN',
    url: 'https://x/alerts?alert=a1',
  };
  await dispatch('push', { data: { json: () => data } });
  expect(did).toMatchObject([
    ['shown', data.title, { body: '人员', tag: 'a1', renotify: true, lang: 'zh-CN' }],
  ]);
});

test('a tap opens the alert on this dashboard, by whatever address that was opened', async () => {
  const { dispatch, did } = runWorker();
  const notification = {
    close: () => did.push(['closed']),
    data: { url: 'http://10.0.0.9/alerts?alert=a1' },
  };
  await dispatch('notificationclick', { notification });
  expect(did).toEqual([['closed'], ['opened', '/alerts?alert=a1']]);
});

test('a tap uses the page that is open already', async () => {
  const places: string[] = [];
  const page = { focus: async () => {}, navigate: async (place: string) => void places.push(place) };
  const { dispatch, did } = runWorker([page]);
  await dispatch('notificationclick', { notification: { close: () => {}, data: {} } });
  expect(places).toEqual(['/']);
  expect(did).toEqual([]);
});

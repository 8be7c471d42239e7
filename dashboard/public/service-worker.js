/* Shows what the hub sends by Web Push, and opens the alert when it is tapped. It caches nothing. */

self.addEventListener('push', (event) => {
  const { title, body, tag, lang, url } = event.data.json();
  event.waitUntil(
    self.registration.showNotification(title, {
      body,
      lang,
      tag,
      renotify: true,
      icon: '/icon-192.png',
      badge: '/icon-192.png',
      data: { url },
    }),
  );
});

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(open(placeOf(event.notification.data?.url)));
});

/** The browser has changed the subscription: the hub is told the new one. */
self.addEventListener('pushsubscriptionchange', (event) => {
  const options = event.oldSubscription?.options;
  if (options) event.waitUntil(subscribeAgain(options));
});

async function subscribeAgain(options) {
  const subscription = await self.registration.pushManager.subscribe(options);
  const { endpoint, keys } = subscription.toJSON();
  const language = self.navigator.language.startsWith('zh') ? 'zh-CN' : 'en';
  await fetch('/api/v1/push/subscription', {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ endpoint, keys, language }),
  });
}

/** The place within this dashboard, by whatever address it was opened. */
function placeOf(url) {
  if (!url) return '/';
  const { pathname, search } = new URL(url, self.location.origin);
  return pathname + search;
}

async function open(place) {
  const windows = await self.clients.matchAll({ type: 'window' });
  const shown = windows[0];
  if (!shown) return self.clients.openWindow(place);
  await shown.focus();
  return shown.navigate(place);
}

import type { Hub } from '../api/hub.ts';
import type { Language } from '../i18n/language.tsx';

/** What this browser can do about notifications now. */
export type PushState = 'unsupported' | 'insecure' | 'denied' | 'off' | 'on';

const worker = '/service-worker.js';

/** Whether this browser is subscribed; asks nobody. */
export async function readPushState(): Promise<PushState> {
  if (!window.isSecureContext) return 'insecure';
  if (!('serviceWorker' in navigator) || !('PushManager' in window) || !('Notification' in window))
    return 'unsupported';
  if (Notification.permission === 'denied') return 'denied';
  return (await currentSubscription()) ? 'on' : 'off';
}

/** Asks the person, subscribes this browser and tells the hub; gives what came of it. */
export async function switchPushOn(hub: Hub, language: Language): Promise<PushState> {
  if ((await Notification.requestPermission()) !== 'granted') return readPushState();
  const registration = await navigator.serviceWorker.register(worker);
  await navigator.serviceWorker.ready;
  const { key } = await hub.pushKey();
  const options = { userVisibleOnly: true, applicationServerKey: bytesOf(key) };
  const subscription = await registration.pushManager.subscribe(options).catch(async () => {
    // Subscribed with the key of another hub: that one goes.
    await (await registration.pushManager.getSubscription())?.unsubscribe();
    return registration.pushManager.subscribe(options);
  });
  const { endpoint, keys } = subscription.toJSON() as {
    endpoint: string;
    keys: Record<'p256dh' | 'auth', string>;
  };
  await hub.subscribe({ endpoint, keys: { p256dh: keys.p256dh, auth: keys.auth }, language });
  return 'on';
}

/** Ends the subscription of this browser here and at the hub. */
export async function switchPushOff(hub: Hub): Promise<PushState> {
  const subscription = await currentSubscription();
  if (subscription) {
    await hub.unsubscribe(subscription.endpoint);
    await subscription.unsubscribe();
  }
  return readPushState();
}

async function currentSubscription(): Promise<PushSubscription | null> {
  if (!('serviceWorker' in navigator)) return null;
  const registration = await navigator.serviceWorker.getRegistration();
  return (await registration?.pushManager?.getSubscription()) ?? null;
}

function bytesOf(base64url: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64url.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

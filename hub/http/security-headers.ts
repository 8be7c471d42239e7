import helmet from '@fastify/helmet';
import type { HubApp } from './hub-app.ts';

/** What pages of the hub may use of the device: keep the screen on, ring, fill the screen. */
const permissions = {
  'screen-wake-lock': '(self)',
  autoplay: '(self)',
  fullscreen: '(self)',
  camera: '()',
  microphone: '()',
  geolocation: '()',
  'display-capture': '()',
  payment: '()',
  usb: '()',
  serial: '()',
  hid: '()',
  midi: '()',
  accelerometer: '()',
  gyroscope: '()',
  magnetometer: '()',
} as const;

const permissionsPolicy = Object.entries(permissions)
  .map(([feature, who]) => `${feature}=${who}`)
  .join(', ');

/** Half a year, in seconds. */
const strictTransportSeconds = 15_552_000;

/**
 * Everything from the hub itself and nothing else [OWASP Secure Headers Project]. antd writes style elements while the
 * page runs and needs 'unsafe-inline' for styles; a nonce would have to stand in the built page, which is the same for
 * everyone. Scripts stand in files, without exception. Nothing is kept by a browser that does not say so itself.
 *
 * `keepsTls`: the browser is told to come back over TLS only. Not for the hub's own authority: a tablet that has not
 * been told to trust it could no longer be helped.
 */
export async function sendSecurityHeaders(app: HubApp, { keepsTls }: { keepsTls: boolean }): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        scriptSrcAttr: ["'none'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        mediaSrc: ["'self'", 'data:', 'blob:'],
        fontSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        workerSrc: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    strictTransportSecurity: keepsTls && { maxAge: strictTransportSeconds, includeSubDomains: false },
    crossOriginOpenerPolicy: { policy: 'same-origin' },
    crossOriginResourcePolicy: { policy: 'same-origin' },
    referrerPolicy: { policy: 'no-referrer' },
    xFrameOptions: { action: 'deny' },
  });
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('permissions-policy', permissionsPolicy);
  });
  app.addHook('onSend', async (_request, reply) => {
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
  });
}

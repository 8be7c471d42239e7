import type { ApiExample } from '../api-examples.ts';
import { at, digest, id, later, session } from './facts.ts';

const tablet = { id: id.item, name: '东门平板', gate: 'east-gate' };
const recoveryCodes = { recoveryCodes: ['K7QM-2XTD-9RWH', 'B4NP-6YCF-3JVZ'] };

/** The own account, second factors, and paired tablets. */
export const accountExamples: Record<string, ApiExample> = {
  changeOwnPassword: { body: { current: 'K7QM2XTD9RWH', next: 'tulip-kettle-93' }, reply: session },
  listOwnSessions: {
    reply: [
      {
        id: digest,
        isThis: true,
        createdAt: at,
        lastSeenAt: later,
        expiresAt: '2026-03-01T20:00:00.000Z',
        address: '192.168.1.20',
        browser: 'Chrome, Android',
        device: tablet.name,
      },
    ],
  },
  resetPassword: { reply: { password: 'K7QM2XTD9RWH' } },
  beginSecondFactor: {
    reply: {
      secret: 'JBSWY3DPEHPK3PXP',
      uri: 'otpauth://totp/Gatehouse:li?secret=JBSWY3DPEHPK3PXP&issuer=Gatehouse',
    },
  },
  confirmSecondFactor: { body: { code: '492039' }, reply: recoveryCodes },
  renewRecoveryCodes: { body: { code: '492039' }, reply: recoveryCodes },
  removeSecondFactor: { body: { password: 'tulip-kettle-93', code: '492039' } },
  listDevices: {
    reply: {
      items: [{ ...tablet, pairedBy: '李经理', pairedAt: at, lastSeenAt: later }],
      guardsOnlyOnPairedTablets: true,
    },
  },
  startPairing: {
    body: { gate: tablet.gate, name: tablet.name },
    reply: { code: 'K7QM2XTD', gate: tablet.gate, name: tablet.name, expiresAt: '2026-03-01T08:10:00.000Z' },
  },
  changeDeviceRules: {
    body: { guardsOnlyOnPairedTablets: true },
    reply: { guardsOnlyOnPairedTablets: true },
  },
  readThisDevice: { reply: { device: tablet } },
  pairThisDevice: { body: { code: 'K7QM2XTD' }, reply: { device: tablet } },
  readAuditHead: { reply: { id: 1203, hash: digest } },
};

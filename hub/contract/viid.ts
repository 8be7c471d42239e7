import { z } from 'zod';
import { instant, name } from './ids.ts';
import { isTimeZone } from './roster.ts';

/** A device in the numbering of GA/T 1400.1: 20 digits, given out by whoever runs the platform. */
const deviceId = z.string().regex(/^\d{20}$/, 'is 20 digits');

/** What leaves the site for a platform of GA/T 1400; nothing until it is switched on. */
export const viidSettings = z.strictObject({
  isOn: z.boolean().default(false),
  platformUrl: z
    .url({ protocol: /^https?$/ })
    .max(200)
    .optional()
    .describe('before /VIID, e.g. http://10.1.2.3:8080'),
  deviceId: deviceId.optional().describe('of this site, as registered with the platform'),
  username: z.string().min(1).max(64).optional().describe('for HTTP Digest; often the device id'),
  motorVehicles: z.boolean().default(true),
  faces: z
    .boolean()
    .default(false)
    .describe(
      'WARNING: pictures of faces leave the site; only where a law asks for it or everyone consented',
    ),
  facesBasis: z
    .string()
    .trim()
    .min(10)
    .max(500)
    .optional()
    .describe('which law or consent; without it faces stay off'),
  cameras: z
    .array(z.strictObject({ camera: name, deviceId }))
    .max(200)
    .default([])
    .describe('cameras that the platform knows by numbers of their own; others count as the site'),
  timeZone: z
    .string()
    .refine(isTimeZone, 'is not a time zone, e.g. Asia/Shanghai')
    .default('Asia/Shanghai')
    .describe('of the times that are sent'),
  keepaliveSeconds: z.number().int().min(30).max(300).default(60),
});
export type ViidSettings = z.infer<typeof viidSettings>;

/** Settings as an admin sends them; a password that is left out stays as it is. */
export const viidSettingsEdit = viidSettings.extend({ password: z.string().min(1).max(200).optional() });
export type ViidSettingsEdit = z.infer<typeof viidSettingsEdit>;

/** Settings as they are shown: never the password, only whether there is one. */
export const viidSettingsShown = z.strictObject({
  version: z.number().int().nonnegative(),
  value: viidSettings,
  hasPassword: z.boolean(),
});

/** How the export to the platform is doing. */
export const viidStatus = z.strictObject({
  state: z.enum(['off', 'unregistered', 'registered']),
  facesLeave: z.boolean().describe('true: pictures of faces are being sent; the page must say so'),
  registeredAt: instant.optional(),
  answeredAt: instant.optional().describe('when the platform last answered'),
  waiting: z.number().int().nonnegative(),
  sent: z.number().int().nonnegative(),
  refused: z.number().int().nonnegative().describe('for good; each is a dead letter with its reason'),
  problem: z.strictObject({ code: z.string(), reason: z.string(), at: instant }).optional(),
});
export type ViidStatus = z.infer<typeof viidStatus>;

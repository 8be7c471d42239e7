import { z } from 'zod';
import { instant, name } from './ids.ts';

/** The 31 province characters of GA 36-2018. */
export const provinces = [...'京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼'] as const;

/** One province character of GA 36-2018. */
export const province = z.enum(provinces as unknown as [string, ...string[]]);

/** What policy can want a person to see. */
export const flag = z.enum([
  'mask_not_worn',
  'mask_worn_improperly',
  'first_time',
  'out_of_province',
  'watched_province',
  'province_uncertain',
]);
export type Flag = z.infer<typeof flag>;

/** Why a rule exists, who answers for it and when it ends: a rule without an end is refused. */
const campaign = z.strictObject({
  enabled: z.boolean().describe('off keeps the rule and its reason, but flags nothing'),
  reason: z.string().min(1).max(500).describe('why the site watches for this'),
  owner: z.string().min(1).max(100).describe('who answers for the rule'),
  startsAt: instant.describe('flags nothing before'),
  endsAt: instant.describe('switches itself off then'),
});

/** What a site wants flagged now, why and until when. Published retained to every box of the site. */
export const policy = z.strictObject({
  schema: z.literal(1),
  site: name,
  version: z.number().int().nonnegative().describe('rises with every change'),
  homeProvince: province.describe('plates of this province are at home'),
  mask: campaign.optional().describe('flag people without a mask or with one worn improperly'),
  firstTime: campaign.optional().describe('flag people never seen on this site'),
  outOfProvince: campaign.optional().describe('flag plates of any other province'),
  watchedProvinces: z
    .array(campaign.extend({ provinces: z.array(province).min(1) }))
    .max(100)
    .optional()
    .describe('flag plates of these provinces; each rule has its own reason and end'),
  strangerRetentionDays: z
    .number()
    .int()
    .min(1)
    .max(365)
    .default(14)
    .describe('a stranger’s template expires after'),
});
export type Policy = z.infer<typeof policy>;
export type Campaign = z.infer<typeof campaign>;

import { z } from 'zod';
import { instant, name, uuid } from './ids.ts';

/** Templates that a box keeps of one subject and kind, at most; of both kinds twice as many. */
export const templatesPerKind = 6;

const bytes = (length: number) => z.base64().max(Math.ceil(length / 3) * 4);

/** An embedding under AES-256-GCM with the key of the site's boxes, bound to subject, category, kind, expiry and model. */
const sealedTemplate = z.strictObject({
  id: uuid,
  kind: z.enum(['whole', 'upper']),
  expiresAt: instant,
  nonce: bytes(12),
  tag: bytes(16),
  sealed: bytes(8192),
});

/**
 * What the boxes of a site know of one subject, retained on `gallery/{subject}`. The hub relays it, and reads of it who and
 * until when, never a face. A later message replaces an earlier one, and `forgotten` stays: a box that was away reads it
 * when it comes back, and one that still had the subject cannot bring it back.
 */
export const galleryEntry = z.discriminatedUnion('state', [
  z.strictObject({
    schema: z.literal(1),
    state: z.literal('kept'),
    subject: uuid,
    box: name.describe('who wrote this'),
    category: z.enum(['registered', 'stranger']),
    templates: z
      .array(sealedTemplate)
      .min(1)
      .max(2 * templatesPerKind),
  }),
  z.strictObject({
    schema: z.literal(1),
    state: z.literal('merged'),
    subject: uuid,
    box: name.describe('who noticed that both are one person'),
    into: uuid.describe('under which the person is known from now on; the lesser of the two'),
    at: instant,
  }),
  z.strictObject({
    schema: z.literal(1),
    state: z.literal('forgotten'),
    subject: uuid,
    erasure: uuid.describe('the erasure whose certificate names this subject'),
    at: instant,
  }),
]);
export type GalleryEntry = z.infer<typeof galleryEntry>;
export type SealedTemplateMessage = z.infer<typeof sealedTemplate>;

/** A box's word that it has erased a subject, on `replies`, sent until the hub has it. */
export const erasureReply = z.strictObject({
  schema: z.literal(1),
  reply: z.literal('forgotten'),
  erasure: uuid,
  subject: uuid,
  at: instant.describe('when the box erased it'),
  templates: z.number().int().nonnegative().describe('how many the box had of the subject'),
});
export type ErasureReply = z.infer<typeof erasureReply>;

import { type GalleryEntry, galleryEntry, type SealedTemplateMessage } from '../../hub/contract/gallery.ts';
import type { Fate } from './subject-ledger.ts';
import type { SealedTemplate, TemplateBinding } from './template-seal.ts';
import type { StoredTemplate } from './template-store.ts';

/** How things stand with a subject, as the other boxes read it; empty when there is nothing to say. */
export function entryOf(
  subject: string,
  box: string,
  fate: Fate | undefined,
  templates: readonly StoredTemplate[],
): string {
  const entry = fate ? fateEntry(subject, box, fate) : keptEntry(subject, box, templates);
  return entry ? JSON.stringify(entry) : '';
}

/** Undefined for an empty payload. Throws when it is no entry of this subject. */
export function parseEntry(subject: string, payload: Uint8Array): GalleryEntry | undefined {
  if (payload.byteLength === 0) return undefined;
  const entry = galleryEntry.parse(JSON.parse(Buffer.from(payload).toString('utf8')));
  if (entry.subject !== subject) throw new RangeError('subject: not that of the topic');
  if (entry.state === 'merged' && entry.into >= subject)
    throw new RangeError('into: not less than the subject');
  return entry;
}

/** A template of a message, with what it was bound to when it was sealed. */
export function sealedOf(
  { subject, category }: Extract<GalleryEntry, { state: 'kept' }>,
  { kind, expiresAt, nonce, tag, sealed }: SealedTemplateMessage,
): TemplateBinding & SealedTemplate {
  return {
    subject,
    category,
    kind,
    expiresAt: Date.parse(expiresAt),
    nonce: Buffer.from(nonce, 'base64'),
    tag: Buffer.from(tag, 'base64'),
    sealed: Buffer.from(sealed, 'base64'),
  };
}

function fateEntry(subject: string, box: string, fate: Fate): GalleryEntry {
  const at = new Date(fate.at).toISOString();
  return fate.state === 'merged'
    ? { schema: 1, state: 'merged', subject, box, into: fate.into, at }
    : { schema: 1, state: 'forgotten', subject, erasure: fate.erasure, at };
}

function keptEntry(
  subject: string,
  box: string,
  templates: readonly StoredTemplate[],
): GalleryEntry | undefined {
  const [first] = templates;
  if (!first) return undefined;
  return {
    schema: 1,
    state: 'kept',
    subject,
    box,
    category: first.category,
    templates: templates.map(({ id, kind, expiresAt, nonce, tag, sealed }) => ({
      id,
      kind,
      expiresAt: new Date(expiresAt).toISOString(),
      nonce: nonce.toString('base64'),
      tag: tag.toString('base64'),
      sealed: sealed.toString('base64'),
    })),
  };
}

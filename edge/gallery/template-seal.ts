import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { TemplateKind } from './gallery.ts';

/** What a sealed template is bound to: moved to another subject, kind, category or date, it does not open. */
export interface TemplateBinding {
  subject: string;
  category: 'registered' | 'stranger';
  kind: TemplateKind;
  /** Ms since the epoch. */
  expiresAt: number;
}

/** An embedding under AES-256-GCM: 12 bytes nonce, used once; 16 bytes tag. */
export interface SealedTemplate {
  nonce: Buffer;
  tag: Buffer;
  sealed: Buffer;
}

/** The site's key of 32 bytes, and the network whose embeddings these are: those of another one cannot be compared. */
export interface TemplateSeal {
  key: Buffer;
  model: string;
}

const algorithm = 'aes-256-gcm';

/** Seals an embedding. */
export function sealTemplate(
  { key, model }: TemplateSeal,
  binding: TemplateBinding,
  embedding: Float32Array,
): SealedTemplate {
  const nonce = randomBytes(12);
  const cipher = createCipheriv(algorithm, key, nonce).setAAD(boundBytes(binding, model));
  const plain = Buffer.from(embedding.buffer, embedding.byteOffset, embedding.byteLength);
  const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
  return { nonce, tag: cipher.getAuthTag(), sealed };
}

/** The embedding; undefined when key, model, binding or bytes are not those it was sealed with. */
export function openTemplate(
  { key, model }: TemplateSeal,
  binding: TemplateBinding,
  { nonce, tag, sealed }: SealedTemplate,
): Float32Array | undefined {
  try {
    const decipher = createDecipheriv(algorithm, key, nonce, { authTagLength: 16 })
      .setAAD(boundBytes(binding, model))
      .setAuthTag(tag);
    const plain = Uint8Array.from(Buffer.concat([decipher.update(sealed), decipher.final()]));
    return new Float32Array(plain.buffer);
  } catch {
    return undefined;
  }
}

function boundBytes({ subject, kind, category, expiresAt }: TemplateBinding, model: string): Buffer {
  return Buffer.from(JSON.stringify([model, subject, kind, category, expiresAt]));
}

import type { z } from 'zod';
import type { BoxMessage } from '../broker/broker.ts';
import { type ErasureReply, erasureReply, type GalleryEntry, galleryEntry } from '../contract/gallery.ts';
import { name, uuid } from '../contract/ids.ts';
import { type Receipt, type Sighting, sighting } from '../contract/sighting.ts';
import { type BoxStatus, boxStatus, type Telemetry, telemetry } from '../contract/status.ts';
import { type BoxAddress, boxChannels, type ParsedTopic, parseTopic } from '../contract/topics.ts';
import type { HubErrorCode } from '../errors.ts';

/** Why a message will never be taken, and what the receipt can name so that the box stops sending it. */
export interface Refusal {
  kind: 'refused';
  code: HubErrorCode;
  /** Fields and what was expected of them, never the values found. */
  reason: string;
  from?: BoxAddress;
  item?: Receipt['refused'][number];
}

/** A message as the hub understands it. */
export type Decoded =
  | { kind: 'sighting'; from: BoxAddress; sighting: Sighting }
  | { kind: 'evidence'; from: BoxAddress; id: string; jpeg: Uint8Array }
  | { kind: 'status'; from: BoxAddress; status: BoxStatus }
  | { kind: 'telemetry'; from: BoxAddress; telemetry: Telemetry }
  | { kind: 'reply'; from: BoxAddress; reply: ErasureReply }
  | { kind: 'gallery'; site: string; entry: GalleryEntry | undefined }
  | Refusal;

/** Bytes of the largest payload the hub takes; a JPEG of a full 4K frame has about half of it. */
const largestPayloadBytes = 4 * 1024 * 1024;

/** Bytes into words, or into the reason why not. Pure. */
export function decodeMessage({ topic, payload, sender }: BoxMessage): Decoded {
  const parsed = parseTopic(topic);
  if (parsed?.channel === 'gallery') return decodeGallery(parsed, payload, sender);
  if (!parsed || boxChannels[parsed.channel].from !== 'box' || !isNamed(parsed)) {
    return { kind: 'refused', code: 'TOPIC_UNKNOWN', reason: 'not a topic on which boxes speak to the hub' };
  }
  const from = { site: parsed.site, box: parsed.box };
  if (sender && (sender.site !== from.site || sender.box !== from.box)) {
    return {
      kind: 'refused',
      code: 'SENDER_MISMATCH',
      reason: 'topic: another box is logged in',
      from: sender,
    };
  }
  if (parsed.channel === 'evidence') return decodeEvidence(from, parsed, payload);

  if (payload.byteLength > largestPayloadBytes) return tooLarge(from);
  const message = parseJson(payload);
  if (message === undefined) return { kind: 'refused', code: 'PAYLOAD_NOT_JSON', reason: 'not JSON', from };
  if (parsed.channel === 'sightings') return decodeSighting(from, message);
  if (hasOtherSchema(message)) return otherSchema(from);
  if (parsed.channel === 'replies') return decodeReply(from, message);
  return parsed.channel === 'status' ? decodeStatus(from, message) : decodeTelemetry(from, message);
}

function decodeSighting(from: BoxAddress, message: unknown): Decoded {
  const item = nameSighting(message);
  if (hasOtherSchema(message))
    return { ...otherSchema(from), ...refusedItem(item, 'SCHEMA_VERSION_UNKNOWN') };
  const result = sighting.safeParse(message);
  if (!result.success) return { ...invalid(from, result.error), ...refusedItem(item, 'PAYLOAD_INVALID') };
  if (result.data.site !== from.site || result.data.box !== from.box) {
    const reason = 'site, box: not those of the topic';
    return {
      kind: 'refused',
      code: 'SENDER_MISMATCH',
      reason,
      from,
      ...refusedItem(item, 'SENDER_MISMATCH'),
    };
  }
  return { kind: 'sighting', from, sighting: result.data };
}

function decodeEvidence(from: BoxAddress, { id = '' }: ParsedTopic, payload: Uint8Array): Decoded {
  const item = { kind: 'evidence' as const, id };
  if (!uuid.safeParse(id).success) {
    const reason = 'topic: the id of the evidence is not a UUID';
    return {
      kind: 'refused',
      code: 'PAYLOAD_INVALID',
      reason,
      from,
      ...refusedItem(item, 'PAYLOAD_INVALID'),
    };
  }
  if (payload.byteLength > largestPayloadBytes)
    return { ...tooLarge(from), ...refusedItem(item, 'PAYLOAD_TOO_LARGE') };
  if (!isJpeg(payload)) {
    const reason = 'payload: does not start and end as a JPEG does';
    return {
      kind: 'refused',
      code: 'EVIDENCE_NOT_JPEG',
      reason,
      from,
      ...refusedItem(item, 'EVIDENCE_NOT_JPEG'),
    };
  }
  return { kind: 'evidence', from, id, jpeg: payload };
}

function decodeReply(from: BoxAddress, message: unknown): Decoded {
  const result = erasureReply.safeParse(message);
  return result.success ? { kind: 'reply', from, reply: result.data } : invalid(from, result.error);
}

/** Nothing is said of a subject whose templates have expired. */
function decodeGallery(
  { site, id }: Extract<ParsedTopic, { channel: 'gallery' }>,
  payload: Uint8Array,
  from: BoxAddress | undefined,
): Decoded {
  if (payload.byteLength === 0) return { kind: 'gallery', site, entry: undefined };
  const result = galleryEntry.safeParse(parseJson(payload));
  if (result.success && result.data.subject === id) return { kind: 'gallery', site, entry: result.data };
  const reason = 'not what boxes say of this subject';
  return { kind: 'refused', code: 'PAYLOAD_INVALID', reason, ...(from && { from }) };
}

function decodeStatus(from: BoxAddress, message: unknown): Decoded {
  const result = boxStatus.safeParse(message);
  return result.success ? { kind: 'status', from, status: result.data } : invalid(from, result.error);
}

function decodeTelemetry(from: BoxAddress, message: unknown): Decoded {
  const result = telemetry.safeParse(message);
  return result.success ? { kind: 'telemetry', from, telemetry: result.data } : invalid(from, result.error);
}

/** A broker that is not ours takes any topic; only boxes with proper names get further. */
function isNamed({ site, box }: BoxAddress): boolean {
  return name.safeParse(site).success && name.safeParse(box).success;
}

/** Start of image and end of image, ITU-T T.81 B.1.1.3; what lies between is the box's business. */
function isJpeg(bytes: Uint8Array): boolean {
  if (bytes.length < 4) return false;
  const starts = bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff;
  return starts && bytes[bytes.length - 2] === 0xff && bytes[bytes.length - 1] === 0xd9;
}

function parseJson(payload: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload));
  } catch {
    return undefined;
  }
}

function hasOtherSchema(message: unknown): boolean {
  const schema = (message as { schema?: unknown } | null)?.schema;
  return typeof schema === 'number' && schema !== 1;
}

/** What a receipt can name of a sighting that is not understood, when it has at least an id. */
function nameSighting(message: unknown): Omit<Receipt['refused'][number], 'code'> | undefined {
  const { id, revision } = (message ?? {}) as { id?: unknown; revision?: unknown };
  if (typeof id !== 'string' || id.length > 60) return undefined;
  return {
    kind: 'sighting',
    id,
    ...(Number.isSafeInteger(revision) ? { revision: revision as number } : {}),
  };
}

function refusedItem(item: Omit<Receipt['refused'][number], 'code'> | undefined, code: HubErrorCode) {
  return item ? { item: { ...item, code } } : {};
}

function tooLarge(from: BoxAddress): Refusal {
  return {
    kind: 'refused',
    code: 'PAYLOAD_TOO_LARGE',
    reason: `payload: at most ${largestPayloadBytes} bytes`,
    from,
  };
}

function otherSchema(from: BoxAddress): Refusal {
  return { kind: 'refused', code: 'SCHEMA_VERSION_UNKNOWN', reason: 'schema: expected 1', from };
}

function invalid(from: BoxAddress, error: z.ZodError): Refusal {
  const reason = error.issues
    .slice(0, 5)
    .map(({ path, message }) => `${path.join('.') || 'message'}: ${message}`)
    .join('; ');
  return { kind: 'refused', code: 'PAYLOAD_INVALID', reason, from };
}

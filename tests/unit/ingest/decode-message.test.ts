import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { boxTopic, galleryTopic } from '../../../hub/contract/topics.ts';
import { decodeMessage } from '../../../hub/ingest/decode-message.ts';
import { buildJpeg, buildSighting } from '../../builders/sighting.ts';

const box = { site: 'demo', box: 'east-box' };
const decode = (topic: string, payload: string | Uint8Array) =>
  decodeMessage({ topic, payload: typeof payload === 'string' ? Buffer.from(payload) : payload });
const decodeSighting = (message: unknown) => decode(boxTopic(box, 'sightings'), JSON.stringify(message));

describe('a message is understood', () => {
  test('a sighting', () => {
    const sighting = buildSighting();
    expect(decodeSighting(sighting)).toEqual({ kind: 'sighting', from: box, sighting });
  });

  test('what boxes know of a subject, and that nothing is left of it', () => {
    const subject = randomUUID();
    const entry = {
      schema: 1,
      state: 'forgotten',
      subject,
      erasure: randomUUID(),
      at: '2026-03-01T08:00:00.000Z',
    };
    const topic = galleryTopic('demo', subject);
    expect(decode(topic, JSON.stringify(entry))).toEqual({ kind: 'gallery', site: 'demo', entry });
    expect(decode(topic, '')).toEqual({ kind: 'gallery', site: 'demo', entry: undefined });
    expect(decode(galleryTopic('demo', randomUUID()), JSON.stringify(entry))).toMatchObject({
      kind: 'refused',
      code: 'PAYLOAD_INVALID',
    });
  });

  test('a picture', () => {
    const [id, jpeg] = [randomUUID(), buildJpeg()];
    expect(decode(boxTopic(box, 'evidence', id), jpeg)).toEqual({ kind: 'evidence', from: box, id, jpeg });
  });
});

describe('a message is refused with its reason', () => {
  test.each<[string, unknown, string, string]>([
    ['an unknown field', { ...buildSighting(), extra: 1 }, 'PAYLOAD_INVALID', 'extra'],
    ['a wrong type', { ...buildSighting(), revision: '1' }, 'PAYLOAD_INVALID', 'revision'],
    [
      'a local time',
      { ...buildSighting(), occurredAt: '2026-03-01T08:00:00+08:00' },
      'PAYLOAD_INVALID',
      'occurredAt',
    ],
    ['another version', { ...buildSighting(), schema: 7 }, 'SCHEMA_VERSION_UNKNOWN', 'schema'],
    ['another site', buildSighting({ site: 'other' }), 'SENDER_MISMATCH', 'site'],
    ['no object', [], 'PAYLOAD_INVALID', 'message'],
    ['null', null, 'PAYLOAD_INVALID', 'message'],
  ])('%s', (_, message, code, reason) => {
    expect(decodeSighting(message)).toMatchObject({
      kind: 'refused',
      code,
      reason: expect.stringContaining(reason),
    });
  });

  test('text that is not UTF-8 is not JSON', () => {
    expect(decode(boxTopic(box, 'sightings'), Uint8Array.of(0x22, 0xff, 0x22))).toMatchObject({
      code: 'PAYLOAD_NOT_JSON',
    });
  });

  test('a picture that was cut off', () => {
    const cut = buildJpeg().subarray(0, -2);
    expect(decode(boxTopic(box, 'evidence', randomUUID()), cut)).toMatchObject({ code: 'EVIDENCE_NOT_JPEG' });
  });

  test.each([
    boxTopic(box, 'receipts'),
    'gatehouse/v1/DEMO/east-box/status',
    'gatehouse/v1/demo/../status',
    'other/topic',
  ])('%s, on which no box speaks to the hub', (topic) => {
    expect(decode(topic, '{}')).toMatchObject({ kind: 'refused', code: 'TOPIC_UNKNOWN' });
  });

  test('the reason never repeats what was found', () => {
    const secret = '苏A12345';
    for (const change of [
      { gate: secret },
      { plate: secret },
      { flags: [secret] },
      { id: secret },
      { kind: secret },
    ]) {
      expect(
        JSON.stringify(decodeSighting({ ...buildSighting(), ...change })).split('"item"')[0],
      ).not.toContain(secret);
    }
  });
});

test('no topic and no bytes make it throw, and what it takes names a proper box', () => {
  const level = fc.oneof(
    fc.constantFrom('demo', 'east-box', 'sightings', 'status', 'telemetry', 'evidence', 'replies', '..', ''),
    fc.string({ maxLength: 10 }),
  );
  const topic = fc.array(level, { maxLength: 5 }).map((levels) => `gatehouse/v1/${levels.join('/')}`);
  const payload = fc.oneof(
    fc.uint8Array({ maxLength: 64 }),
    fc.json().map((text) => new TextEncoder().encode(text)),
  );
  fc.assert(
    fc.property(topic, payload, (given, bytes) => {
      const decoded = decode(given, bytes);
      if (decoded.kind !== 'refused' && decoded.kind !== 'gallery')
        expect(decoded.from.site).toMatch(/^[a-z0-9][a-z0-9-]*$/);
    }),
    { numRuns: 2000 },
  );
});

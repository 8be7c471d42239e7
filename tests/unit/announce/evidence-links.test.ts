import { createHmac, randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { EvidenceLinks } from '../../../hub/announce/evidence-links.ts';
import { noon } from '../../builders/delivery.ts';

const key = Buffer.alloc(32, 1);
const clock = { at: noon, now: () => clock.at };
const links = new EvidenceLinks(key, clock);
const picture = { evidence: randomUUID(), channel: randomUUID() };

function tokenOf(of = links): string {
  const url = new URL(of.linkTo(picture, 'https://gate.example.cn'));
  expect(url.origin).toBe('https://gate.example.cn');
  return url.pathname.replace('/api/v1/evidence-links/', '');
}

test('a link opens its picture for a day and not a second longer', () => {
  clock.at = noon;
  const token = tokenOf();
  clock.at = noon + 24 * 3600_000 - 1;
  expect(links.open(token)).toEqual(picture);
  clock.at = noon + 24 * 3600_000;
  expect(() => links.open(token)).toThrow(expect.objectContaining({ code: 'LINK_EXPIRED' }));
});

test('a link whose picture, channel or expiry was changed opens nothing', () => {
  clock.at = noon;
  const parts = tokenOf().split('.');
  for (const [at, other] of [randomUUID(), randomUUID(), 'zzzzzzzz', 'AAAA'].entries()) {
    const changed = parts.with(at, other).join('.');
    expect(() => links.open(changed)).toThrow(expect.objectContaining({ code: 'LINK_INVALID' }));
  }
  expect(() => links.open(`${parts.join('.')}.x`)).toThrow(expect.objectContaining({ code: 'LINK_INVALID' }));
  expect(() => links.open('')).toThrow(expect.objectContaining({ code: 'LINK_INVALID' }));
});

test('a link of another hub opens nothing', () => {
  clock.at = noon;
  const other = new EvidenceLinks(Buffer.alloc(32, 2), clock);
  expect(() => links.open(tokenOf(other))).toThrow(expect.objectContaining({ code: 'LINK_INVALID' }));
});

test('the signature is HMAC-SHA-256 over what stands before it', () => {
  clock.at = noon;
  const [evidence, channel, expiry, signature] = tokenOf().split('.');
  const mac = createHmac('sha256', key).update([evidence, channel, expiry].join('.'));
  expect(signature).toBe(mac.digest('base64url'));
});

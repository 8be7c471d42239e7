import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { hubErrors } from '../../../hub/errors.ts';
import { hubReadme, hubReadmePath } from '../../../hub/write-docs.ts';

test('the README of the hub says what the error catalogue says; run `node hub/write-docs.ts` when this fails', () => {
  const text = readFileSync(hubReadmePath, 'utf8');
  expect(text).toBe(hubReadme(text));
});

test('every error has an HTTP status, one sentence on what happened, and a remedy', () => {
  for (const [code, { status, message, remedy }] of Object.entries(hubErrors)) {
    expect(code).toMatch(/^[A-Z]+(_[A-Z]+)+$|^INTERNAL$/);
    expect([code, status >= 400 && status < 600]).toEqual([code, true]);
    expect([code, message]).toEqual([code, expect.stringMatching(/^[A-Z].+\.$/)]);
    expect([code, remedy]).toEqual([code, expect.stringMatching(/^[A-Z].+[.\w]$/)]);
  }
});

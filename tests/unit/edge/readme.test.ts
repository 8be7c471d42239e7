import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { edgeErrors } from '../../../edge/errors.ts';
import { edgeReadme, edgeReadmePath } from '../../../edge/write-docs.ts';

test('the README of the edge says what the schema and the error catalogue say; run `npm run docs` when this fails', () => {
  const text = readFileSync(edgeReadmePath, 'utf8');
  expect(text).toBe(edgeReadme(text));
});

test('every error says what to do', () => {
  const imperative =
    /(Check|Restore|Correct|Use|Install|Run|Free|Bring|Set|is tried again|copy|left alone|waits)/i;
  for (const [code, text] of Object.entries(edgeErrors)) expect(text, code).toMatch(imperative);
});

import { expect, test } from 'vitest';
import { exportedFiles, staleFiles } from '../../../hub/contract/export-schema.ts';
import { boxChannels } from '../../../hub/contract/topics.ts';

test('README and JSON Schemas say what the code says; run `node hub/contract/export-schema.ts` when this fails', () => {
  expect(staleFiles(exportedFiles())).toEqual([]);
});

test('every channel is in the table', () => {
  const readme = [...exportedFiles()].find(([path]) => path.endsWith('README.md'))?.[1] ?? '';
  for (const channel of Object.keys(boxChannels)) expect(readme).toContain(`/{box}/${channel}`);
});

test('a file that is missing or different is stale', () => {
  const [[path, text]] = exportedFiles();
  expect(staleFiles(new Map([[path, `${text} `]]))).toEqual([path]);
  expect(staleFiles(new Map([['/no/such/file', '']]))).toEqual(['/no/such/file']);
});

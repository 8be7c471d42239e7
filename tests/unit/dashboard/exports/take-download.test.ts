import { expect, test } from 'vitest';
import { takeDownload } from '../../../../dashboard/src/exports/take-download.ts';

function responseOf(chunks: Uint8Array<ArrayBuffer>[], failAfter?: Error): Response {
  const body = new ReadableStream({
    pull(controller) {
      const chunk = chunks.shift();
      if (chunk) controller.enqueue(chunk);
      else if (failAfter) controller.error(failAfter);
      else controller.close();
    },
  });
  return new Response(body, { headers: { 'content-type': 'text/csv' } });
}

test('a file of many pieces comes whole and in order, and is counted on the way', async () => {
  const chunks = Array.from({ length: 5 }, (_, at) => new Uint8Array(3_000_000).fill(at));
  const told: number[] = [];
  const file = await takeDownload(responseOf([...chunks]), (bytes) => told.push(bytes));

  expect(file.size).toBe(15_000_000);
  expect(file.type).toBe('text/csv');
  expect(told).toEqual([3, 6, 9, 12, 15].map((millions) => millions * 1_000_000));
  const bytes = new Uint8Array(await file.arrayBuffer());
  expect([0, 1, 2, 3, 4].map((at) => bytes[at * 3_000_000 + 7])).toEqual([0, 1, 2, 3, 4]);
});

test('a file that breaks off is no file', async () => {
  const broken = responseOf([new Uint8Array(10)], new Error('connection lost'));
  await expect(takeDownload(broken, () => {})).rejects.toThrow('connection lost');
});

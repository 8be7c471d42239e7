import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Where a photograph of @vladmandic/face-api (MIT) lies. */
export function photographPath(file: string): string {
  const require = createRequire(import.meta.url);
  return join(dirname(require.resolve('@vladmandic/face-api/package.json')), 'demo', file);
}

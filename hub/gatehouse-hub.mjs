#!/usr/bin/env node
// Plain JavaScript on purpose: an older Node must be able to read this far, and then start the one that npm installed.
// The box has the same file of its own: either side is installed without the other's folder.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const bundled = [join(here, '../node_modules/.bin/node'), join(here, '../../.bin/node')].find((path) =>
  existsSync(path),
);
const [major, minor] = process.versions.node.split('.').map(Number);
const runsTypeScript = major > 22 || (major === 22 && minor >= 18);

if (!runsTypeScript && !bundled) {
  console.error(
    `Gatehouse needs Node 22.18 or newer; this is ${process.versions.node}. Run "npm ci": it brings one along.`,
  );
  process.exit(1);
}
// Left to itself V8 lets garbage grow by what the machine has: three times what the hub ever needs. Megabytes, of the young
// generation and of the old one, which live things fill to a fifth. The C library, left alone, gives each thread that writes
// pictures a heap of its own.
const memoryFlags = ['--max-semi-space-size=8', '--max-old-space-size=256'];
const child = spawn(
  runsTypeScript ? process.execPath : bundled,
  [...memoryFlags, join(here, 'main.ts'), ...process.argv.slice(2)],
  {
    stdio: 'inherit',
    env: { MALLOC_ARENA_MAX: '2', ...process.env },
  },
);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));

import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Builds the dashboard when it was never built or its sources are newer. Its folder is there at once, for the hub to serve. */
export async function buildDashboard(root: string): Promise<void> {
  const built = join(root, 'dashboard/dist/index.html');
  const sources = [join(root, 'dashboard/index.html'), ...filesBelow(join(root, 'dashboard/src'))];
  const builtAt = existsSync(built) ? statSync(built).mtimeMs : 0;
  if (sources.every((path) => statSync(path).mtimeMs <= builtAt)) return;

  mkdirSync(dirname(built), { recursive: true });
  process.stderr.write('building the dashboard …\n');
  const vite = spawn(
    process.execPath,
    [
      join(root, 'node_modules/vite/bin/vite.js'),
      'build',
      '--config',
      join(root, 'dashboard/vite.config.ts'),
      '--logLevel',
      'warn',
    ],
    { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const code = await new Promise((done) => vite.once('exit', done));
  if (code !== 0)
    process.stderr.write(
      'The dashboard could not be built: run "npm ci" and start again. The hub goes on without it.\n',
    );
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

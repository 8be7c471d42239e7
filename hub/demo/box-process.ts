import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A box as a process of its own, which knows the hub by its MQTT address and nothing else. */
export function startBox(options: {
  root: string;
  folder: string;
  mqttUrl: string;
  token: string;
  camera: object;
}): {
  exited: Promise<void>;
  stop: () => Promise<void>;
} {
  const { root, folder, mqttUrl, token, camera } = options;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, 'token'), token, { mode: 0o600 });
  const config = {
    site: 'demo',
    box: 'east-box',
    dataFolder: '.',
    siteKeyFile: 'site.key',
    hub: { url: mqttUrl, tokenFile: 'token' },
    cameras: [{ camera: 'east-lane', gate: 'east-gate', ...camera }],
  };
  const configFile = join(folder, 'box.json');
  writeFileSync(configFile, `${JSON.stringify(config, null, 2)}\n`);

  const child = spawn(
    process.execPath,
    [join(root, 'edge/main.ts'), 'run', '--config', configFile, '--print'],
    {
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  );
  const exited = new Promise<void>((done) => child.once('exit', () => done()));
  return { exited, stop: () => stopChild(child, exited) };
}

const patienceMs = 10_000;

async function stopChild(child: ChildProcess, exited: Promise<void>): Promise<void> {
  child.kill('SIGTERM');
  const killer = setTimeout(() => child.kill('SIGKILL'), patienceMs);
  await exited;
  clearTimeout(killer);
}

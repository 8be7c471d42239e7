import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HubProcess } from './hub-process.ts';

/** Admits a box to `hub` and writes its config and token to `folder`, with one camera of this source; gives the config's path. */
export function writeBoxFiles(
  folder: string,
  hub: HubProcess,
  camera: { source: string; loop?: boolean },
): string {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'token'), hub.admitBox('east-box'), { mode: 0o600 });
  const config = {
    site: 'demo',
    box: 'east-box',
    dataFolder: '.',
    siteKeyFile: 'site.key',
    hub: { url: `mqtt://127.0.0.1:${hub.mqttPort}`, tokenFile: 'token' },
    cameras: [{ camera: 'east-lane', gate: 'east-gate', ...camera }],
  };
  const path = join(folder, 'box.json');
  writeFileSync(path, JSON.stringify(config));
  return path;
}

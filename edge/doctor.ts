import { readdir, stat, statfs } from 'node:fs/promises';
import { connect, isIP } from 'node:net';
import { join } from 'node:path';
import { connect as connectSecurely } from 'node:tls';
import { findDecoder } from './capture/find-decoder.ts';
import { checkClock } from './clock.ts';
import type { EdgeConfig } from './config.ts';
import { EdgeError } from './errors.ts';
import { loadSiteKey } from './gallery/site-key.ts';
import { loadModel } from './perceive/onnx-session.ts';
import { isDistrust, readAuthority } from './uplink/authority.ts';

/** One thing the doctor looked at. */
export interface Finding {
  what: string;
  ok: boolean;
  says: string;
}

const diskFreeMin = 500_000_000;

/** Looks at everything a box needs, without starting it; each finding that is not ok says what to do. */
export async function examine(
  config: EdgeConfig,
  { modelsFolder, ffmpegPath }: { modelsFolder: string; ffmpegPath: string | undefined },
): Promise<Finding[]> {
  const models = (await readdir(modelsFolder, { withFileTypes: true })).filter((entry) =>
    entry.isDirectory(),
  );
  const withManifest = await keepAsync(models, ({ name }) =>
    exists(join(modelsFolder, name, 'manifest.json')),
  );
  return [
    ...(await Promise.all(
      withManifest.map(({ name }) => find(`model ${name}`, () => tryModel(modelsFolder, name))),
    )),
    await find('decoder', async () => (await findDecoder({ ffmpegPath })).description),
    await find('site key', async () => {
      await loadSiteKey(config.siteKeyFile);
      return 'readable, and by this user only';
    }),
    await find('hub', () => tryHub(config.hub)),
    await find('clock', async () => {
      await checkClock(Date.now(), config.dataFolder);
      return `${new Date().toISOString()}, not behind; the hub shows its skew`;
    }),
    await find('disk', () => tryDisk(config.dataFolder)),
  ];
}

async function find(what: string, look: () => Promise<string>): Promise<Finding> {
  try {
    return { what, ok: true, says: await look() };
  } catch (error) {
    return {
      what,
      ok: false,
      says: error instanceof EdgeError ? `${error.code}: ${error.message}` : String(error),
    };
  }
}

async function tryModel(folder: string, name: string): Promise<string> {
  const model = await loadModel(folder, name);
  await model.release();
  return `${model.manifest.bytes} bytes, ${model.manifest.licence}`;
}

/** As far as TLS goes where the URL says so; the log-in is tried by the box itself. */
async function tryHub({ url, caFile }: EdgeConfig['hub']): Promise<string> {
  const { hostname, port, protocol } = new URL(url);
  const isSecure = protocol === 'mqtts:';
  const target = { host: hostname, port: Number(port) || (isSecure ? 8883 : 1883), timeout: 5_000 };
  const ca = await readAuthority(caFile);
  const socket = isSecure
    ? connectSecurely({
        ...target,
        ca,
        minVersion: 'TLSv1.2',
        ...(!isIP(hostname) && { servername: hostname }),
      })
    : connect(target);
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once(isSecure ? 'secureConnect' : 'connect', () => resolve());
      socket.once('timeout', () => reject(new EdgeError('UPLINK_UNREACHABLE', hostname)));
      socket.once('error', (cause) => {
        const code = isDistrust(cause) ? 'UPLINK_NOT_TRUSTED' : 'UPLINK_UNREACHABLE';
        reject(new EdgeError(code, hostname, { cause }));
      });
    });
    return isSecure ? `${hostname} answers and is trusted` : `${hostname} answers, in the clear`;
  } finally {
    socket.destroy();
  }
}

async function tryDisk(folder: string): Promise<string> {
  const { bavail, bsize } = await statfs((await exists(folder)) ? folder : '.');
  if (bavail * bsize < diskFreeMin) throw new EdgeError('OUTBOX_FULL', folder);
  return `${Math.round((bavail * bsize) / 1e9)} GB free`;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

async function keepAsync<T>(entries: T[], wanted: (entry: T) => Promise<boolean>): Promise<T[]> {
  const verdicts = await Promise.all(entries.map(wanted));
  return entries.filter((_, index) => verdicts[index]);
}

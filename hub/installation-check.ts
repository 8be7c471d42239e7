import { once } from 'node:events';
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { connect as connectSecurely } from 'node:tls';
import { HubError } from './errors.ts';
import { openKeyRing } from './keys/key-file.ts';
import { builtDashboard, type HubOptions } from './server.ts';
import { inspectDatabase } from './store/inspect-database.ts';
import { GivenIdentity } from './tls/given-identity.ts';
import { readAuthority } from './tls/local-identity.ts';
import { isLoopback, isNamedIn, namesAskedFor } from './tls/server-names.ts';

/** One thing that was looked at; `fail` would stop the hub or lose something, `warn` will one day. */
export interface InstallationFinding {
  what: string;
  state: 'ok' | 'warn' | 'fail';
  says: string;
  /** Absent when nothing is to be done. */
  remedy?: string;
}

type Judgement = Omit<InstallationFinding, 'what'>;

const gigabyte = 1e9;
const diskWarnBytes = 2 * gigabyte;
const diskFailBytes = 0.2 * gigabyte;
const dayMs = 86_400_000;
const certificateWarnDays = 30;
/** A clock before this is one that was never set: the hub did not exist. */
const earliestClock = Date.parse('2026-01-01T00:00:00Z');
/** Files written a little in the future come from a clock that was stepped, not from one that is wrong. */
const clockSlackMs = 120_000;
const brokerPatienceMs = 5_000;

/** Looks at everything that `serve` with these options needs, without starting, making or changing anything. */
export async function examineInstallation(options: Omit<HubOptions, 'log'>): Promise<InstallationFinding[]> {
  const { dataFolder, host = '127.0.0.1', externalBroker } = options;
  const database = join(dataFolder, 'hub.sqlite');
  const now = Date.now();
  return [
    await find('data folder', () => judgeFolder(dataFolder)),
    await find('disk', () => judgeDisk(dataFolder)),
    await find('database', () => judgeDatabase(database)),
    await find('key', () => judgeKey(join(dataFolder, 'hub.key'))),
    await find('clock', () => judgeClock([database, `${database}-wal`], now)),
    await find('encryption', () => judgeEncryption(options, now)),
    await find('HTTP port', () => judgePort(host, options.port, 'HTTP_PORT_TAKEN')),
    ...(options.redirectPort === undefined
      ? []
      : [await find('redirect port', () => judgePort(host, options.redirectPort ?? 0, 'HTTP_PORT_TAKEN'))]),
    externalBroker
      ? await find('broker', () => judgeBroker(externalBroker.url))
      : await find('MQTT port', () => judgePort(host, options.mqttPort ?? 0, 'BROKER_PORT_TAKEN')),
    await find('dashboard', () => judgeDashboard(options.dashboardFolder ?? builtDashboard)),
  ];
}

/** For people: one line each, and what to do below it. */
export function tableOf(findings: InstallationFinding[]): string {
  const width = Math.max(...findings.map(({ what }) => what.length));
  return findings
    .map(({ what, state, says, remedy }) => {
      const line = `${state.padEnd(4)}  ${what.padEnd(width)}  ${says}\n`;
      return remedy ? `${line}${' '.repeat(width + 8)}→ ${remedy}\n` : line;
    })
    .join('');
}

async function find(what: string, judge: () => Judgement | Promise<Judgement>): Promise<InstallationFinding> {
  try {
    return { what, ...(await judge()) };
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    const says = `${error.code}: ${error.message.replace(` ${error.remedy}`, '')}`;
    return { what, state: 'fail', says, remedy: error.remedy };
  }
}

const ok = (says: string): Judgement => ({ state: 'ok', says });
const warn = (says: string, remedy: string): Judgement => ({ state: 'warn', says, remedy });
const fail = (says: string, remedy: string): Judgement => ({ state: 'fail', says, remedy });

function judgeFolder(folder: string): Judgement {
  const place = existing(folder);
  try {
    accessSync(place, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch {
    return fail(`${place} cannot be written`, 'Give the hub’s user the rights to read and write it.');
  }
  if (place !== folder) return ok(`${folder} will be made`);
  const isOpen = (statSync(folder).mode & 0o077) !== 0;
  if (isOpen) return warn(`${folder} can be read by others`, `Run: chmod 700 ${folder}`);
  return ok(folder);
}

async function judgeDisk(folder: string): Promise<Judgement> {
  const { bavail, bsize } = await statfs(existing(folder));
  const free = bavail * bsize;
  const says = `${(free / gigabyte).toFixed(1)} GB free`;
  if (free < diskFailBytes) return fail(says, 'Free space: a full disk commits nothing.');
  if (free < diskWarnBytes) return warn(says, 'Free space before the disk is full.');
  return ok(says);
}

function judgeDatabase(path: string): Judgement {
  const found = inspectDatabase(path);
  if (!found) return ok('there is none yet; the first start makes it');
  const says = `version ${found.version}, ${(found.bytes / 1e6).toFixed(1)} MB`;
  if (found.behind === 0) return ok(says);
  return warn(
    `${says}; a start brings it ${found.behind} on`,
    'Make a backup first: an older hub cannot read it afterwards.',
  );
}

function judgeKey(path: string): Judgement {
  if (!existsSync(path)) return ok('there is none yet; it is made when it is first needed');
  openKeyRing(path);
  const isOpen = (statSync(path).mode & 0o077) !== 0;
  return isOpen ? fail(`${path} can be read by others`, `Run: chmod 600 ${path}`) : ok(path);
}

function judgeClock(files: string[], now: number): Judgement {
  const says = new Date(now).toISOString();
  const newest = Math.max(0, ...files.filter(existsSync).map((path) => statSync(path).mtimeMs));
  if (now < earliestClock || now + clockSlackMs < newest) {
    return fail(`${says} is behind the hub’s own last work`, 'Set the clock (NTP) before the start.');
  }
  return ok(says);
}

function judgeEncryption(
  { tls, host = '127.0.0.1', insecureHttp, dataFolder }: Omit<HubOptions, 'log'>,
  now: number,
): Judgement {
  if (!tls) {
    if (isLoopback(host)) return ok('none, on this machine alone');
    if (!insecureHttp) throw new HubError('TLS_REQUIRED', host);
    return warn(
      `none, although it listens on ${host}`,
      'Passwords and pictures can be read on the network: use --tls auto.',
    );
  }
  if (tls.kind === 'local') {
    const authority = readAuthority(join(dataFolder, 'tls'));
    if (!authority) return ok('the first start makes an authority of the hub’s own');
    return judgeEnd(authority.expiresAt, now, `authority ${authority.fingerprint}`);
  }
  const given = new GivenIdentity(tls);
  const missing = namesAskedFor(host, []).filter(
    (name) => !isLoopback(name) && !isNamedIn(given.context.cert, name),
  );
  if (missing.length > 0)
    return warn(`the certificate does not name ${missing.join(', ')}`, 'Open the hub by a name that it has.');
  return judgeEnd(given.expiresAt, now, tls.certificate);
}

function judgeEnd(expiresAt: number, now: number, subject: string): Judgement {
  const says = `${subject}, until ${new Date(expiresAt).toISOString().slice(0, 10)}`;
  if (expiresAt <= now) return fail(says, 'It has ended: put a new one in its place.');
  if (expiresAt - now < certificateWarnDays * dayMs)
    return warn(says, 'It ends soon: put a new one in its place.');
  return ok(says);
}

async function judgePort(
  host: string,
  port: number,
  taken: 'HTTP_PORT_TAKEN' | 'BROKER_PORT_TAKEN',
): Promise<Judgement> {
  if (port === 0) return ok('any free one');
  const server = createServer();
  try {
    server.listen(port, host);
    await once(server, 'listening');
    return ok(`${host}:${port} is free`);
  } catch (cause) {
    throw new HubError(taken, `${host}:${port}`, { cause });
  } finally {
    server.close();
  }
}

/** Whether something answers there, over TLS where the URL says so; the log-in is tried by the start alone. */
async function judgeBroker(url: string): Promise<Judgement> {
  const { hostname, port, protocol } = new URL(url);
  const isSecure = protocol === 'mqtts:';
  const target = { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) || (isSecure ? 8883 : 1883) };
  const socket = isSecure ? connectSecurely({ ...target, servername: hostname }) : connect(target);
  const patience = AbortSignal.timeout(brokerPatienceMs);
  try {
    await once(socket, isSecure ? 'secureConnect' : 'connect', { signal: patience });
    return ok(`${target.host}:${target.port} answers`);
  } catch (cause) {
    throw new HubError('BROKER_UNREACHABLE', `${target.host}:${target.port}`, { cause });
  } finally {
    socket.destroy();
  }
}

function judgeDashboard(folder: string): Judgement {
  if (existsSync(join(folder, 'index.html'))) return ok(folder);
  return warn(`${folder} is not built`, 'Run: npm run build');
}

/** The folder, or the nearest one above it that exists. */
function existing(folder: string): string {
  return existsSync(folder) ? folder : existing(dirname(folder));
}

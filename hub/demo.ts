import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startBox } from './demo/box-process.ts';
import { buildDashboard } from './demo/dashboard-build.ts';
import { provision } from './demo/provision.ts';
import { renderSample, type SampleSource } from './demo/sample-source.ts';
import { HubError } from './errors.ts';
import { createLog } from './log.ts';
import type { Hub } from './server.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

const usage = `npm start [-- --source FILE|DIR|rtsp://…] [--data FOLDER] [--port 8080] [--mqtt-port 1883] [--host 127.0.0.1]

Starts the hub with its broker, database and dashboard, and one box on sample footage or on --source. Ctrl-C stops both.
`;

const options = {
  source: { type: 'string' },
  data: { type: 'string', default: join(root, 'data') },
  host: { type: 'string', default: '127.0.0.1' },
  port: { type: 'string', default: '8080' },
  'mqtt-port': { type: 'string', default: '1883' },
  help: { type: 'boolean' },
} as const;

process.exitCode = await main();

async function main(): Promise<number> {
  let flags: ReturnType<typeof readFlags>;
  try {
    flags = readFlags();
  } catch (error) {
    process.stderr.write(`npm start: ${(error as Error).message}\n\n${usage}`);
    return 2;
  }
  if (flags.help) {
    process.stdout.write(usage);
    return 0;
  }
  try {
    await demonstrate(flags);
    return 0;
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    process.stderr.write(`${error.code}: ${error.message}\n${error.remedy}\n`);
    return 1;
  }
}

function readFlags() {
  return parseArgs({ options, strict: true }).values;
}

/**
 * The hub first: whoever starts twice is refused its ports before anything is touched. Then the footage, and the box as
 * soon as there is something to see. What takes long runs beside the rest. Stops in reverse.
 */
async function demonstrate(flags: ReturnType<typeof readFlags>): Promise<void> {
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopping.abort());
  const data = resolve(flags.data);
  mkdirSync(data, { recursive: true, mode: 0o700 });

  const dashboardBuilt = buildDashboard(root);
  // Loaded late: the server is a second's worth of packages, and the build can begin without them.
  const { startHub } = await import('./server.ts');
  const hub = await startHub({
    dataFolder: join(data, 'hub'),
    site: 'demo',
    host: flags.host,
    port: Number(flags.port),
    mqttPort: Number(flags['mqtt-port']),
    // To look around is why one starts it; `serve` asks managers and admins for a second factor.
    requireSecondFactor: false,
    insecureHttp: true,
    log: createLog(process.env.LOG_LEVEL ?? 'warn'),
  });
  try {
    const { people, token } = await provision(hub, join(data, 'demo.json'));
    const [source] = await Promise.all([
      openSource(flags.source, data, stopping.signal),
      dashboardBuilt.then(() => printWelcome(hub, people)),
    ]);
    if (!stopping.signal.aborted) await runBox(data, hub, token, source, stopping.signal);
  } finally {
    await hub.stop();
  }
}

async function openSource(
  named: string | undefined,
  data: string,
  signal: AbortSignal,
): Promise<SampleSource> {
  if (named === undefined) return renderSample(root, join(data, 'sample'), signal);
  return { camera: { source: absoluteSource(named), loop: false }, rendered: Promise.resolve() };
}

/** Runs the box until `signal`. Throws when the footage that it looks at cannot be rendered to its end. */
async function runBox(
  data: string,
  hub: Hub,
  token: string,
  { camera, rendered }: SampleSource,
  signal: AbortSignal,
): Promise<void> {
  const box = startBox({ root, folder: join(data, 'box'), mqttUrl: hub.mqttAddress, token, camera });
  const aborted = new Promise<void>((done) => {
    if (signal.aborted) done();
    signal.addEventListener('abort', () => done(), { once: true });
  });
  try {
    await Promise.race([box.exited, aborted, rendered.then(() => aborted)]);
    if (!signal.aborted) process.stderr.write('The box has stopped; the hub goes on. Ctrl-C ends it.\n');
    await Promise.all([aborted, rendered]);
  } finally {
    await box.stop();
  }
}

function printWelcome(hub: Hub, people: { username: string; password: string; role: string }[]): void {
  const rows = people.map(
    ({ username, password, role }) => `    ${role.padEnd(9)} ${username.padEnd(9)} ${password}`,
  );
  process.stdout.write(
    `\nGatehouse 门岗 is running.\n\n  Open      ${hub.address}\n  Log in as\n${rows.join('\n')}\n\n  These log-ins need no second factor; "npm run hub -- serve" asks managers and admins for one.\n  One line per sighting follows. Ctrl-C stops everything.\n\n`,
  );
}

function absoluteSource(source: string): string {
  if (source.includes('://')) return source;
  const path = resolve(process.cwd(), source);
  if (!existsSync(path)) throw new HubError('SOURCE_MISSING', path);
  return path;
}

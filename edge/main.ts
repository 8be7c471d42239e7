import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import pino, { type Logger } from 'pino';
import { startAgent } from './agent.ts';
import { analyze } from './analyze.ts';
import { edgeConfig, readConfig } from './config.ts';
import { examine } from './doctor.ts';
import { EdgeError } from './errors.ts';
import { SqliteOutbox } from './outbox/sqlite-outbox.ts';
import { ProgressBar } from './progress-bar.ts';
import { renderSampleFootage } from './sample/render-sample.ts';
import { sampleCamera } from './sample/sample-camera.ts';
import { sightingLine } from './sighting-line.ts';
import { openSqlite } from './sqlite.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

const usage = `gatehouse-edge: the agent on a gate box

  run --config FILE [--print] [--once]   watch the cameras (the default); --print: one line per sighting on stdout;
                                         --once: stop when every source has ended and the hub has everything
  analyze PATH… [--json] [--home 苏]      the same perception on pictures, folders or videos
  doctor --config FILE [--json]          check models, decoder, key, hub, clock and disk
  outbox --config FILE [--json]          what waits for the hub, and what the hub refused
  sample --out FOLDER                    render the sample footage; prints the camera that looks at it, as JSON, as
                                         soon as a box may begin to look, and ends when all of it is there
  schema                                 JSON Schema of the configuration

Environment: FFMPEG_PATH, LOG_LEVEL. Exit: 0 fine, 1 failure, 2 wrong use.
`;

const options = {
  config: { type: 'string' },
  models: { type: 'string' },
  print: { type: 'boolean' },
  once: { type: 'boolean' },
  json: { type: 'boolean' },
  home: { type: 'string' },
  fps: { type: 'string' },
  out: { type: 'string' },
  help: { type: 'boolean' },
  version: { type: 'boolean' },
} as const;

type Flags = ReturnType<typeof readArguments>['values'];

process.exitCode = await main();

async function main(): Promise<number> {
  let flags: Flags;
  let words: string[];
  try {
    ({ values: flags, positionals: words } = readArguments());
  } catch (error) {
    return refuse((error as Error).message);
  }
  if (flags.help) return answer(usage);
  if (flags.version) return answer(`${version()}\n`);

  const [command = 'run', ...rest] = words;
  try {
    if (command === 'run') return await run(flags);
    if (command === 'analyze') return await analyzePaths(rest, flags);
    if (command === 'doctor') return await doctor(flags);
    if (command === 'outbox') return await showOutbox(flags);
    if (command === 'sample') return await renderSample(flags);
    if (command === 'schema') return answer(`${JSON.stringify(edgeConfig.toJSONSchema(), null, 2)}\n`);
  } catch (error) {
    if (!(error instanceof EdgeError)) throw error;
    process.stderr.write(`${error.code}: ${error.message}\n`);
    return error.code === 'CONFIG_INVALID' || error.code === 'CONFIG_UNREADABLE' ? 2 : 1;
  }
  return refuse(`there is no command "${command}"`);
}

function readArguments() {
  return parseArgs({ options, allowPositionals: true });
}

function answer(text: string): number {
  process.stdout.write(text);
  return 0;
}

function refuse(why: string): number {
  process.stderr.write(`gatehouse-edge: ${why}\n\n${usage}`);
  return 2;
}

async function run(flags: Flags): Promise<number> {
  if (!flags.config) return refuse('run needs --config FILE');
  const config = await readConfig(flags.config);
  const log = logger();
  const agent = await startAgent({
    config,
    modelsFolder: modelsFolder(flags, config.modelsFolder),
    ffmpegPath: process.env.FFMPEG_PATH,
    version: version(),
    log,
    onSighting: (sighting) => {
      if (flags.print) process.stdout.write(`${sightingLine(sighting)}\n`);
    },
  });
  log.info({ site: config.site, box: config.box, cameras: config.cameras.length }, 'box is running');

  const ended = await Promise.race([
    signalled(),
    flags.once ? agent.ended().then(() => 'ended' as const) : never(),
  ]);
  const complete = ended !== 'ended' || (await agent.drained(60_000));
  await agent.stop();
  log.info('box stopped');
  return complete ? 0 : 1;
}

async function analyzePaths(paths: string[], flags: Flags): Promise<number> {
  if (paths.length === 0) return refuse('analyze needs at least one PATH');
  return analyze({
    paths,
    json: flags.json ?? false,
    home: flags.home,
    framesPerSecond: flags.fps === undefined ? undefined : Number(flags.fps),
    modelsFolder: modelsFolder(flags),
    ffmpegPath: process.env.FFMPEG_PATH,
    write: (line) => process.stdout.write(line),
  });
}

async function doctor(flags: Flags): Promise<number> {
  if (!flags.config) return refuse('doctor needs --config FILE');
  const config = await readConfig(flags.config);
  const findings = await examine(config, {
    modelsFolder: modelsFolder(flags, config.modelsFolder),
    ffmpegPath: process.env.FFMPEG_PATH,
  });
  for (const finding of findings) {
    const line = flags.json
      ? JSON.stringify(finding)
      : `${finding.ok ? 'ok  ' : 'FAIL'}  ${finding.what}: ${finding.says}`;
    process.stdout.write(`${line}\n`);
  }
  return findings.every(({ ok }) => ok) ? 0 : 1;
}

async function showOutbox(flags: Flags): Promise<number> {
  if (!flags.config) return refuse('outbox needs --config FILE');
  const config = await readConfig(flags.config);
  const path = join(config.dataFolder, 'outbox.sqlite');
  if (!existsSync(path))
    return answer(flags.json ? '{}\n' : 'This box has not run yet: there is no outbox.\n');
  const outbox = new SqliteOutbox(openSqlite(path));
  const { oldestAt, ...depth } = outbox.depth();
  const state = {
    ...depth,
    oldestAt: oldestAt === undefined ? undefined : new Date(oldestAt).toISOString(),
    lastRefused: outbox.refused(20),
  };
  outbox.close();
  if (flags.json) return answer(`${JSON.stringify(state)}\n`);
  const refusals = state.lastRefused.map(({ kind, id, code }) => `  refused ${kind} ${id}: ${code}\n`);
  return answer(
    `waiting: ${state.sightings} sightings, ${state.evidence} pictures, ${state.bytes} bytes` +
      `${state.oldestAt ? `, oldest ${state.oldestAt}` : ''}\n${refusals.join('')}`,
  );
}

async function renderSample(flags: Flags): Promise<number> {
  if (!flags.out) return refuse('sample needs --out FOLDER');
  const progress = new ProgressBar('rendering the sample footage');
  const stopping = new AbortController();
  void signalled().then(() => stopping.abort());
  try {
    await renderSampleFootage({
      outFolder: flags.out,
      tools: { ffmpegPath: process.env.FFMPEG_PATH },
      signal: stopping.signal,
      onPlayable: (video) => answer(`${JSON.stringify({ source: video, ...sampleCamera })}\n`),
      onProgress: (share) => progress.show(share),
    });
    return 0;
  } catch (error) {
    if (stopping.signal.aborted) return 1;
    throw error;
  } finally {
    progress.end();
  }
}

function modelsFolder(flags: Flags, configured?: string): string {
  return flags.models ?? configured ?? join(root, 'models');
}

function version(): string {
  return (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version;
}

function logger(): Logger {
  return pino(
    {
      level: process.env.LOG_LEVEL ?? 'info',
      base: null,
      redact: ['token', 'password', 'source', 'plate', 'embedding'],
    },
    pino.destination(2),
  );
}

function signalled(): Promise<'signalled'> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.once(signal, () => resolve('signalled'));
  });
}

function never(): Promise<never> {
  return new Promise(() => {});
}

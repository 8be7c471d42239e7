import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import packageFile from '../package.json' with { type: 'json' };
import { Accounts } from './accounts/accounts.ts';
import { LogInThrottle } from './accounts/log-in-throttle.ts';
import { hashBoxToken, newBoxToken } from './broker/box-token.ts';
import { systemClock, toInstant } from './clock.ts';
import { newPerson, role } from './contract/api.ts';
import { exportedFiles } from './contract/export-schema.ts';
import { name } from './contract/ids.ts';
import { HubError } from './errors.ts';
import { createLog } from './log.ts';
import { type Hub, startHub } from './server.ts';
import type { HubKysely } from './store/hub-database.ts';
import { openDatabase } from './store/open-database.ts';
import { SqlAccountStore } from './store/sql-account-store.ts';
import { SqlBoxStore } from './store/sql-box-store.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

const usage = `gatehouse-hub: the hub in the property office

  serve [--host 127.0.0.1] [--port 8080] [--site main] [--mqtt-port 1883 | --broker mqtt://HOST:PORT]
                            run the hub (the default)
  person add USERNAME --role guard|manager|installer|admin [--name "DISPLAY NAME"] [--password-stdin]
                            give someone an account; without --password-stdin a password is made and shown once
  person list [--json]      everyone who has an account
  box add --box NAME [--site main]
                            admit a box, or give it a new token; the token is shown once

  schema                    JSON Schemas of the messages between box and hub

  --data FOLDER             database and pictures (default: data/hub); commands may run beside a running hub

Environment: LOG_LEVEL, GATEHOUSE_BROKER_USERNAME, GATEHOUSE_BROKER_PASSWORD. Exit: 0 fine, 1 failure, 2 wrong use.
`;

const options = {
  data: { type: 'string', default: join(root, 'data/hub') },
  host: { type: 'string', default: '127.0.0.1' },
  port: { type: 'string', default: '8080' },
  'mqtt-port': { type: 'string', default: '1883' },
  broker: { type: 'string' },
  site: { type: 'string', default: 'main' },
  box: { type: 'string' },
  role: { type: 'string' },
  name: { type: 'string' },
  'password-stdin': { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
  version: { type: 'boolean' },
} as const;

type Flags = ReturnType<typeof readArguments>['values'];

const port = z.coerce.number('is a number').int('is a whole number').min(0).max(65_535, 'ends at 65535');
const brokerUrl = z.url({ protocol: /^mqtts?$/, error: 'is mqtt://HOST:PORT or mqtts://HOST:PORT' });

/** What was typed is not a command; told with the usage, exit 2. */
class UsageError extends Error {}

process.exitCode = await main();

async function main(): Promise<number> {
  try {
    const { values: flags, positionals } = readArguments();
    if (flags.help) return answer(usage);
    if (flags.version) return answer(`${packageFile.version}\n`);
    return await run(positionals, flags);
  } catch (error) {
    if (error instanceof UsageError) {
      process.stderr.write(`gatehouse-hub: ${error.message}\n\n${usage}`);
      return 2;
    }
    if (!(error instanceof HubError)) throw error;
    process.stderr.write(`${error.code}: ${error.message}\n`);
    return 1;
  }
}

function run(words: string[], flags: Flags): number | Promise<number> {
  const [command = 'serve', action, subject, ...rest] = words;
  if (rest.length > 0) throw new UsageError(`"${rest[0]}" is one word too many`);
  if (command === 'serve' && action === undefined) return serve(flags);
  if (command === 'person' && action === 'add') return addPerson(subject, flags);
  if (command === 'person' && action === 'list' && subject === undefined) return listPeople(flags);
  if (command === 'schema' && action === undefined) return answer(schemas());
  if (command === 'box' && action === 'add' && subject === undefined) return addBox(flags);
  throw new UsageError(`there is no command "${words.join(' ')}"`);
}

function readArguments() {
  try {
    return parseArgs({ options, allowPositionals: true });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

async function serve(flags: Flags): Promise<number> {
  const settings = {
    dataFolder: resolve(flags.data),
    host: flags.host,
    port: check('--port', port, flags.port),
    mqttPort: check('--mqtt-port', port, flags['mqtt-port']),
    site: check('--site', name, flags.site),
    externalBroker: flags.broker === undefined ? undefined : externalBroker(flags.broker),
  };
  const stopped = signalled();
  const log = createLog(process.env.LOG_LEVEL ?? 'info');
  const hub = await startHub({ ...settings, log });
  log.info({ address: hub.address, site: settings.site, version: packageFile.version }, 'hub is running');
  await adviseOnFirstStart(hub);
  await stopped;
  await hub.stop();
  log.info('hub stopped');
  return 0;
}

function externalBroker(url: string) {
  return {
    url: check('--broker', brokerUrl, url),
    username: process.env.GATEHOUSE_BROKER_USERNAME,
    password: process.env.GATEHOUSE_BROKER_PASSWORD,
  };
}

/** Nobody can log in before there is an admin. */
async function adviseOnFirstStart(hub: Hub): Promise<void> {
  if ((await hub.accounts.listPeople()).length > 0) return;
  process.stderr.write('Nobody has an account yet. Run: gatehouse-hub person add admin --role admin\n');
}

async function addPerson(username: string | undefined, flags: Flags): Promise<number> {
  const made = flags['password-stdin'] ? undefined : randomBytes(12).toString('base64url');
  const person = {
    username: check('USERNAME', newPerson.shape.username, username),
    displayName: check('--name', newPerson.shape.displayName, flags.name ?? username),
    role: check('--role', role, flags.role),
    password: made ?? check('the password', newPerson.shape.password, (await text(process.stdin)).trimEnd()),
  };
  return withDatabase(flags, async (database) => {
    await accountsOf(database).addPerson(person);
    return answer(made === undefined ? '' : `${made}\n`);
  });
}

function listPeople(flags: Flags): Promise<number> {
  return withDatabase(flags, async (database) => {
    const people = await accountsOf(database).listPeople();
    if (flags.json) return answer(`${JSON.stringify(people)}\n`);
    const rows = people.map(
      ({ username, role, displayName, disabledAt }) =>
        `${username.padEnd(20)} ${role.padEnd(10)} ${displayName}${disabledAt ? `  (disabled ${disabledAt})` : ''}\n`,
    );
    return answer(rows.join(''));
  });
}

function addBox(flags: Flags): Promise<number> {
  const address = { site: check('--site', name, flags.site), box: check('--box', name, flags.box) };
  return withDatabase(flags, async (database) => {
    const token = newBoxToken();
    await new SqlBoxStore(database).admit(address, hashBoxToken(token), toInstant(systemClock.now()));
    return answer(`${token}\n`);
  });
}

/** One JSON object: name → JSON Schema. */
function schemas(): string {
  const suffix = '.schema.json';
  const files = [...exportedFiles()].filter(([path]) => path.endsWith(suffix));
  const named = files.map(([path, text]) => [basename(path, suffix), JSON.parse(text)]);
  return `${JSON.stringify(Object.fromEntries(named), null, 2)}\n`;
}

function accountsOf(database: HubKysely): Accounts {
  return new Accounts(new SqlAccountStore(database), new LogInThrottle(), systemClock);
}

async function withDatabase(flags: Flags, work: (database: HubKysely) => Promise<number>): Promise<number> {
  const folder = resolve(flags.data);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const database = await openDatabase(join(folder, 'hub.sqlite'));
  try {
    return await work(database);
  } finally {
    await database.destroy();
  }
}

function check<T>(what: string, schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new UsageError(`${what}: ${parsed.error.issues[0].message}`);
}

function answer(text: string): number {
  process.stdout.write(text);
  return 0;
}

function signalled(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
}

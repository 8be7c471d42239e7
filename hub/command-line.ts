import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import packageFile from '../package.json' with { type: 'json' };
import { Accounts } from './accounts/accounts.ts';
import type { AuditFact } from './accounts/audit-trail.ts';
import { LogInThrottle } from './accounts/log-in-throttle.ts';
import { SecondFactors } from './accounts/second-factors.ts';
import { backUp } from './backup/backup.ts';
import { describeBackup, describeRestore, describeRollback } from './backup/describe.ts';
import { restore } from './backup/restore.ts';
import { planRollback, rollBack } from './backup/rollback.ts';
import { hashBoxToken, newBoxToken } from './broker/box-token.ts';
import { systemClock, toInstant } from './clock.ts';
import { type AuditAction, newPerson, type Person, role } from './contract/api.ts';
import { exportedFiles } from './contract/export-schema.ts';
import { name } from './contract/ids.ts';
import { HubError } from './errors.ts';
import { examineInstallation, tableOf } from './installation-check.ts';
import { openKeyRing } from './keys/key-file.ts';
import { createLog } from './log.ts';
import { type Hub, startHub } from './server.ts';
import { deriveAll } from './store/derive.ts';
import type { HubKysely } from './store/hub-database.ts';
import { openDatabase } from './store/open-database.ts';
import { SqlAccountStore } from './store/sql-account-store.ts';
import { SqlAuditTrail } from './store/sql-audit-trail.ts';
import { SqlBoxStore } from './store/sql-box-store.ts';
import { SqlSecondFactorStore } from './store/sql-second-factor-store.ts';
import type { TlsOptions } from './tls/open-identity.ts';
import { isServerName } from './tls/server-names.ts';
import { trustPaths } from './tls/trust-page.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

const usage = `gatehouse-hub: the hub in the property office

  serve [--host 127.0.0.1] [--port 8080] [--site main] [--mqtt-port 1883 | --broker mqtt://HOST:PORT]
        [--second-factor required|optional]
                            run the hub (the default); managers and admins need a second factor unless optional
        --tls auto [--tls-name NAME …] | --tls-cert FILE --tls-key FILE
                            HTTPS (port 8443) and MQTTS (port 8883), with an authority of the hub’s own or with given
                            PEM files, which are read again when they change
        --redirect-port PORT   plain HTTP that leads to HTTPS and shows tablets how to trust the hub
        --insecure-http     listen on a network without TLS
  check [the options of serve] [--json]
                            say what would be wrong with a start, without starting
  person add USERNAME --role guard|manager|installer|admin [--name "DISPLAY NAME"] [--password-stdin]
                            give someone an account; without --password-stdin a password is made and shown once
  person list [--json]      everyone who has an account
  person reset-password USERNAME
                            a password for one log-in, shown once; the sessions end
  person reset-second-factor USERNAME
                            remove the second factor, because phone and recovery codes are lost; the sessions end
  audit verify [--expect HASH@ID] [--json]
                            prove that nobody changed the audit trail; HASH@ID is a place that was noted before
  box add --box NAME [--site main]
                            admit a box, or give it a new token; the token is shown once
  log rebuild               derive visits, plates and flows anew from the sightings; stop the hub first

  backup --to FILE [--without-evidence] [--no-verify] [--passphrase-stdin] [--json]
                            write everything into one encrypted file, beside a running hub, and restore it for a test
  restore --from FILE [--replace] [--tombstones FILE] [--passphrase-stdin] [--json]
                            put a backup where the hub finds it; who was forgotten since stays forgotten
  rollback [--yes] [--json] take the newest upgrade back; without --yes it only says what would be lost

  schema                    JSON Schemas of the messages between box and hub

  --data FOLDER             database and pictures (default: data/hub); commands may run beside a running hub

Environment: LOG_LEVEL, GATEHOUSE_BROKER_USERNAME, GATEHOUSE_BROKER_PASSWORD, GATEHOUSE_BACKUP_PASSPHRASE,
GATEHOUSE_METRICS_TOKEN. Exit: 0 fine, 1 failure, 2 wrong use.
`;

const options = {
  data: { type: 'string', default: join(root, 'data/hub') },
  host: { type: 'string', default: '127.0.0.1' },
  port: { type: 'string' },
  'mqtt-port': { type: 'string' },
  tls: { type: 'string' },
  'tls-name': { type: 'string', multiple: true },
  'tls-cert': { type: 'string' },
  'tls-key': { type: 'string' },
  'redirect-port': { type: 'string' },
  'insecure-http': { type: 'boolean' },
  broker: { type: 'string' },
  site: { type: 'string', default: 'main' },
  box: { type: 'string' },
  'second-factor': { type: 'string', default: 'required' },
  expect: { type: 'string' },
  role: { type: 'string' },
  name: { type: 'string' },
  'password-stdin': { type: 'boolean' },
  to: { type: 'string' },
  from: { type: 'string' },
  tombstones: { type: 'string' },
  'without-evidence': { type: 'boolean' },
  'no-verify': { type: 'boolean' },
  'passphrase-stdin': { type: 'boolean' },
  replace: { type: 'boolean' },
  yes: { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
  version: { type: 'boolean' },
} as const;

type Flags = ReturnType<typeof readArguments>['values'];

const logLevel = z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']);
const port = z.coerce.number('is a number').int('is a whole number').min(0).max(65_535, 'ends at 65535');
const secondFactor = z.enum(['required', 'optional']);
const longToken = z.string().min(16, 'has at least 16 characters');
const brokerUrl = z.url({ protocol: /^mqtts?$/, error: 'is mqtt://HOST:PORT or mqtts://HOST:PORT' });

/** What was typed is not a command; told with the usage, exit 2. */
class UsageError extends Error {}

/** The check found what would stop the hub; the report goes to stdout, exit 1. */
class FailedCheck extends Error {
  readonly report: string;

  constructor(report: string) {
    super();
    this.report = report;
  }
}

/** What a command needs of the process around it. */
export interface Surroundings {
  /** After the name of the program. */
  argv: string[];
  env: Record<string, string | undefined>;
  stdin: Readable;
  stdout: Writable;
  stderr: Writable;
  /** Resolves when the process is asked to end. */
  stopped: Promise<void>;
}

/** Runs one command of the hub and gives its exit code: 0 fine, 1 failure, 2 wrong use. */
export async function runCommand(around: Surroundings): Promise<number> {
  try {
    const { values: flags, positionals } = readArguments(around.argv);
    around.stdout.write(await run(positionals, flags, around));
    return 0;
  } catch (error) {
    if (error instanceof UsageError) {
      around.stderr.write(`gatehouse-hub: ${error.message}\n\n${usage}`);
      return 2;
    }
    if (error instanceof FailedCheck) {
      around.stdout.write(error.report);
      return 1;
    }
    if (!(error instanceof HubError)) throw error;
    around.stderr.write(`${error.code}: ${error.message}\n`);
    return 1;
  }
}

/** What the command says on stdout. */
function run(words: string[], flags: Flags, around: Surroundings): string | Promise<string> {
  if (flags.help) return usage;
  if (flags.version) return `${packageFile.version}\n`;
  const [command = 'serve', action, subject, ...rest] = words;
  if (rest.length > 0) throw new UsageError(`"${rest[0]}" is one word too many`);
  if (command === 'serve' && action === undefined) return serve(flags, around);
  if (command === 'check' && action === undefined) return checkInstallation(flags, around);
  if (command === 'person' && action === 'add') return addPerson(subject, flags, around);
  if (command === 'person' && action === 'list' && subject === undefined) return listPeople(flags);
  if (command === 'person' && action === 'reset-password') return resetPassword(subject, flags);
  if (command === 'person' && action === 'reset-second-factor') return resetSecondFactor(subject, flags);
  if (command === 'audit' && action === 'verify' && subject === undefined) return verifyAudit(flags, around);
  if (command === 'schema' && action === undefined) return schemas();
  if (command === 'log' && action === 'rebuild' && subject === undefined) return rebuildLog(flags);
  if (command === 'box' && action === 'add' && subject === undefined) return addBox(flags);
  if (command === 'backup' && action === undefined) return backup(flags, around);
  if (command === 'restore' && action === undefined) return restoreBackup(flags, around);
  if (command === 'rollback' && action === undefined) return rollback(flags);
  throw new UsageError(`there is no command "${words.join(' ')}"`);
}

function readArguments(argv: string[]) {
  try {
    return parseArgs({ args: argv, options, allowPositionals: true });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

async function serve(flags: Flags, around: Surroundings): Promise<string> {
  const settings = readServeSettings(flags, around);
  const log = createLog(check('LOG_LEVEL', logLevel, around.env.LOG_LEVEL ?? 'info'));
  const hub = await startHub({ ...settings, log });
  log.info({ address: hub.address, site: settings.site, version: packageFile.version }, 'hub is running');
  await adviseOnFirstStart(hub, around);
  adviseOnTrust(hub, settings.dataFolder, around);
  await around.stopped;
  await hub.stop();
  log.info('hub stopped');
  return '';
}

function checkInstallation(flags: Flags, around: Surroundings): Promise<string> {
  return examineInstallation(readServeSettings(flags, around)).then((findings) => {
    const report = flags.json ? `${JSON.stringify(findings)}\n` : tableOf(findings);
    if (findings.some(({ state }) => state === 'fail')) throw new FailedCheck(report);
    return report;
  });
}

function readServeSettings(flags: Flags, around: Surroundings) {
  const tls = tlsOptions(flags);
  const defaults = tls ? { port: '8443', mqttPort: '8883' } : { port: '8080', mqttPort: '1883' };
  const redirectPort = flags['redirect-port'];
  if (redirectPort !== undefined && !tls)
    throw new UsageError('--redirect-port leads to HTTPS: add --tls auto');
  const metricsToken = around.env.GATEHOUSE_METRICS_TOKEN;
  return {
    dataFolder: resolve(flags.data),
    host: flags.host,
    port: check('--port', port, flags.port ?? defaults.port),
    mqttPort: check('--mqtt-port', port, flags['mqtt-port'] ?? defaults.mqttPort),
    site: check('--site', name, flags.site),
    externalBroker: flags.broker === undefined ? undefined : externalBroker(flags.broker, around),
    tls,
    insecureHttp: flags['insecure-http'] ?? false,
    redirectPort: redirectPort === undefined ? undefined : check('--redirect-port', port, redirectPort),
    requireSecondFactor: check('--second-factor', secondFactor, flags['second-factor']) === 'required',
    metricsToken:
      metricsToken === undefined ? undefined : check('GATEHOUSE_METRICS_TOKEN', longToken, metricsToken),
  };
}

function tlsOptions(flags: Flags): TlsOptions | undefined {
  const { tls, 'tls-cert': certificate, 'tls-key': key, 'tls-name': names = [] } = flags;
  if (tls !== undefined && tls !== 'auto')
    throw new UsageError('--tls: is auto; give files with --tls-cert and --tls-key');
  if ((certificate === undefined) !== (key === undefined))
    throw new UsageError('--tls-cert and --tls-key: give both');
  if (certificate !== undefined && key !== undefined) {
    if (tls !== undefined || names.length > 0)
      throw new UsageError('--tls-cert: the names stand in the certificate');
    return { kind: 'given', certificate: resolve(certificate), key: resolve(key) };
  }
  const wrong = names.find((entry) => !isServerName(entry));
  if (wrong !== undefined) throw new UsageError(`--tls-name: "${wrong}" is no host name and no address`);
  if (tls === undefined && names.length > 0) throw new UsageError('--tls-name: add --tls auto');
  return tls === undefined ? undefined : { kind: 'local', names };
}

function externalBroker(url: string, around: Surroundings) {
  return {
    url: check('--broker', brokerUrl, url),
    username: around.env.GATEHOUSE_BROKER_USERNAME,
    password: around.env.GATEHOUSE_BROKER_PASSWORD,
  };
}

/** The fingerprint goes to whoever sees the console, which is how a tablet's page is told from a forged one. */
function adviseOnTrust(
  { address, redirectAddress, fingerprint }: Hub,
  dataFolder: string,
  around: Surroundings,
): void {
  if (fingerprint === undefined) return;
  around.stderr.write(
    `Tablets trust this hub after ${redirectAddress ?? address}${trustPaths.page}, once they show this SHA-256 fingerprint:
  ${fingerprint}
Boxes need "caFile" in "hub" of their configuration: a copy of ${join(dataFolder, 'tls/authority.crt')}
`,
  );
}

/** Nobody can log in before there is an admin. */
async function adviseOnFirstStart(hub: Hub, around: Surroundings): Promise<void> {
  if ((await hub.accounts.listPeople()).length > 0) return;
  around.stderr.write('Nobody has an account yet. Run: gatehouse-hub person add admin --role admin\n');
}

async function addPerson(username: string | undefined, flags: Flags, around: Surroundings): Promise<string> {
  const made = flags['password-stdin'] ? undefined : randomBytes(12).toString('base64url');
  const person = {
    username: check('USERNAME', newPerson.shape.username, username),
    displayName: check('--name', newPerson.shape.displayName, flags.name ?? username),
    role: check('--role', role, flags.role),
    password: made ?? check('the password', newPerson.shape.password, (await text(around.stdin)).trimEnd()),
  };
  return withDatabase(flags, async (database) => {
    const { accounts, audit } = partsOf(database, flags);
    const { id } = await accounts.addPerson(person);
    await audit.record({ ...doneHere('person_added', id), details: { role: person.role } });
    return made === undefined ? '' : `${made}\n`;
  });
}

function listPeople(flags: Flags): Promise<string> {
  return withDatabase(flags, async (database) => {
    const people = await partsOf(database, flags).accounts.listPeople();
    if (flags.json) return `${JSON.stringify(people)}\n`;
    const rows = people.map(
      ({ username, role, displayName, disabledAt, endsAt }) =>
        `${username.padEnd(20)} ${role.padEnd(10)} ${displayName}${disabledAt ? `  (disabled ${disabledAt})` : ''}${endsAt ? `  (ends ${endsAt})` : ''}\n`,
    );
    return rows.join('');
  });
}

function addBox(flags: Flags): Promise<string> {
  const address = { site: check('--site', name, flags.site), box: check('--box', name, flags.box) };
  return withDatabase(flags, async (database) => {
    const token = newBoxToken();
    await new SqlBoxStore(database).admit(address, hashBoxToken(token), toInstant(systemClock.now()));
    return `${token}\n`;
  });
}

function rebuildLog(flags: Flags): Promise<string> {
  return withDatabase(flags, async (database) => {
    await deriveAll(database);
    return '';
  });
}

async function backup(flags: Flags, around: Surroundings): Promise<string> {
  const progress = showProgress(around);
  const report = await backUp({
    dataFolder: resolve(flags.data),
    to: resolve(check('--to', path, flags.to)),
    passphrase: await readPassphrase(flags, around),
    withPictures: !flags['without-evidence'],
    verify: !flags['no-verify'],
    version: packageFile.version,
    now: systemClock.now(),
    progress,
  });
  progress();
  return flags.json ? `${JSON.stringify(report)}\n` : describeBackup(report);
}

async function restoreBackup(flags: Flags, around: Surroundings): Promise<string> {
  const progress = showProgress(around);
  const report = await restore({
    from: resolve(check('--from', path, flags.from)),
    dataFolder: resolve(flags.data),
    passphrase: await readPassphrase(flags, around),
    replace: flags.replace === true,
    ...(flags.tombstones === undefined ? {} : { tombstones: resolve(flags.tombstones) }),
    clock: systemClock,
    progress: (bytes) => progress('restoring', bytes),
  });
  progress();
  return flags.json ? `${JSON.stringify(report)}\n` : describeRestore(report);
}

async function rollback(flags: Flags): Promise<string> {
  const dataFolder = resolve(flags.data);
  const isDone = flags.yes === true;
  const plan = isDone ? await rollBack(dataFolder, systemClock) : await planRollback(dataFolder);
  return flags.json ? `${JSON.stringify({ ...plan, isDone })}\n` : describeRollback(plan, isDone);
}

/** Long enough that guessing does not pay, with the cost that each guess has. */
const passphrase = z.string('is needed').min(12, 'has at least 12 characters').max(1000);
const path = z.string('is needed').min(1, 'is needed');

async function readPassphrase(flags: Flags, around: Surroundings): Promise<string> {
  const given = flags['passphrase-stdin']
    ? (await text(around.stdin)).replace(/\r?\n$/, '')
    : around.env.GATEHOUSE_BACKUP_PASSPHRASE;
  return check('the passphrase (GATEHOUSE_BACKUP_PASSPHRASE or --passphrase-stdin)', passphrase, given);
}

/** One line that is written over, at most four times a second, and only for a person; without words it is ended. */
function showProgress({ stderr }: Surroundings): (phase?: string, bytes?: number) => void {
  if (!('isTTY' in stderr && stderr.isTTY)) return () => {};
  let shownAt = 0;
  return (phase, bytes = 0) => {
    const now = systemClock.now();
    if (phase === undefined) stderr.write('\r\u001b[K');
    else if (now - shownAt >= 250) {
      shownAt = now;
      stderr.write(`\r\u001b[K${phase} ${(bytes / 1e6).toFixed(0)} MB`);
    }
  };
}

/** One JSON object: name → JSON Schema. */
function schemas(): string {
  const suffix = '.schema.json';
  const files = [...exportedFiles()].filter(([path]) => path.endsWith(suffix));
  const named = files.map(([path, text]) => [basename(path, suffix), JSON.parse(text)]);
  return `${JSON.stringify(Object.fromEntries(named), null, 2)}\n`;
}

async function resetPassword(username: string | undefined, flags: Flags): Promise<string> {
  const named = check('USERNAME', newPerson.shape.username, username);
  return withDatabase(flags, async (database) => {
    const { accounts, audit } = partsOf(database, flags);
    const { id } = await findPerson(accounts, named);
    const password = await accounts.resetPassword(id);
    await audit.record(doneHere('password_reset', id));
    return `${password}\n`;
  });
}

async function resetSecondFactor(username: string | undefined, flags: Flags): Promise<string> {
  const named = check('USERNAME', newPerson.shape.username, username);
  return withDatabase(flags, async (database) => {
    const { accounts, secondFactors, audit } = partsOf(database, flags);
    const { id } = await findPerson(accounts, named);
    await accounts.endSessions(id);
    const hadOne = await secondFactors.remove(id);
    await audit.record(doneHere('second_factor_reset', id));
    return hadOne ? `${named} has no second factor any more\n` : `${named} had no second factor\n`;
  });
}

async function findPerson(accounts: Accounts, username: string): Promise<Person> {
  const person = (await accounts.listPeople()).find((each) => each.username === username);
  if (!person) throw new HubError('PERSON_UNKNOWN', username);
  return person;
}

function doneHere(action: AuditAction, target: string): AuditFact {
  return { at: toInstant(systemClock.now()), action, target, address: 'command line' };
}

/** `HASH@ID`, as the command prints it. */
const chainLink = z
  .string()
  .regex(/^[0-9a-f]{64}@\d{1,15}$/, 'is HASH@ID, as audit verify prints it')
  .transform((text) => ({ id: Number(text.split('@')[1]), hash: text.split('@')[0] }));

function verifyAudit(flags: Flags, around: Surroundings): Promise<string> {
  const expected = flags.expect === undefined ? undefined : check('--expect', chainLink, flags.expect);
  return withDatabase(flags, async (database) => {
    const proof = await new SqlAuditTrail(database).prove(expected);
    if (flags.json) around.stdout.write(`${JSON.stringify(proof)}\n`);
    if (!proof.intact) throw new HubError('AUDIT_BROKEN', `entry ${proof.brokenAt}`);
    const { entries, head } = proof;
    return flags.json ? '' : `${entries} entries hold; the newest is ${head.hash}@${head.id}\n`;
  });
}

function partsOf(database: HubKysely, flags: Flags) {
  const site = check('--site', name, flags.site);
  const keys = openKeyRing(join(resolve(flags.data), 'hub.key'));
  const store = new SqlSecondFactorStore(database);
  const secondFactors = new SecondFactors(store, keys, `Gatehouse ${site}`, systemClock);
  const accounts = new Accounts({
    store: new SqlAccountStore(database),
    throttle: new LogInThrottle(),
    secondFactors,
    requireSecondFactor: false,
    guardsOnlyOnPairedTablets: async () => false,
    site,
    clock: systemClock,
  });
  return { accounts, secondFactors, audit: new SqlAuditTrail(database) };
}

async function withDatabase(flags: Flags, work: (database: HubKysely) => Promise<string>): Promise<string> {
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

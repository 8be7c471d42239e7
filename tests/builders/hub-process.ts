import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Sighting } from '../../hub/contract/sighting.ts';

const root = join(import.meta.dirname, '../..');

/** A port on loopback that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** A hub in a process of its own, as an installer starts it, so that it can be killed and started again. */
export class HubProcess {
  readonly dataFolder: string;
  readonly port: number;
  readonly mqttPort: number;
  readonly #brokerUrl: string | undefined;
  #child: ChildProcess | undefined;

  readonly #program: string;

  /** `launched`: through the launcher, as `npm run hub` does; signals then go through it, so it cannot be killed. */
  constructor(options: {
    dataFolder: string;
    port: number;
    mqttPort: number;
    brokerUrl?: string;
    launched?: boolean;
  }) {
    this.#program = options.launched ? 'hub/gatehouse-hub.mjs' : 'hub/main.ts';
    this.dataFolder = options.dataFolder;
    this.port = options.port;
    this.mqttPort = options.mqttPort;
    this.#brokerUrl = options.brokerUrl;
  }

  get address(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Of the hub itself, also behind its launcher. */
  get pid(): number {
    const pid = this.#child!.pid!;
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
    return Number(children || pid);
  }

  /** Runs one command of the hub on its data and gives its output. */
  command(words: string[], input = ''): string {
    return execFileSync(process.execPath, ['hub/main.ts', ...words, '--data', this.dataFolder], {
      cwd: root,
      encoding: 'utf8',
      input,
    });
  }

  /** Makes the administrator whose password the tests know. */
  addAdmin(): void {
    this.command(['person', 'add', 'admin', '--role', 'admin', '--password-stdin'], password);
  }

  /** Admits a box and gives its token. */
  admitBox(box: string): string {
    return this.command(['box', 'add', '--box', box, '--site', 'demo']).trim();
  }

  async start(): Promise<void> {
    const words = ['serve', '--site', 'demo', '--port', `${this.port}`, '--data', this.dataFolder];
    words.push('--second-factor', 'optional');
    const broker = this.#brokerUrl ? ['--broker', this.#brokerUrl] : ['--mqtt-port', `${this.mqttPort}`];
    this.#child = spawn(process.execPath, [this.#program, ...words, ...broker], {
      cwd: root,
      stdio: ['ignore', 'ignore', process.env.SHOW_LOGS ? 'inherit' : 'ignore'],
    });
    await this.#answers();
  }

  /** Asks it to end and does not wait. */
  abandon(): void {
    this.#child?.kill('SIGTERM');
  }

  /** As a power cut would. */
  async kill(): Promise<void> {
    await end(this.#child, 'SIGKILL');
  }

  async stop(): Promise<void> {
    await end(this.#child, 'SIGTERM');
  }

  /** Every sighting of the log, newest first. */
  async sightings(): Promise<Sighting[]> {
    const cookie = await this.logIn();
    const all: Sighting[] = [];
    for (let cursor: string | undefined = ''; cursor !== undefined; ) {
      const query: string = `limit=200${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`;
      const reply = await fetch(`${this.address}/api/v1/sightings?${query}`, { headers: { cookie } });
      const page = (await reply.json()) as { items: Sighting[]; nextCursor?: string };
      if (!reply.ok) throw new Error(JSON.stringify(page));
      all.push(...page.items);
      cursor = page.nextCursor;
    }
    return all;
  }

  /** What the API answers at `path`, as the administrator. */
  async read<T>(path: string): Promise<T> {
    const reply = await fetch(`${this.address}/api/v1${path}`, { headers: { cookie: await this.logIn() } });
    if (!reply.ok) throw new Error(await reply.text());
    return (await reply.json()) as T;
  }

  /** Changes something through the API, as the administrator. */
  async write(method: 'POST' | 'PUT', path: string, body: object): Promise<void> {
    const reply = await fetch(`${this.address}/api/v1${path}`, {
      method,
      headers: {
        cookie: await this.logIn(),
        'content-type': 'application/json',
        'sec-fetch-site': 'same-origin',
      },
      body: JSON.stringify(body),
    });
    if (!reply.ok) throw new Error(await reply.text());
  }

  /** The bytes of one picture. */
  async evidence(id: string): Promise<Buffer> {
    const reply = await fetch(`${this.address}/api/v1/evidence/${id}`, {
      headers: { cookie: await this.logIn() },
    });
    if (!reply.ok) throw new Error(`evidence ${id}: ${reply.status}`);
    return Buffer.from(await reply.arrayBuffer());
  }

  #cookie: string | undefined;

  /** A cookie header of the administrator. */
  async logIn(): Promise<string> {
    if (this.#cookie) return this.#cookie;
    const reply = await fetch(`${this.address}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: 'admin', password }),
    });
    if (!reply.ok) throw new Error(await reply.text());
    this.#cookie = reply.headers.getSetCookie()[0].split(';')[0];
    return this.#cookie;
  }

  async #answers(): Promise<void> {
    for (let attempt = 0; attempt < 300; attempt++) {
      const ok = await fetch(`${this.address}/api/v1/health`).then(
        (reply) => reply.ok,
        () => false,
      );
      if (ok) return;
      if (this.#child?.exitCode !== null) throw new Error(`the hub ended with ${this.#child?.exitCode}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error('the hub does not answer');
  }
}

const password = 'a-test-password-1';

/** Ends a child and waits for it; nothing when it has ended already. */
export async function end(child: ChildProcess | undefined, signal: NodeJS.Signals): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
}

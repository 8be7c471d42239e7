import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { StreamEvent } from '../../hub/contract/api.ts';
import { end, freePort } from './hub-process.ts';

const root = join(import.meta.dirname, '../..');

/** `npm start` as a new user runs it, on ports and data of its own. */
export class DemoProcess {
  readonly dataFolder: string;
  address = '';
  /** Passwords by user name, as printed. */
  readonly passwords: Record<string, string> = {};
  printed = '';
  #child: ChildProcess | undefined;

  constructor(dataFolder: string) {
    this.dataFolder = dataFolder;
  }

  /** Returns once the address and the log-ins are printed. */
  async start(words: string[] = []): Promise<void> {
    const ports = ['--port', `${await freePort()}`, '--mqtt-port', `${await freePort()}`];
    this.#child = spawn(process.execPath, ['hub/demo.ts', '--data', this.dataFolder, ...ports, ...words], {
      cwd: root,
      stdio: ['ignore', 'pipe', process.env.SHOW_LOGS ? 'inherit' : 'ignore'],
    });
    this.printed = '';
    this.#child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      this.printed += text;
    });
    await this.printedLine(/Log in as[\s\S]*\n\n/);
    this.address = /http:\/\/\S+/.exec(this.printed)![0];
    for (const [, username, password] of this.printed.matchAll(
      /^\s+(?:guard|manager|admin)\s+(\S+)\s+(\S+)$/gm,
    ))
      this.passwords[username] = password;
  }

  /** Waits until standard output matches. */
  async printedLine(pattern: RegExp, timeoutMs = 120_000): Promise<string> {
    for (const deadline = performance.now() + timeoutMs; ; ) {
      const found = pattern.exec(this.printed);
      if (found) return found[0];
      if (this.#child?.exitCode !== null) throw new Error(`npm start ended: ${this.printed}`);
      if (performance.now() > deadline) throw new Error(`never printed ${pattern}: ${this.printed}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Ctrl-C. Gives the exit code. */
  async stop(): Promise<number | null> {
    await end(this.#child, 'SIGINT');
    return this.#child?.exitCode ?? null;
  }

  /** The API as `username`: logs in and gets JSON. */
  async client(username: string): Promise<<T>(path: string) => Promise<T>> {
    const cookie = await this.#logIn(username);
    return async (path) => {
      const answer = await fetch(`${this.address}/api/v1${path}`, { headers: { cookie } });
      if (!answer.ok) throw new Error(await answer.text());
      return answer.json();
    };
  }

  /** The bytes of pictures, in order, as `username`. */
  async pictures(username: string, ids: string[]): Promise<Buffer[]> {
    const headers = { cookie: await this.#logIn(username) };
    const bytes: Buffer[] = [];
    for (const id of ids) {
      const reply = await fetch(`${this.address}/api/v1/evidence/${id}`, { headers });
      if (!reply.ok) throw new Error(`evidence ${id}: ${reply.status}`);
      bytes.push(Buffer.from(await reply.arrayBuffer()));
    }
    return bytes;
  }

  /** Listens to the live stream as `username` until `signal`. */
  async listen(username: string, take: (event: StreamEvent) => void, signal: AbortSignal): Promise<void> {
    const headers = { cookie: await this.#logIn(username) };
    const { body } = await fetch(`${this.address}/api/v1/stream`, { headers, signal });
    let rest = '';
    for await (const piece of body!.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + piece).split('\n');
      rest = lines.pop()!;
      for (const line of lines) if (line.startsWith('data:')) take(JSON.parse(line.slice(5)));
    }
  }

  async #logIn(username: string): Promise<string> {
    const reply = await fetch(`${this.address}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username, password: this.passwords[username] }),
    });
    if (!reply.ok) throw new Error(await reply.text());
    return reply.headers.getSetCookie()[0].split(';')[0];
  }
}

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectAsync } from 'mqtt';

/** Where Debian puts it; it is not on every PATH. */
export const mosquittoPath = ['/usr/sbin/mosquitto', '/usr/bin/mosquitto'].find((path) => existsSync(path));

/** A real Mosquitto on a loopback port, with its queue in a folder. */
export interface Mosquitto {
  url: string;
  kill(): Promise<void>;
}

/** Starts Mosquitto and resolves when it answers. */
export async function startMosquitto(folder: string, port?: number): Promise<Mosquitto> {
  if (!mosquittoPath) throw new Error('mosquitto is not installed');
  const chosen = port ?? (await freePort());
  const config = join(folder, 'mosquitto.conf');
  await writeFile(
    config,
    [
      `listener ${chosen} 127.0.0.1`,
      'allow_anonymous true',
      'persistence true',
      `persistence_location ${folder}/`,
      'autosave_on_changes true',
      'autosave_interval 1',
    ].join('\n'),
  );
  const child = spawn(mosquittoPath, ['-c', config], { stdio: 'ignore' });
  const url = `mqtt://127.0.0.1:${chosen}`;
  await untilItAnswers(url, child);
  return { url, kill: () => kill(child) };
}

/** The port of a `mqtt://` address. */
export function portOf(url: string): number {
  return Number(new URL(url).port);
}

async function untilItAnswers(url: string, child: ChildProcess): Promise<void> {
  for (let tried = 0; tried < 100; tried++) {
    if (child.exitCode !== null) throw new Error(`mosquitto ended with ${child.exitCode}`);
    const client = await connectAsync(url, { protocolVersion: 4, reconnectPeriod: 0 }, false).catch(
      () => undefined,
    );
    if (client) return client.endAsync(true);
    await sleep(50);
  }
  throw new Error('mosquitto does not answer');
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

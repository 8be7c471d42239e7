import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import type { VideoCapture } from '../../../edge/capture/video-capture.ts';
import type { EdgeError } from '../../../edge/errors.ts';
import { childrenOf, decoders, openVideo, readAll } from './clips.ts';

/** Debian's own Python has the bindings to GStreamer; another one on the PATH does not. */
const python = '/usr/bin/python3';
const script = fileURLToPath(new URL('rtsp-server.py', import.meta.url));
const bindings =
  "import gi; gi.require_version('GstRtspServer', '1.0'); from gi.repository import GstRtspServer";
const hasServer = spawnSync(python, ['-c', bindings]).status === 0;
const why = hasServer ? '' : ' (skipped: gir1.2-gst-rtsp-server-1.0 and python3-gi are not installed)';

const password = 'geheim-42';
const fast = { stallMs: 4_000, retryMs: 150, retryMaxMs: 600 };
const cleanups: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

describe.each(decoders)('a camera through %s', (_, decoder) => {
  const on = test.skipIf(!decoder);
  const onServer = test.skipIf(!decoder || !hasServer);

  onServer(`gives frames stamped as they arrive, five per second${why}`, async () => {
    const { url } = await startCamera();
    const capture = open(url);
    await capture.start();
    const seen = await readAll(
      capture,
      ({ capturedAt, full, small }) => ({
        capturedAt,
        late: Date.now() - capturedAt,
        full: full.width,
        small: small.width,
      }),
      12,
    );
    expect(seen.every(({ full, small }) => full === 640 && small === 640)).toBe(true);
    expect(Math.max(...seen.map(({ late }) => late))).toBeLessThan(1000);
    // The first ones come in a burst: the server sends what it kept.
    const seconds = (seen.at(-1)!.capturedAt - seen[3]!.capturedAt) / 1000;
    expect(8 / seconds).toBeGreaterThan(3);
    expect(8 / seconds).toBeLessThan(9);
    expect(capture.state).toBe('running');
    expect(capture.lastError).toBeUndefined();
  });

  onServer(`one that goes on giving frames is left connected beyond the stall time${why}`, async () => {
    const { url } = await startCamera();
    const capture = open(url);
    await capture.start();
    await capture.nextFrame();
    const before = decoderChildren();
    const begun = Date.now();
    while (Date.now() - begun < fast.stallMs + 1_000) await capture.nextFrame();
    expect(before).toHaveLength(1);
    expect(decoderChildren()).toEqual(before);
  });

  onServer(`its password is in no command line and in no error${why}`, async () => {
    const { url, server } = await startCamera();
    const capture = open(url);
    await capture.start();
    await capture.nextFrame();
    const commands = childrenOf(process.pid).map(({ command }) => command);
    expect(commands.join('\n')).toMatch(/ffmpeg|libav-child/);
    expect(commands.filter((command) => !command.includes('rtsp-server.py')).join('\n')).not.toContain(
      password,
    );
    await end(server);
    await until(() => capture.lastError !== undefined);
    expect(everythingIn(capture.lastError as EdgeError)).not.toContain(password);
  });

  onServer(`a camera that goes away and comes back is picked up again${why}`, async () => {
    const first = await startCamera();
    const capture = open(first.url);
    await capture.start();
    await capture.nextFrame();
    await end(first.server);
    await until(() => capture.state === 'failed');
    expect(capture.lastError).toMatchObject({ code: 'CAMERA_UNREACHABLE' });
    await startCamera(first.port);
    const seen = await readAll(capture, ({ sequence }) => sequence, 4);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(capture.state).toBe('running');
    expect(capture.lastError).toBeUndefined();
  });

  onServer(`a wrong password is told as such, without showing it${why}`, async () => {
    const { port } = await startCamera();
    const capture = open(`rtsp://guard:falsch@127.0.0.1:${port}/gate`);
    await capture.start();
    expect(everythingIn(capture.lastError as EdgeError)).toMatch(/401/);
    expect(everythingIn(capture.lastError as EdgeError)).not.toContain('falsch');
  });

  on('one that refuses connections does not stop the start, and is tried again and again', async () => {
    const attempts = await listen((socket) => socket.destroy());
    const capture = open(`rtsp://guard:${password}@127.0.0.1:${attempts.port}/gate`);
    await capture.start();
    expect(capture.state).toBe('failed');
    expect(capture.lastError).toMatchObject({ code: 'CAMERA_UNREACHABLE' });
    expect(everythingIn(capture.lastError as EdgeError)).not.toContain(password);
    const before = attempts.count();
    await until(() => attempts.count() >= before + 2);
  });

  on('one that accepts and then says nothing is given up after the stall time and tried again', async () => {
    const attempts = await listen(() => {});
    const capture = open(`rtsp://127.0.0.1:${attempts.port}/gate`);
    await capture.start();
    expect(capture.lastError).toMatchObject({ code: 'CAMERA_UNREACHABLE' });
    await until(() => attempts.count() >= 2);
  });

  on('stop ends the attempts, the children and the pending read', async () => {
    const attempts = await listen(() => {});
    const capture = open(`rtsp://127.0.0.1:${attempts.port}/gate`);
    const starting = capture.start();
    await until(() => attempts.count() >= 1);
    const pending = capture.nextFrame();
    await capture.stop();
    await starting;
    expect(await pending).toBeUndefined();
    expect(decoderChildren()).toEqual([]);
  });

  function open(source: string): VideoCapture {
    const capture = openVideo(decoder!, { source, pace: 'realtime' }, fast);
    cleanups.push(() => capture.stop());
    return capture;
  }
});

async function startCamera(port?: number) {
  const words = [script, `guard:${password}`, ...(port === undefined ? [] : [String(port)])];
  const server = spawn(python, words, { stdio: ['pipe', 'pipe', 'inherit'] });
  cleanups.push(() => end(server));
  const [line] = (await once(server.stdout, 'data')) as [Buffer];
  const bound = Number(String(line).trim());
  return { server, port: bound, url: `rtsp://guard:${password}@127.0.0.1:${bound}/gate` };
}

function decoderChildren() {
  return childrenOf(process.pid).filter(({ command }) => /ffmpeg|libav-child/.test(command));
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'close');
}

/** A TCP server on a free port that counts its connections. */
async function listen(onConnection: (socket: Socket) => void) {
  let count = 0;
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    count += 1;
    open.add(socket);
    socket.on('error', () => {}).on('close', () => open.delete(socket));
    onConnection(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(async () => {
    for (const socket of open) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return { port: (server.address() as { port: number }).port, count: () => count };
}

async function until(holds: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 25_000; !holds(); await sleep(50))
    if (Date.now() > deadline) throw new Error('waited in vain');
}

/** All that a log of this error could show. */
function everythingIn(error: EdgeError): string {
  return [error.message, error.stack, String(error.cause), (error.cause as Error | undefined)?.stack].join(
    '\n',
  );
}

import { type ChildProcess, fork } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Decoder, VideoRequest } from './decoder.ts';

/**
 * FFmpeg's libraries from the optional package node-av as a decoder; undefined when it is not installed. It is
 * loaded in the child alone: a fault in native code, and its licence, stay outside this process.
 */
export function findLibav(): Decoder | undefined {
  try {
    createRequire(import.meta.url).resolve('node-av');
  } catch {
    return undefined;
  }
  return { description: 'node-av', start: startLibav };
}

function startLibav(request: VideoRequest): ChildProcess {
  const script = fileURLToPath(new URL('libav-child.ts', import.meta.url));
  const child = fork(script, [], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe', 'pipe', 'ipc'],
    execArgv: [],
  });
  child.send(request, () => {});
  return child;
}

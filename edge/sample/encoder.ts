import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { EdgeError } from '../errors.ts';

/** What is encoded: planar 4:2:0 frames of one size at one rate, into H.264 behind an HLS playlist. */
export interface EncoderSetting {
  /** The playlist, `NAME.m3u8`; its segments lie beside it as `NAME0.ts`, `NAME1.ts` … */
  playlist: string;
  width: number;
  height: number;
  framesPerSecond: number;
}

/** Takes frames in order. After `finish` the playlist has its end mark; after `abort` it may lie there without. */
export interface Encoder {
  /** Waits while the encoder is behind, so that frames do not pile up. `bytes` may be reused afterwards. */
  write(bytes: Uint8Array): Promise<void>;
  finish(): Promise<void>;
  abort(): Promise<void>;
}

/**
 * An event playlist grows by a segment at a time and can be read from its beginning meanwhile; its end mark says that
 * nothing more comes. Segments and playlist appear whole, by renaming.
 */
export const hlsOptions = { hls_time: '1', hls_playlist_type: 'event', hls_flags: 'temp_file' } as const;

/** Frames from one picture that stands alone to the next: one segment, one second. */
export function segmentFrames({ framesPerSecond }: EncoderSetting): number {
  return Math.round(framesPerSecond * Number(hlsOptions.hls_time));
}

/** Encodes with an ffmpeg program as a child process. */
export function encodeWithFfmpeg(ffmpegPath: string, setting: EncoderSetting): Encoder {
  const { playlist, width, height, framesPerSecond } = setting;
  const input = [
    '-f',
    'rawvideo',
    '-pix_fmt',
    'yuv420p',
    '-s',
    `${width}x${height}`,
    '-r',
    `${framesPerSecond}`,
  ];
  const codec = ['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-crf', '23'];
  const colours = [
    '-colorspace',
    'bt709',
    '-color_primaries',
    'bt709',
    '-color_trc',
    'bt709',
    '-color_range',
    'tv',
  ];
  const hls = Object.entries(hlsOptions).flatMap(([name, value]) => [`-${name}`, value]);
  // Without the multiplexer's usual delay time starts at 0, and a loop joins without a gap.
  const undelayed = ['-muxdelay', '0', '-muxpreload', '0'];
  const output = ['-g', `${segmentFrames(setting)}`, ...undelayed, '-f', 'hls', ...hls, playlist];
  return feedChild(
    spawn(
      ffmpegPath,
      ['-nostdin', '-loglevel', 'error', '-y', ...input, '-i', 'pipe:0', ...codec, ...colours, ...output],
      { stdio: ['pipe', 'ignore', 'pipe'] },
    ),
  );
}

/**
 * Encodes with the FFmpeg that comes in the optional package node-av, in a child process of its own: a fault in
 * native code, and its licence, stay outside this one.
 */
export function encodeWithNodeAv(setting: EncoderSetting): Encoder {
  const script = fileURLToPath(new URL('node-av-encoder.ts', import.meta.url));
  const child = fork(script, [], { stdio: ['pipe', 'ignore', 'pipe', 'ipc'], execArgv: [] });
  child.send(setting);
  return feedChild(child);
}

function feedChild(child: ChildProcess): Encoder {
  const complaints: string[] = [];
  let failure: Error | undefined;
  child.stderr!.setEncoding('utf8').on('data', (text: string) => complaints.push(text));
  child.stdin!.on('error', (cause) => {
    failure ??= cause;
  });
  const ended = new Promise<void>((resolve) => {
    child.on('error', (cause) => {
      failure = cause;
      resolve();
    });
    child.on('close', (code, signal) => {
      if (code !== 0)
        failure = new Error(`encoder ended with ${code ?? signal}: ${complaints.join('').slice(-600)}`);
      resolve();
    });
  });
  const refuseFailure = () => {
    if (failure) throw new EdgeError('SAMPLE_NOT_ENCODED', undefined, { cause: failure });
  };
  return {
    write: async (bytes) => {
      refuseFailure();
      const { promise, resolve } = Promise.withResolvers<void>();
      child.stdin!.write(bytes, () => resolve());
      await Promise.race([promise, ended]);
      refuseFailure();
    },
    finish: async () => {
      child.stdin!.end();
      await ended;
      refuseFailure();
    },
    abort: async () => {
      child.stdin!.destroy();
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Whether an ffmpeg program is there and can make H.264. */
export async function canEncodeH264(ffmpegPath: string): Promise<boolean> {
  const child = spawn(ffmpegPath, ['-hide_banner', '-h', 'encoder=libx264'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let answer = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    answer += text;
  });
  await once(child, 'close').catch(() => undefined);
  return answer.startsWith('Encoder libx264');
}

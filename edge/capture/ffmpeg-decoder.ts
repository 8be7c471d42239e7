import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';
import {
  type Decoder,
  decoderPipes,
  isPlaylist,
  playlistOptions,
  socketTimeoutMs,
  type VideoRequest,
} from './decoder.ts';

const oldestMajor = 5;

/** Whether a source is read from the network, as a camera, and not from the disk. */
export function isLive(source: string): boolean {
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(source);
}

/** The ffmpeg program at `path` as a decoder; undefined when it does not answer or is older than 5. */
export async function findFfmpeg(path: string): Promise<Decoder | undefined> {
  const answer = await promisify(execFile)(path, ['-hide_banner', '-version'], { timeout: 10_000 }).catch(
    () => undefined,
  );
  const version = answer && readVersion(answer.stdout);
  if (!version || version.major < oldestMajor) return undefined;
  return {
    description: `ffmpeg ${version.text}`,
    start: (request) => startFfmpeg(path, request, version),
  };
}

/** A version of ffmpeg: `5.1.9-0+deb12u1` is 5.1; builds from the development branch (`N-…`, a date) count as new. */
interface FfmpegVersion {
  text: string;
  major: number;
  minor: number;
}

/** Reads the first line of `ffmpeg -version`. */
export function readVersion(output: string): FfmpegVersion | undefined {
  const text = /^ffmpeg version (\S+)/.exec(output)?.[1];
  if (!text) return undefined;
  const release = /^n?(\d+)\.(\d+)/.exec(text);
  if (!release) return { text, major: 99, minor: 0 };
  return { text, major: Number(release[1]), minor: Number(release[2]) };
}

function startFfmpeg(path: string, request: VideoRequest, version: FfmpegVersion): ChildProcess {
  const child = spawn(path, ffmpegArguments(request, version), {
    stdio: [request.live ? 'pipe' : 'ignore', 'ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
    windowsHide: true,
  });
  // An address on the command line would show its password to every user of the machine.
  child.stdin?.on('error', () => {}).end(playlist(request.source));
  return child;
}

/** The arguments of one decode; a camera's address is not among them but comes on standard input. */
export function ffmpegArguments(request: VideoRequest, { major, minor }: FfmpegVersion): string[] {
  const { full, small, times } = decoderPipes;
  const passthrough = major > 5 || minor >= 1 ? ['-fps_mode', 'passthrough'] : ['-vsync', 'passthrough'];
  // The encoders get one thread each: theirs are frame-threaded and would hold a picture back per thread.
  const output = [...passthrough, '-threads', '1', '-c:v', 'ppm', '-f', 'image2pipe', '-flush_packets', '1'];
  return [
    ...['-hide_banner', '-nostats', '-loglevel', 'level+warning'],
    ...(request.live ? liveInput() : fileInput(request)),
    ...['-filter_complex', filterGraph(request)],
    ...['-map', '[full]', ...output, `pipe:${full}`],
    ...['-map', '[small]', ...output, `pipe:${small}`],
  ].map((argument) => argument.replaceAll('{times}', String(times)));
}

function liveInput(): string[] {
  const protocols = 'pipe,file,crypto,rtsp,rtsps,rtp,srtp,udp,tcp,tls,http,https,httpproxy,rtmp';
  return ['-threads', '1', '-f', 'concat', '-safe', '0', '-protocol_whitelist', protocols, '-i', 'pipe:0'];
}

function fileInput({ source, paced, loop }: VideoRequest): string[] {
  const opening = isPlaylist(source) ? Object.entries(playlistOptions) : [];
  return [
    '-nostdin',
    ...(paced ? ['-re'] : []),
    ...(loop ? ['-stream_loop', '-1'] : []),
    ...opening.flatMap(([name, value]) => [`-${name}`, value]),
    // A packet cut off at the end of a file would decode to a picture that is grey from the middle down.
    ...['-fflags', '+discardcorrupt', '-threads', '1', '-i', `file:${source}`],
  ];
}

/** A list of one entry for ffmpeg's concat reader, with the options of a connection. */
function playlist(source: string): string {
  const transport = /^rtsps?:/i.test(source) ? ['option rtsp_transport tcp'] : [];
  const quoted = source.replaceAll("'", "'\\''").replaceAll(/[\r\n]/g, '');
  return [
    'ffconcat version 1.0',
    `file '${quoted}'`,
    ...transport,
    `option timeout ${socketTimeoutMs * 1000}`,
    'option fflags +discardcorrupt',
    '',
  ].join('\n');
}

/** `select` and not `fps`: that filter waits for the next picture before it gives the last one. */
function filterGraph({ framesPerSecond, detectionWidth }: VideoRequest): string {
  const slot = (time: string) => `floor(${time}*${framesPerSecond}+0.001)`;
  const select = `select='isnan(prev_selected_t)+gt(${slot('t')}\\,${slot('prev_selected_t')})+lt(t\\,prev_selected_t)'`;
  // `metadata=print` only speaks of pictures that carry some.
  const times = `metadata=add:key=gatehouse:value=1,metadata=print:file='pipe\\:{times}':direct=1`;
  return [
    `[0:v:0]${select},${times},split[a][b]`,
    '[a]format=rgb24[full]',
    `[b]scale='min(iw\\,${detectionWidth})':-1:flags=fast_bilinear,format=rgb24[small]`,
  ].join(';');
}

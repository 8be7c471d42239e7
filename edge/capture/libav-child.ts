/**
 * The child process behind `findLibav`: takes a `VideoRequest` as its first message, writes PPM to `decoderPipes`
 * and does what the ffmpeg program does with the same request. The only file that loads node-av for reading.
 */
import { writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Decoder, Demuxer, FilterComplexAPI, type Frame, Log } from 'node-av';
import {
  AV_FRAME_DATA_DISPLAYMATRIX,
  AV_LOG_WARNING,
  AV_PKT_FLAG_CORRUPT,
  FF_THREAD_SLICE,
} from 'node-av/constants';
import { decoderPipes, isPlaylist, playlistOptions, socketTimeoutMs, type VideoRequest } from './decoder.ts';
import { redactUrls } from './redact.ts';

// The parent has gone or wants no more; what is decoded half is of no use to anyone.
process.on('disconnect', () => process.exit(0));
process.on('SIGTERM', () => process.exit(0));

process.once('message', async (request: VideoRequest) => {
  try {
    await decode(request);
    process.exit(0);
  } catch (error) {
    process.stderr.write(`[fatal] ${redactUrls(error instanceof Error ? error.message : String(error))}\n`);
    process.exit(1);
  }
});

async function decode(request: VideoRequest): Promise<void> {
  Log.setLevel(AV_LOG_WARNING);
  const startedAt = performance.now();
  let offset = 0;
  do {
    const length = await decodeOnce(request, offset, startedAt);
    if (length === 0) break;
    offset += length;
  } while (request.loop);
}

/** Returns the length of what was decoded, in seconds. */
async function decodeOnce(request: VideoRequest, offset: number, startedAt: number): Promise<number> {
  await using demuxer = await Demuxer.open(request.source, { options: inputOptions(request) });
  const stream = demuxer.video();
  if (!stream) throw new Error('there is no video in it');
  using decoder = await Decoder.create(stream, {
    exitOnError: false,
    context: { threadCount: 1, threadType: FF_THREAD_SLICE },
  });
  const chosen = new SlotChooser(request.framesPerSecond);
  let graph: FilterComplexAPI | undefined;
  let first: number | undefined;
  let end = 0;
  for await (using frame of decoder.frames(wholePackets(demuxer, stream.index))) {
    if (!frame) continue;
    const time = Number(frame.bestEffortTimestamp) * (frame.timeBase.num / frame.timeBase.den);
    first ??= time;
    end = Math.max(end, time - first + secondsPerFrame(stream.avgFrameRate));
    const seconds = offset + time - first;
    if (!chosen.take(seconds)) continue;
    if (request.paced) await sleep(Math.max(0, startedAt + seconds * 1000 - performance.now()));
    graph ??= openGraph(request, turnOf(frame));
    await writeBoth(graph, frame, seconds);
  }
  graph?.close();
  return end;
}

function inputOptions({ source, live }: VideoRequest): Record<string, string> {
  if (!live) return isPlaylist(source) ? playlistOptions : {};
  const timeout = String(socketTimeoutMs * 1000);
  return /^rtsps?:/i.test(source) ? { rtsp_transport: 'tcp', timeout } : { timeout };
}

/** A packet cut off at the end of a file would decode to a picture that is grey from the middle down. */
async function* wholePackets(demuxer: Demuxer, index: number) {
  for await (const packet of demuxer.packets(index)) {
    if (packet && packet.flags & AV_PKT_FLAG_CORRUPT) {
      process.stderr.write('[warning] packet corrupt, dropping it\n');
      packet.free();
      continue;
    }
    yield packet;
  }
}

/** The first picture of every slot of 1/rate seconds, as ffmpeg's `select` in `ffmpegArguments`. */
class SlotChooser {
  readonly #rate: number;
  #last: number | undefined;

  constructor(rate: number) {
    this.#rate = rate;
  }

  take(seconds: number): boolean {
    const slot = Math.floor(seconds * this.#rate + 0.001);
    if (this.#last !== undefined && slot === this.#last) return false;
    this.#last = slot;
    return true;
  }
}

/** The filters that turn a picture upright, from the 3×3 display matrix in 16.16 fixed point that phones write. */
function turnOf(frame: Frame): string {
  const matrix = frame.getSideData(AV_FRAME_DATA_DISPLAYMATRIX);
  if (!matrix) return '';
  const degrees = (Math.atan2(matrix.readInt32LE(4), matrix.readInt32LE(0)) * 180) / Math.PI;
  const quarter = ((Math.round(degrees / 90) % 4) + 4) % 4;
  return ['', 'transpose=clock,', 'hflip,vflip,', 'transpose=cclock,'][quarter]!;
}

function openGraph({ detectionWidth }: VideoRequest, turn: string): FilterComplexAPI {
  const small = `scale='min(iw,${detectionWidth})':-1:flags=fast_bilinear,format=rgb24`;
  return FilterComplexAPI.create(`[in]${turn}split[a][b];[a]format=rgb24[full];[b]${small}[small]`, {
    inputs: [{ label: 'in' }],
    outputs: [{ label: 'full' }, { label: 'small' }],
    graph: { nbThreads: 1 },
  });
}

async function writeBoth(graph: FilterComplexAPI, frame: Frame, seconds: number): Promise<void> {
  await graph.process('in', frame);
  writeSync(decoderPipes.times, `pts_time:${seconds.toFixed(6)}\n`);
  for (const size of ['small', 'full'] as const) {
    const out = await graph.receive(size);
    if (!out || typeof out !== 'object') throw new Error(`no ${size} picture came out of the filters`);
    writePicture(decoderPipes[size], out.width, out.height, out.toBuffer());
    out.free();
  }
}

/** Waits, and the whole process with it, until the parent has read. Ends the process when the parent closed the pipe. */
function writePicture(pipe: number, width: number, height: number, rgb: Buffer): void {
  if (rgb.length !== width * height * 3) throw new Error(`${rgb.length} bytes for ${width}×${height}`);
  writeSync(pipe, `P6\n${width} ${height}\n255\n`);
  for (let at = 0; at < rgb.length; ) at += writeSync(pipe, rgb, at);
}

function secondsPerFrame(rate: { num: number; den: number }): number {
  return rate.num > 0 ? rate.den / rate.num : 0.04;
}

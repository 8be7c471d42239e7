import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { type Decoder, decoderPipes, type VideoRequest } from './decoder.ts';
import type { Picture } from './frame.ts';
import type { PicturePool } from './picture-pool.ts';
import { PictureSets } from './picture-sets.ts';
import { PpmParser } from './ppm-parser.ts';
import { redactUrls } from './redact.ts';

/** One decoded instant: the same picture at two sizes, and when it is, in seconds of media time. */
export interface DecodedInstant {
  full: Picture;
  small: Picture;
  seconds: number;
}

/** How a decode ended. */
export interface SessionEnd {
  instants: number;
  /** The source stopped in the middle of a picture. */
  truncated: boolean;
  /** Why it failed, without addresses; undefined when it reached the end of the source. */
  failure: Error | undefined;
}

const killAfterMs = 1_000;
const truncation = /partial file|ended prematurely|packet corrupt|truncated/i;
const keptComplaints = 20;

/** One child that decodes one source once. It is gone when `run` has settled. */
export class DecodeSession {
  readonly #child: ChildProcess;
  readonly #pool: PicturePool;
  readonly #complaints: string[] = [];
  #truncated = false;
  #spawnFailure: Error | undefined;
  #killTimer: NodeJS.Timeout | undefined;

  private constructor(child: ChildProcess, pool: PicturePool) {
    this.#child = child;
    this.#pool = pool;
  }

  static open(decoder: Decoder, request: VideoRequest, pool: PicturePool): DecodeSession {
    return new DecodeSession(decoder.start(request), pool);
  }

  /** Gives every instant in order; the next one waits until `deliver` has settled. */
  async run(deliver: (instant: DecodedInstant) => Promise<void>): Promise<SessionEnd> {
    const child = this.#child;
    const closed = once(child, 'close').catch((cause) => {
      this.#spawnFailure = cause;
    });
    let instants = 0;
    const sets = new PictureSets<DecodedInstant>(['full', 'small', 'seconds'], (instant) => {
      instants += 1;
      return deliver(this.#shareSmall(instant));
    });
    const failure = await Promise.all([
      this.#readPictures(decoderPipes.full, (picture) => sets.add('full', picture)),
      this.#readPictures(decoderPipes.small, (picture) => sets.add('small', picture)),
      this.#readTimes((seconds) => sets.add('seconds', seconds)),
      this.#listen(),
    ]).then(
      () => undefined,
      (cause: Error) => cause,
    );
    if (failure) this.stop();
    await closed;
    clearTimeout(this.#killTimer);
    return { instants, truncated: this.#truncated, failure: failure ?? this.#exitFailure() };
  }

  /** Asks the child to end, so that a camera is told good-bye, and kills it when it does not. */
  stop(): void {
    const child = this.#child;
    if (child.exitCode !== null || child.signalCode !== null || this.#killTimer) return;
    child.kill('SIGTERM');
    this.#killTimer = setTimeout(() => child.kill('SIGKILL'), killAfterMs);
    // A child that waits for room in a pipe does not hear: let it write.
    for (const pipe of Object.values(decoderPipes)) this.#pipe(pipe)?.resume();
  }

  /** A picture that is small already comes on both pipes: one is enough. */
  #shareSmall(instant: DecodedInstant): DecodedInstant {
    const { full, small } = instant;
    if (full.width !== small.width || full.height !== small.height) return instant;
    this.#pool.give(small.data);
    return { ...instant, small: full };
  }

  async #readPictures(pipe: number, add: (picture: Picture) => Promise<void>): Promise<void> {
    const parser = new PpmParser(this.#pool);
    for await (const chunk of this.#pipe(pipe) ?? [])
      for (const picture of parser.push(chunk as Buffer)) await add(picture);
  }

  async #readTimes(add: (seconds: number) => Promise<void>): Promise<void> {
    for await (const line of lines(this.#pipe(decoderPipes.times))) {
      const seconds = /pts_time:(-?[\d.]+)/.exec(line)?.[1];
      if (seconds !== undefined) await add(Number(seconds));
    }
  }

  async #listen(): Promise<void> {
    for await (const line of lines(this.#child.stderr)) {
      if (truncation.test(line)) this.#truncated = true;
      this.#complaints.push(redactUrls(line.trim()));
      if (this.#complaints.length > keptComplaints) this.#complaints.shift();
    }
  }

  #exitFailure(): Error | undefined {
    if (this.#spawnFailure) return this.#spawnFailure;
    const { exitCode, signalCode } = this.#child;
    if (exitCode === 0) return undefined;
    return new Error(
      `the decoder ended with ${exitCode ?? signalCode}: ${this.#complaints.slice(-3).join(' | ')}`,
    );
  }

  #pipe(descriptor: number): Readable | undefined {
    return this.#child.stdio[descriptor] as Readable | undefined;
  }
}

async function* lines(stream: Readable | null | undefined): AsyncGenerator<string> {
  if (!stream) return;
  let rest = '';
  for await (const chunk of stream.setEncoding('utf8')) {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop()!;
    yield* parts;
  }
  if (rest) yield rest;
}

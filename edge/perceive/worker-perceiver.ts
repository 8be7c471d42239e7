import { Worker } from 'node:worker_threads';
import { EdgeError } from '../errors.ts';
import type { PerceiveOptions, Perceiver } from './perceiver.ts';
import type { Perception } from './perception.ts';
import {
  buffersOf,
  type Failure,
  type Pictures,
  type WorkerAnswer,
  type WorkerRequest,
} from './worker-messages.ts';

/**
 * Perceives in a worker thread. Calls are served one at a time, in order. An error on one frame rejects that call
 * with PERCEPTION_FAILED; when the thread itself dies, the call it died in is rejected and the next call starts it anew.
 */
export class WorkerPerceiver implements Perceiver {
  readonly #modelsFolder: string;
  readonly #drops: Record<string, number> = {};
  #worker: Worker | undefined;
  #calls: Promise<unknown> = Promise.resolve();
  #stopped = false;

  constructor({ modelsFolder }: { modelsFolder: string }) {
    this.#modelsFolder = modelsFolder;
  }

  /** What was left out of the frames so far, by reason. */
  get drops(): Readonly<Record<string, number>> {
    return this.#drops;
  }

  /** Returns once every model is loaded; throws MODEL_MISSING, MODEL_HASH_MISMATCH and the like. */
  async start(): Promise<void> {
    this.#stopped = false;
    await this.#runningWorker();
  }

  perceive(frame: Pictures, options: PerceiveOptions): Promise<Perception> {
    if (this.#stopped) return Promise.reject(new EdgeError('PERCEPTION_FAILED', 'stopped'));
    const call = this.#calls.then(() => this.#perceiveNow(frame, options));
    this.#calls = call.catch(() => {});
    return call;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#calls;
    const worker = this.#worker;
    if (!worker) return;
    const ended = new Promise((resolve) => worker.once('exit', resolve));
    worker.postMessage({ kind: 'stop' } satisfies WorkerRequest);
    await ended;
  }

  async #perceiveNow(frame: Pictures, options: PerceiveOptions): Promise<Perception> {
    const worker = await this.#runningWorker();
    const answer = nextAnswer(worker);
    const pictures: Pictures = { small: { ...frame.small }, full: { ...frame.full } };
    const request: WorkerRequest = { kind: 'perceive', pictures, options };
    worker.postMessage(request, buffersOf(pictures));
    return this.#settle(await answer, frame);
  }

  /** Puts the buffers back into the frame, then returns or throws what the worker found. */
  #settle(answer: WorkerAnswer, frame: Pictures): Perception {
    if (answer.kind !== 'perceived' && answer.kind !== 'failed')
      throw new EdgeError('PERCEPTION_FAILED', `unexpected answer ${answer.kind}`);
    frame.small.data = answer.pictures.small.data;
    frame.full.data = answer.pictures.full.data;
    if (answer.kind === 'failed') throw errorOf(answer.failure);
    for (const [reason, count] of Object.entries(answer.drops))
      this.#drops[reason] = (this.#drops[reason] ?? 0) + count;
    return answer.perception;
  }

  async #runningWorker(): Promise<Worker> {
    if (this.#worker) return this.#worker;
    const worker = new Worker(new URL('./perceive-worker.ts', import.meta.url), {
      workerData: { modelsFolder: this.#modelsFolder },
    });
    worker.once('exit', () => {
      if (this.#worker === worker) this.#worker = undefined;
    });
    const answer = await nextAnswer(worker);
    if (answer.kind === 'refused') throw errorOf(answer.failure);
    this.#worker = worker;
    return worker;
  }
}

/** The worker's next message; rejects when the thread dies before it comes. */
function nextAnswer(worker: Worker): Promise<WorkerAnswer> {
  return new Promise((resolve, reject) => {
    const settled = () => {
      worker.off('message', onMessage);
      worker.off('error', onError);
      worker.off('exit', onExit);
    };
    const onMessage = (answer: WorkerAnswer) => {
      settled();
      resolve(answer);
    };
    const onError = (cause: Error) => {
      settled();
      reject(new EdgeError('PERCEPTION_FAILED', undefined, { cause }));
    };
    const onExit = (code: number) => {
      settled();
      reject(new EdgeError('PERCEPTION_FAILED', `the thread ended with ${code}`));
    };
    worker.on('message', onMessage);
    worker.on('error', onError);
    worker.on('exit', onExit);
  });
}

function errorOf({ code, subject, cause }: Failure): EdgeError {
  return new EdgeError(code, subject, { cause });
}

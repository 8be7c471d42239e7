import { parentPort, workerData } from 'node:worker_threads';
import { EdgeError } from '../errors.ts';
import { ModelPerceiver } from './model-perceiver.ts';
import { buffersOf, type Failure, type WorkerAnswer, type WorkerRequest } from './worker-messages.ts';

// The thread that runs the models: ONNX Runtime blocks the event loop of the thread it is called from.
const port = parentPort!;
const { modelsFolder } = workerData as { modelsFolder: string };

/** Requests are served in order, so a stop comes after the frame that is being looked at. */
let queue: Promise<void> = Promise.resolve();

try {
  const perceiver = await ModelPerceiver.load(modelsFolder);
  port.on('message', (request: WorkerRequest) => {
    queue = queue.then(() => serve(perceiver, request));
  });
  answer({ kind: 'ready' });
} catch (error) {
  answer({ kind: 'refused', failure: failureOf(error) });
}

async function serve(perceiver: ModelPerceiver, request: WorkerRequest): Promise<void> {
  if (request.kind === 'stop') {
    await perceiver.release();
    port.close();
    return;
  }
  const { pictures, options } = request;
  try {
    const perception = await perceiver.perceive(pictures, options);
    answer({ kind: 'perceived', pictures, perception, drops: perceiver.takeDrops() });
  } catch (error) {
    answer({ kind: 'failed', pictures, failure: failureOf(error) });
  }
}

function answer(message: WorkerAnswer): void {
  port.postMessage(message, 'pictures' in message ? buffersOf(message.pictures) : []);
}

function failureOf(error: unknown): Failure {
  if (error instanceof EdgeError)
    return { code: error.code, subject: error.subject, cause: String(error.cause ?? '') };
  return { code: 'PERCEPTION_FAILED', subject: undefined, cause: String(error) };
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { HubError } from '../errors.ts';

/** The sample footage, from when there is something to see of it. */
export interface SampleSource {
  /** The camera that looks at it, as a box configures it. */
  camera: object;
  /** Settles when nothing is being rendered any more; rejected with SAMPLE_NOT_RENDERED when that went wrong. */
  rendered: Promise<void>;
}

/**
 * Has the box's own command render the sample footage, once; later starts find it. Returns as soon as a box may begin to
 * look, while the rest is still being rendered. `signal` ends it.
 */
export async function renderSample(root: string, folder: string, signal: AbortSignal): Promise<SampleSource> {
  const child = spawn(process.execPath, [join(root, 'edge/main.ts'), 'sample', '--out', folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const stop = () => child.kill('SIGTERM');
  signal.addEventListener('abort', stop, { once: true });
  const rendered = once(child, 'close').then(([code]) => {
    signal.removeEventListener('abort', stop);
    if (code !== 0 && !signal.aborted) throw new HubError('SAMPLE_NOT_RENDERED');
  });
  // Whoever runs the box waits for it, later: until then a failure must not count as one that nobody handles.
  rendered.catch(() => undefined);
  const told = once(createInterface({ input: child.stdout }), 'line');
  await Promise.race([told, rendered]);
  if (signal.aborted) return { camera: {}, rendered };
  const [line] = await told;
  return { camera: { ...JSON.parse(line), loop: true }, rendered };
}

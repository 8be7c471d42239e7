import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { HubError } from '../errors.ts';

/** Has the box's own command render the sample footage (seconds, once) and says where it is. */
export async function renderSample(root: string, folder: string, signal: AbortSignal): Promise<object> {
  const child = spawn(process.execPath, [join(root, 'edge/main.ts'), 'sample', '--out', folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
    signal,
  });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    printed += text;
  });
  const code = await new Promise((done) => child.once('exit', done).once('error', done));
  if (signal.aborted) return {};
  if (code !== 0) throw new HubError('SAMPLE_NOT_RENDERED');
  return { ...JSON.parse(printed), loop: true };
}

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, test } from 'vitest';
import { childrenOf, decoders, makeClip, makeFolder } from './clips.ts';

const folder = await makeFolder((clean) => afterAll(clean));
const capture = new URL('../../../edge/capture/', import.meta.url);

/** A process of its own that captures and may be killed. */
const owner = `
import { VideoCapture } from '${capture}video-capture.ts';
import { findFfmpeg } from '${capture}ffmpeg-decoder.ts';
import { findLibav } from '${capture}libav-decoder.ts';
const [source, which, pace] = process.argv.slice(2);
const options = { camera: 'c', source, framesPerSecond: 5, detectionWidth: 640, pace, loop: true };
const decoder = async () => (which === 'ffmpeg' ? findFfmpeg('ffmpeg') : findLibav());
const video = new VideoCapture(options, decoder);
await video.start();
process.send('running');
if (pace === 'realtime') while (await video.nextFrame());
`;

describe.each(decoders)('with %s', (name, decoder) => {
  test.skipIf(!decoder).each(['realtime', 'lossless'])(
    'a decoder (%s) does not outlive its owner, however that ends',
    async (pace) => {
      const clip = await makeClip(join(folder, 'clip.mp4'), 50, 640, 360);
      const script = join(folder, 'owner.ts');
      await writeFile(script, owner);
      const child = fork(script, [clip, name, pace], { execArgv: [] });
      await once(child, 'message');
      const decoding = childrenOf(child.pid!).map(({ pid }) => pid);
      expect(decoding).toHaveLength(1);
      child.kill('SIGKILL');
      await once(child, 'close');
      for (let waited = 0; decoding.some(isAlive); waited += 100) {
        expect(waited, 'the decoder lives on').toBeLessThan(8_000);
        await sleep(100);
      }
    },
  );
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

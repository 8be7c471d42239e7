import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openCapture } from '../../../edge/capture/open-capture.ts';
import type { Face } from '../../../edge/perceive/perception.ts';
import { WorkerPerceiver } from '../../../edge/perceive/worker-perceiver.ts';
import { pullsMask } from '../../../edge/sample/hand-gesture.ts';
import { gateRecipe, type PersonPassage } from '../../../edge/sample/recipe.ts';
import { renderSampleFootage } from '../../../edge/sample/render-sample.ts';
import { MaskVotes } from '../../../edge/sight/mask-vote.ts';

const perceiver = new WorkerPerceiver({ modelsFolder: join(import.meta.dirname, '../../../models') });
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-hand-'));
  await perceiver.start();
});
afterAll(async () => {
  await perceiver.stop();
  await rm(folder, { recursive: true, force: true });
});

/** The passage of the footage in which a hand is before the mouth. */
const inFootage = gateRecipe.passages.find(
  (passage): passage is PersonPassage => passage.kind === 'person' && passage.hand !== undefined,
)!;
const { framesPerSecond } = gateRecipe;
/** Seconds of the way that are not looked at: the face is still far and dark. */
const ahead = 4.6;

/** How one passage at dusk is read, frame by frame, and what the vote makes of it. */
async function watch(name: string, passage: PersonPassage) {
  const { video } = await renderSampleFootage({
    outFolder: join(folder, name),
    recipe: {
      ...gateRecipe,
      seconds: 6.6,
      duskFrom: -2,
      duskTo: -1,
      passages: [{ ...passage, at: 0, ahead }],
    },
  });
  const capture = openCapture(
    { camera: 'sample', source: video, framesPerSecond, detectionWidth: 640, pace: 'lossless', loop: false },
    { ffmpegPath: undefined },
  );
  const votes = new MaskVotes();
  const watched: { along: number; reading: string; verdict: string | undefined }[] = [];
  await capture.start();
  let index = 0;
  for (let frame = await capture.nextFrame(); frame; frame = await capture.nextFrame(), index++) {
    const { faces } = await perceiver.perceive(frame, { embed: false, wholePicture: false });
    const face = largest(faces);
    if (face) {
      votes.add(face, frame.capturedAt);
      watched.push({
        along: ahead + index / framesPerSecond,
        reading: face.mask.verdict,
        verdict: votes.verdict()?.verdict,
      });
    }
    capture.recycle(frame);
  }
  await capture.stop();
  return watched;
}

function largest(faces: readonly Face[]): Face | undefined {
  return faces.toSorted((a, b) => b.box[2] * b.box[3] - a.box[2] * a.box[3])[0];
}

describe('a hand before the mouth', () => {
  test('does not bring the mask behind it into question, although single frames are read as none', async () => {
    const watched = await watch('masked', inFootage);
    const whilePulled = watched.filter(({ along }) => pullsMask(inFootage.hand!, along));
    expect(whilePulled.length).toBeGreaterThan(0);
    expect(whilePulled.map(({ reading }) => reading)).not.toContain('worn');
    expect([...new Set(watched.map(({ verdict }) => verdict))]).toEqual(['cannot_tell', 'worn']);
  }, 120_000);

  test('is never taken for a mask', async () => {
    const { mask: _, ...bare } = inFootage;
    const watched = await watch('bare', { ...bare, hand: { from: 0, to: 20 } });
    expect(watched.length).toBeGreaterThan(20);
    expect(watched.map(({ verdict }) => verdict)).not.toContain('worn');
  }, 120_000);
});

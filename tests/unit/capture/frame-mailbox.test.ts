import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Frame } from '../../../edge/capture/frame.ts';
import { FrameMailbox } from '../../../edge/capture/frame-mailbox.ts';

test('in realtime a newer frame replaces an unread one, which is dropped', async () => {
  const dropped: number[] = [];
  const mailbox = new FrameMailbox('realtime', ({ sequence }) => dropped.push(sequence));
  for (const sequence of [0, 1, 2]) await mailbox.put(frame(sequence));
  expect((await mailbox.take())?.sequence).toBe(2);
  expect(dropped).toEqual([0, 1]);
});

test('lossless gives every frame in order and holds the decoder back while two wait', async () => {
  const mailbox = new FrameMailbox('lossless', () => expect.unreachable());
  await mailbox.put(frame(0));
  let free = false;
  const second = mailbox.put(frame(1)).then(() => {
    free = true;
  });
  await settle();
  expect(free).toBe(false);
  expect((await mailbox.take())?.sequence).toBe(0);
  await second;
  expect((await mailbox.take())?.sequence).toBe(1);
});

test('a reader that came first gets the frame when it comes', async () => {
  const mailbox = new FrameMailbox('realtime', () => expect.unreachable());
  const reading = mailbox.take();
  await mailbox.put(frame(5));
  expect((await reading)?.sequence).toBe(5);
});

test('after the end what waits is still given, then nothing, also to a reader that waits', async () => {
  const mailbox = new FrameMailbox('lossless', () => {});
  await mailbox.put(frame(0));
  mailbox.end();
  expect((await mailbox.take())?.sequence).toBe(0);
  expect(await mailbox.take()).toBeUndefined();

  const empty = new FrameMailbox('realtime', () => {});
  const reading = empty.take();
  empty.end();
  expect(await reading).toBeUndefined();
});

test('closing frees a decoder that is held back and says how many frames nobody read', async () => {
  const mailbox = new FrameMailbox('lossless', () => {});
  await mailbox.put(frame(0));
  const held = mailbox.put(frame(1));
  expect(mailbox.close()).toBe(2);
  await held;
  expect(await mailbox.take()).toBeUndefined();
});

test('every frame is either read or dropped, never both, and reading never goes back in time', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.boolean(), { maxLength: 60 }), async (steps) => {
      const dropped: number[] = [];
      const read: number[] = [];
      const mailbox = new FrameMailbox('realtime', ({ sequence }) => dropped.push(sequence));
      let put = 0;
      let waiting = 0;
      for (const step of steps) {
        if (step) {
          await mailbox.put(frame(put++));
          waiting = 1;
        } else if (waiting) {
          read.push((await mailbox.take())!.sequence);
          waiting = 0;
        }
      }
      if (waiting) read.push((await mailbox.take())!.sequence);
      expect([...read, ...dropped].sort((a, b) => a - b)).toEqual([...Array(put).keys()]);
      expect(read).toEqual([...read].sort((a, b) => a - b));
    }),
  );
});

function frame(sequence: number): Frame {
  const picture = { width: 1, height: 1, data: new Uint8Array(3) };
  return { camera: 'gate', sequence, capturedAt: sequence, small: picture, full: picture };
}

async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

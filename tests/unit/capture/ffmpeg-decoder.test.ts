import { expect, test } from 'vitest';
import type { VideoRequest } from '../../../edge/capture/decoder.ts';
import { ffmpegArguments, findFfmpeg, isLive, readVersion } from '../../../edge/capture/ffmpeg-decoder.ts';

const request: VideoRequest = {
  source: 'rtsp://admin:geheim@camera/1',
  live: true,
  framesPerSecond: 5,
  detectionWidth: 640,
  paced: false,
  loop: false,
};

test.each([
  ['ffmpeg version 5.1.9-0+deb12u1 Copyright', { major: 5, minor: 1 }],
  ['ffmpeg version n6.0 Copyright', { major: 6, minor: 0 }],
  ['ffmpeg version 4.4.2-0ubuntu0.22.04.1', { major: 4, minor: 4 }],
  ['ffmpeg version N-111000-gabcdef Copyright', { major: 99, minor: 0 }],
])('%j is read as %o', (line, version) => {
  expect(readVersion(line)).toMatchObject(version);
});

test('what does not answer like ffmpeg is no decoder', async () => {
  expect(readVersion('bash: ffmpeg: not found')).toBeUndefined();
  expect(await findFfmpeg('/nonexistent/ffmpeg')).toBeUndefined();
  expect(await findFfmpeg('true')).toBeUndefined();
});

test('the address of a camera, with its password, is not among the arguments', () => {
  expect(ffmpegArguments(request, { text: '5.1', major: 5, minor: 1 }).join(' ')).not.toMatch(
    /geheim|camera/,
  );
});

test('a file whose name looks like an option or a protocol is still a file', () => {
  const read = ffmpegArguments({ ...request, live: false, source: '-y' }, { text: '6', major: 6, minor: 0 });
  expect(read[read.indexOf('-i') + 1]).toBe('file:-y');
});

test('ffmpeg 5.0 does not know -fps_mode', () => {
  const words = (minor: number) => ffmpegArguments(request, { text: '', major: 5, minor });
  expect(words(0)).toContain('-vsync');
  expect(words(0)).not.toContain('-fps_mode');
  expect(words(1)).toContain('-fps_mode');
});

test.each([
  ['rtsp://camera/1', true],
  ['RTSPS://camera/1', true],
  ['http://camera/video.mjpg', true],
  ['/srv/gate.mp4', false],
  ['C:\\gate.mp4', false],
  ['gate.mp4', false],
])('%s is live: %s', (source, live) => {
  expect(isLive(source)).toBe(live);
});

import { expect, test } from 'vitest';
import { redactUrls } from '../../../edge/capture/redact.ts';

test.each([
  ['rtsp://admin:geheim@10.0.0.7:554/s1: 401 Unauthorized', 'rtsp://10.0.0.7:554/s1: 401 Unauthorized'],
  ["cannot open 'rtsp://admin:ge@heim@cam/1'", "cannot open 'rtsp://cam/1'"],
  ['http://cam/v.mjpg?user=a&password=geheim&channel=1', 'http://cam/v.mjpg?user=…&password=…&channel=1'],
  ['two: rtsp://a:b@c and rtsps://d:e@f', 'two: rtsp://c and rtsps://f'],
  ['moov atom not found', 'moov atom not found'],
])('%j becomes %j', (text, expected) => {
  expect(redactUrls(text)).toBe(expected);
});

import { expect, test } from 'vitest';
import { parseConfig } from '../../../edge/config.ts';
import { EdgeError } from '../../../edge/errors.ts';

const valid = {
  site: 'demo',
  box: 'east-box',
  hub: { url: 'mqtt://127.0.0.1:1883', tokenFile: 'token' },
  cameras: [{ camera: 'east-lane', gate: 'east-gate', source: 'footage.mp4' }],
};
const parse = (change: object) =>
  parseConfig(JSON.stringify({ ...valid, ...change }), '/etc/gatehouse/box.json');

function refusalOf(change: object): EdgeError {
  try {
    parse(change);
  } catch (error) {
    if (error instanceof EdgeError) return error;
    throw error;
  }
  throw new Error('was accepted');
}

test('defaults are filled and relative paths start at the file', () => {
  const config = parse({});
  expect(config.cameras[0]).toMatchObject({
    framesPerSecond: 5,
    detectionWidth: 640,
    source: '/etc/gatehouse/footage.mp4',
  });
  expect(config.hub.tokenFile).toBe('/etc/gatehouse/token');
});

test('an rtsp address stays as it is', () => {
  const camera = { ...valid.cameras[0], source: 'rtsp://user:secret@10.0.0.2/1' };
  expect(parse({ cameras: [camera] }).cameras[0].source).toBe(camera.source);
});

test('an unknown key is refused and named, with the file', () => {
  const error = refusalOf({ frameRate: 5 });
  expect(error.code).toBe('CONFIG_INVALID');
  expect(error.message).toMatch(/box\.json.*frameRate/);
});

test('a wrong field is named by its path', () => {
  const error = refusalOf({ cameras: [{ ...valid.cameras[0], framesPerSecond: 0 }] });
  expect(error.message).toContain('cameras.0.framesPerSecond');
});

test('two cameras of one name are refused', () => {
  expect(refusalOf({ cameras: [valid.cameras[0], valid.cameras[0]] }).message).toContain(
    '"east-lane" is there twice',
  );
});

test('what is not JSON is refused without repeating its text', () => {
  expect(() => parseConfig('{', 'box.json')).toThrow(/not JSON/);
});

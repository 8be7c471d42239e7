import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { analyze } from '../../../edge/analyze.ts';
import { decodePicture } from '../../../edge/capture/picture-codec.ts';

const root = join(import.meta.dirname, '../../..');
const sample = join(root, 'node_modules/@vladmandic/face-api/demo/sample6.jpg');
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-large-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A whole, valid PNG of one colour, 1 bit per pixel: a file thousands of times smaller than the picture in memory. */
function blackPng(width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.writeUInt8(1, 8);
  const lines = Buffer.alloc((1 + Math.ceil(width / 8)) * height);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(lines, { level: 1 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, content: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), content]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(typed));
  return Buffer.concat([length, typed, check]);
}

describe('decoding a picture', () => {
  test.each([
    [13_000, 11_000],
    [11_000, 13_000],
    [8_001, 6_000],
  ])('%d×%d is decoded smaller: 48 million pixels at most, in its own aspect', async (width, height) => {
    const picture = await decodePicture(blackPng(width, height));
    expect(picture.width * picture.height).toBeLessThanOrEqual(48_000_000);
    expect(picture.width * picture.height).toBeGreaterThan(47_900_000);
    expect(picture.width / picture.height).toBeCloseTo(width / height, 3);
    expect(picture.data).toHaveLength(picture.width * picture.height * 3);
  });

  test('8000×6000 is decoded as it is', async () => {
    expect(await decodePicture(blackPng(8000, 6000))).toMatchObject({ width: 8000, height: 6000 });
  });

  test('a long thin one is decoded no longer than 16 000 pixels', async () => {
    expect(await decodePicture(blackPng(64_000, 8))).toMatchObject({ width: 16_000, height: 2 });
    expect(await decodePicture(blackPng(1, 64_000))).toMatchObject({ width: 1, height: 16_000 });
  });

  test.each([
    ['30 000×30 000 pixels', 30_000, 30_000],
    ['a million pixels wide', 1_000_000, 40],
    ['a million pixels high', 40, 1_000_000],
  ])('%s in a small file: refused with its code', async (_, width, height) => {
    const bomb = blackPng(width, height);
    expect(bomb.length).toBeLessThan(1_000_000);
    await expect(decodePicture(bomb)).rejects.toMatchObject({ code: 'PICTURE_UNREADABLE' });
  });

  test('an AVIF, which is decoded in one piece, is refused from 48 million pixels on', async () => {
    const avif = await sharp({ create: { width: 64, height: 64, channels: 3, background: '#345' } })
      .avif()
      .toBuffer();
    const size = avif.indexOf('ispe', 0, 'latin1') + 8;
    avif.writeUInt32BE(8000, size);
    avif.writeUInt32BE(7000, size + 4);
    await expect(decodePicture(avif)).rejects.toMatchObject({
      code: 'PICTURE_UNREADABLE',
      cause: { message: '8000×7000 pixels are too many' },
    });
  });
});

describe('analyze', () => {
  async function run(names: string[]) {
    const lines: string[] = [];
    const code = await analyze({
      paths: names.map((name) => join(folder, name)),
      json: true,
      home: '苏',
      modelsFolder: join(root, 'models'),
      write: (text) => lines.push(text),
    });
    return { code, lines: lines.map((line) => JSON.parse(line)) };
  }

  test('finds the faces in 8000×6000 pixels', async () => {
    const large = sharp(sample).resize(8000, 6000, { fit: 'cover' });
    await large.jpeg().toFile(join(folder, 'large.jpg'));
    const { code, lines } = await run(['large.jpg']);
    expect(code).toBe(0);
    expect(lines).toMatchObject([{ width: 8000, height: 6000, plates: [] }]);
    expect(lines[0].faces).toHaveLength(4);
  }, 300_000);

  test('goes on after a picture that is far too large, and through the smallest ones', async () => {
    const sizes = [
      [30_000, 30_000],
      [1, 1],
      [2, 3000],
      [3000, 2],
      [640, 480],
    ] as const;
    for (const [width, height] of sizes)
      await writeFile(join(folder, `${width}x${height}.png`), blackPng(width, height));
    const { code, lines } = await run(sizes.map(([width, height]) => `${width}x${height}.png`));
    expect(code).toBe(1);
    const nothing = { persons: [], vehicles: [], faces: [], plates: [] };
    expect(lines).toMatchObject([
      { error: { code: 'PICTURE_UNREADABLE', message: expect.stringContaining('30000x30000.png') } },
      ...sizes.slice(1).map(([width, height]) => ({ width, height, ...nothing })),
    ]);
  }, 120_000);
});

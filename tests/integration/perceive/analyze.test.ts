import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { analyze } from '../../../edge/analyze.ts';

const root = join(import.meta.dirname, '../../..');
const sample = join(root, 'node_modules/@vladmandic/face-api/demo/sample6.jpg');
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-analyze-'));
  await mkdir(join(folder, 'inner'));
  const jpeg = await sharp(sample).resize(800).jpeg().toBuffer();
  await writeFile(join(folder, 'inner/women.jpg'), jpeg);
  await writeFile(join(folder, 'half.jpg'), jpeg.subarray(0, 2000));
  await writeFile(join(folder, 'notes.txt'), 'not a picture');
});
afterAll(() => rm(folder, { recursive: true }));

async function run(paths: string[], json = true) {
  const written: string[] = [];
  const code = await analyze({
    paths,
    json,
    home: '苏',
    modelsFolder: join(root, 'models'),
    write: (text) => written.push(text),
  });
  return { code, written };
}

describe('analyze', () => {
  test('walks folders, has one line per picture, and goes on after one it cannot read', async () => {
    const { code, written } = await run([folder, join(folder, 'gone.jpg')]);
    expect(code).toBe(1);
    expect(written.every((line) => line.endsWith('\n'))).toBe(true);
    const [half, women, gone, ...more] = written.map((line) => JSON.parse(line));
    expect(more).toEqual([]);
    expect(half).toMatchObject({ file: join(folder, 'half.jpg'), error: { code: 'PICTURE_UNREADABLE' } });
    expect(gone).toMatchObject({ error: { code: 'SOURCE_MISSING' } });
    expect(women).toMatchObject({
      file: join(folder, 'inner/women.jpg'),
      width: 800,
      vehicles: [],
      plates: [],
    });
    expect(women.persons).toHaveLength(4);
    expect(women.faces).toHaveLength(4);
    expect(Object.keys(women)).toEqual('file,width,height,ms,persons,vehicles,faces,plates'.split(','));
    expect(Object.keys(women.faces[0])).toEqual('box,score,landmarks,mask,quality'.split(','));
  }, 120_000);

  test('without --json it prints a table, and 0 is the code when all could be read', async () => {
    const { code, written } = await run([join(folder, 'inner')], false);
    expect(code).toBe(0);
    expect(written.join('')).toMatch(/women\.jpg {2}800×\d+ {2}\d+ ms\n/);
    expect(written.join('').match(/^ {2}face /gm)).toHaveLength(4);
  }, 120_000);

  test('a home that is no province is refused before anything is loaded', async () => {
    const wrong = analyze({
      paths: [sample],
      json: true,
      home: 'Jiangsu',
      modelsFolder: '/nowhere',
      write: () => {},
    });
    await expect(wrong).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PicturePool } from '../../../edge/capture/picture-pool.ts';
import { PpmParser } from '../../../edge/capture/ppm-parser.ts';

const picture = fc
  .record({ width: fc.integer({ min: 1, max: 9 }), height: fc.integer({ min: 1, max: 9 }) })
  .chain(({ width, height }) =>
    fc
      .uint8Array({ minLength: width * height * 3, maxLength: width * height * 3 })
      .map((data) => ({ width, height, data })),
  );

test('pictures come out whole and in order, however the stream is cut into chunks', () => {
  fc.assert(
    fc.property(fc.array(picture, { maxLength: 4 }), fc.array(fc.nat(300)), (pictures, cuts) => {
      const parser = new PpmParser(new PicturePool());
      const stream = Buffer.concat(pictures.map(asPpm));
      const at = [0, ...cuts.map((cut) => Math.min(cut, stream.length)).sort((a, b) => a - b), stream.length];
      const out = at.slice(1).flatMap((end, i) => parser.push(stream.subarray(at[i], end)));
      expect(out.map(({ width, height, data }) => ({ width, height, data: [...data] }))).toEqual(
        pictures.map(({ width, height, data }) => ({ width, height, data: [...data] })),
      );
      expect(parser.unfinished).toBe(false);
    }),
  );
});

test('a stream that ends in the middle of a picture gives the whole ones and is unfinished', () => {
  const parser = new PpmParser(new PicturePool());
  const whole = asPpm({ width: 2, height: 2, data: new Uint8Array(12).fill(7) });
  expect(parser.push(Buffer.concat([whole, whole.subarray(0, -1)]))).toHaveLength(1);
  expect(parser.unfinished).toBe(true);
});

test('each picture fills a buffer of its own that can be transferred', () => {
  const parser = new PpmParser(new PicturePool());
  const [one] = parser.push(asPpm({ width: 3, height: 1, data: new Uint8Array(9).fill(1) }));
  expect(one!.data.buffer.byteLength).toBe(9);
});

test.each(['P5\n2 2\n255\n....', 'x'.repeat(40), 'P6\n99999 2\n255\n', 'P6\n0 2\n255\n'])(
  'what is not a PPM stream is refused: %j',
  (text) => {
    const parser = new PpmParser(new PicturePool());
    expect(() => parser.push(Buffer.from(text.padEnd(64)))).toThrow();
  },
);

function asPpm({ width, height, data }: { width: number; height: number; data: Uint8Array }): Buffer {
  return Buffer.concat([Buffer.from(`P6\n${width} ${height}\n255\n`), data]);
}

import * as ort from 'onnxruntime-node';
import { expect, test } from 'vitest';
import { readDlibNetwork } from '../../../models/convert/dlib-dat-reader.ts';
import { convertDlib } from '../../../models/convert/dlib-to-onnx.ts';

const side = 4;
const mean: [number, number, number] = [122.782, -3, 300];
const ends = { input: 'input', output: 'embedding', mean };

/** Sign and length, then as many bytes, low ones first. */
function integer(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = Math.abs(value); rest > 0; rest = Math.floor(rest / 256)) bytes.push(rest % 256);
  if (bytes.length === 0) bytes.push(0);
  return [bytes.length | (value < 0 ? 0x80 : 0), ...bytes];
}

const integers = (...values: number[]) => values.flatMap(integer);
const text = (value: string) => [...integer(value.length), ...Buffer.from(value)];

/** A whole number and the power of 2 it is multiplied with. */
function float(value: number): number[] {
  let mantissa = Math.fround(value);
  let exponent = 0;
  for (; !Number.isInteger(mantissa); exponent--) mantissa *= 2;
  return integers(mantissa, exponent);
}

function tensor(shape: [number, number, number, number], values: number[]): number[] {
  return [...integers(2, ...shape), ...new Uint8Array(Float32Array.from(values).buffer)];
}

const empty = tensor([0, 0, 0, 0], []);
const rates = [1, 1, 1, 0].flatMap(float);
/** What dlib writes after every layer: three claims as characters and three tensors of its training. */
const layer = (...details: number[][]) => [
  ...details.flat(),
  ...Buffer.from('110'),
  ...empty,
  ...empty,
  ...empty,
];

function convolution(
  shape: [number, number, number, number],
  stride: number,
  kernel: number[],
  bias: number[],
): number[] {
  const [filters, , height, width] = shape;
  return layer(
    text('con_4'),
    tensor([kernel.length + bias.length, 1, 1, 1], [...kernel, ...bias]),
    integers(filters, height, width, stride, stride, 0, 0),
    integers(1, ...shape),
    integers(1, 1, filters, 1, 1),
    rates,
  );
}

function affine(gamma: number[], beta: number[]): number[] {
  const alias = integers(1, 1, gamma.length, 1, 1);
  const parameters = tensor([1, 2 * gamma.length, 1, 1], [...gamma, ...beta]);
  return layer(text('affine_'), parameters, alias, alias, integers(0));
}

const averagePool = (size: number, stride: number) =>
  layer(text('avg_pool_2'), integers(size, size, stride, stride, 0, 0));

const dense = layer(
  text('fc_2'),
  integers(2, 2),
  tensor([2, 2, 1, 1], [1, 2, 3, -1]),
  integers(1, 2, 2, 1, 1),
  integers(1, 0, 0, 0, 0),
  integers(1),
  rates,
);

/** A residual block of two branches, as those of dlib's network that halve the picture, on 4×4 pixels. */
const network = Buffer.from([
  ...[...integers(1), ...text('loss_metric_2'), ...float(0.04), ...float(0.6)],
  // Versions, outermost first: 1 a tag or skip, 2 a layer, 3 the layer on the input.
  ...integers(2, 2, 2, 2, 2, 1, 1, 2, 2, 1, 2, 2, 3),
  ...[...text('input_rgb_image_sized'), ...mean.flatMap(float), ...integers(side, side)],
  ...convolution([1, 3, 1, 1], 1, [1, 2, 3], [0.5]),
  ...integers(1),
  ...affine([2], [1]),
  ...layer(text('relu_')),
  // tag 1
  ...convolution([2, 1, 3, 3], 2, [0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1], [0, 4]),
  ...affine([1, 0.5], [0, -1]),
  // tag 2, back to tag 1
  ...averagePool(2, 2),
  ...layer(text('add_prev_')),
  ...layer(text('relu_')),
  ...averagePool(0, 1),
  ...dense,
]);

test('the layers of a file come from input to output, with tags and skips between them', () => {
  const layers = readDlibNetwork(network);
  expect(layers.map(({ type }) => type).join(' ')).toBe(
    'input convolution affine relu mark convolution affine mark mark averagePool add relu averagePool dense',
  );
  expect(layers[0]).toEqual({ type: 'input', side, mean: mean.map(Math.fround) });
  expect(layers[1]).toEqual({
    type: 'convolution',
    kernel: Float32Array.of(1, 2, 3),
    bias: Float32Array.of(0.5),
    shape: [1, 3, 1, 1],
    strides: [1, 1],
    padding: [0, 0],
  });
  expect(layers[6]).toEqual({ type: 'affine', gamma: Float32Array.of(1, 0.5), beta: Float32Array.of(0, -1) });
  expect(layers[9]).toEqual({ type: 'averagePool', window: [2, 2], strides: [2, 2] });
  expect(layers[12]).toEqual({ type: 'averagePool', window: undefined, strides: [1, 1] });
  expect(layers[13]).toEqual({ type: 'dense', weights: Float32Array.of(1, 2, 3, -1), inputs: 2, outputs: 2 });
});

test('a network that ends before its file or after it is refused', () => {
  expect(() => readDlibNetwork(network.subarray(0, -1))).toThrow('ends too early');
  expect(() => readDlibNetwork(Buffer.concat([network, Buffer.of(0)]))).toThrow('1 bytes follow');
});

test('a layer that is not known is refused by name', () => {
  const renamed = Buffer.from(network.toString('latin1').replace('relu_', 'tanh_'), 'latin1');
  expect(() => readDlibNetwork(renamed)).toThrow('dlib layer tanh_ is not supported');
});

test('a mean other than the file’s is refused', () => {
  expect(() => convertDlib(network, 'small', { ...ends, mean: [122.782, -3, 301] })).toThrow(
    'subtracts 122.78',
  );
});

test('a converted network adds its branches, the smaller counting as zero where the larger goes on', async () => {
  const pixels = Float32Array.from({ length: side * side * 3 }, (_, i) => ((i * 5) % 11) - 4);
  const session = await ort.InferenceSession.create(convertDlib(network, 'small', ends));
  const fed = new ort.Tensor('float32', pixels, [1, side, side, 3]);
  const { embedding } = await session.run({ input: fed });
  await session.release();

  const first = Array.from({ length: side * side }, (_, i) => {
    const [red, green, blue] = pixels.subarray(3 * i, 3 * i + 3);
    return Math.max(0, 2 * (red! + 2 * green! + 3 * blue! + 0.5) + 1);
  });
  const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
  const window = first.filter((_, i) => i % side < 3 && i < 3 * side);
  // One pixel and two channels join four pixels (each the mean of four) and one channel; then the mean of four pixels.
  const channels = [(first[side + 1]! + sum(first) / 4) / 4, (0.5 * (sum(window) + 4) - 1) / 4] as const;
  expect(embedding!.dims).toEqual([1, 2]);
  expect(embedding!.data[0]).toBeCloseTo(channels[0] + 3 * channels[1], 4);
  expect(embedding!.data[1]).toBeCloseTo(2 * channels[0] - channels[1], 4);
});

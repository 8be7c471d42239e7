import { toHalf } from './half-floats.ts';
import type { OnnxGraph } from './onnx-writer.ts';

/** Constant values as the source model stores them, with a shape in the source's axis order. */
export interface Weights {
  values: Float32Array;
  shape: readonly number[];
  /** Stored as 16-bit floats: the source held such, or rounding to them was measured not to matter. */
  half: boolean;
}

/**
 * A tensor of the graph. TensorFlow thinks in NHWC and ONNX in NCHW, so a tensor remembers which of its own
 * (TensorFlow) axes lies at each stored axis: transposing costs nothing until someone needs the data in order.
 */
export interface Tensor {
  name: string;
  /** `order[i]` is the tensor's own axis that is stored as axis `i`. */
  order: readonly number[];
  /** Zero padding asked for but not yet done, `[before, after]` per own axis; a convolution takes it over. */
  padding?: readonly (readonly [number, number])[];
}

/** Zero padding of a convolution or pooling. */
export type Padding = 'SAME' | 'VALID';

export interface Window {
  size: readonly [number, number];
  strides: readonly [number, number];
  dilations: readonly [number, number];
  padding: Padding;
}

const channelsFirst = [0, 3, 1, 2];

/** Emits TensorFlow layers as ONNX nodes. */
export class Layers {
  readonly graph: OnnxGraph;

  constructor(graph: OnnxGraph) {
    this.graph = graph;
  }

  /** The tensor as ONNX sees it when stored by `order`. */
  stored(tensor: Tensor, order: readonly number[]): string {
    const plain = this.#padded(tensor);
    const permutation = order.map((axis) => plain.order.indexOf(axis));
    if (isSorted(permutation)) return plain.name;
    return this.graph.node('Transpose', [plain.name], { perm: permutation });
  }

  /** The tensor with its own axes in order. */
  inOrder(tensor: Tensor): string {
    return this.stored(tensor, ascending(tensor.order.length));
  }

  constant(weights: Weights): string {
    if (!weights.half) return this.graph.floats(weights.values, weights.shape);
    return this.graph.halves(Uint16Array.from(weights.values, toHalf), weights.shape);
  }

  /** Kernel axes: height, width, input, output. */
  convolve(input: Tensor, kernel: Weights, bias: Weights | undefined, window: Window): Tensor {
    return this.#convolution(input, permute(kernel, [3, 2, 0, 1]), bias, window, 1);
  }

  /** Kernel axes: height, width, channel, 1. */
  convolveDepthwise(input: Tensor, kernel: Weights, bias: Weights | undefined, window: Window): Tensor {
    return this.#convolution(input, permute(kernel, [2, 3, 0, 1]), bias, window, kernel.shape[2]!);
  }

  #convolution(
    input: Tensor,
    kernel: Weights,
    bias: Weights | undefined,
    window: Window,
    group: number,
  ): Tensor {
    const { padding, ...unpadded } = input;
    const takesPadding = padding !== undefined && window.padding === 'VALID' && spatialOnly(padding);
    const source = this.stored(takesPadding ? unpadded : input, channelsFirst);
    const inputs = [source, this.constant(kernel), ...(bias ? [this.constant(bias)] : [])];
    const name = this.graph.node('Conv', inputs, {
      kernel_shape: window.size,
      strides: window.strides,
      dilations: window.dilations,
      group,
      ...(takesPadding
        ? { pads: [padding[1]![0], padding[2]![0], padding[1]![1], padding[2]![1]] }
        : { auto_pad: window.padding === 'SAME' ? 'SAME_UPPER' : 'VALID' }),
    });
    return { name, order: channelsFirst };
  }

  pool(type: 'MaxPool' | 'AveragePool', input: Tensor, window: Window): Tensor {
    const name = this.graph.node(type, [this.stored(input, channelsFirst)], {
      kernel_shape: window.size,
      strides: window.strides,
      auto_pad: window.padding === 'SAME' ? 'SAME_UPPER' : 'VALID',
    });
    return { name, order: channelsFirst };
  }

  /** A function of each value by itself. */
  map(
    type: 'Relu' | 'Sigmoid' | 'LeakyRelu' | 'Abs' | 'Sqrt',
    input: Tensor,
    attributes: Record<string, { float: number }> = {},
  ): Tensor {
    return this.#like(input, (name) => this.graph.node(type, [name], attributes));
  }

  clip(input: Tensor, low: number, high: number): Tensor {
    const limit = (value: number) => this.graph.floats(Float32Array.of(value), []);
    return this.#like(input, (name) => this.graph.node('Clip', [name, limit(low), limit(high)]));
  }

  /** `left` type `right`, stretched to each other's shape as TensorFlow does. */
  combine(type: 'Add' | 'Sub' | 'Mul' | 'Div' | 'Max', left: Tensor, right: Tensor | Weights): Tensor {
    return this.#like(left, (name) =>
      this.graph.node(type, [
        name,
        'name' in right
          ? this.stored(right, left.order)
          : this.constant(permute(toRank(right, left.order.length), left.order)),
      ]),
    );
  }

  /**
   * max(x, 0) + slope · min(x, 0), a slope per channel [He 2015], as (1 − slope) · relu(x) + slope · x: ONNX Runtime keeps
   * convolutions in blocks of channels and leaves them for its own PRelu, which costs more than these three.
   */
  prelu(input: Tensor, slopes: Weights): Tensor {
    const channels = slopes.values.length;
    if (slopes.shape.at(-1) !== channels) throw new Error('a slope per pixel is not supported');
    const source = this.stored(input, channelsFirst);
    const scaled = (name: string, factors: Float32Array) =>
      this.graph.node('Conv', [name, this.graph.floats(factors, [channels, 1, 1, 1])], {
        kernel_shape: [1, 1],
        group: channels,
      });
    const above = scaled(
      this.graph.node('Relu', [source]),
      slopes.values.map((slope) => 1 - slope),
    );
    const all = scaled(source, slopes.values);
    return { name: this.graph.node('Add', [all, above]), order: channelsFirst };
  }

  /** Zero padding waits for a convolution; any other value is padded at once. */
  pad(input: Tensor, padding: readonly (readonly [number, number])[], value = 0): Tensor {
    if (value === 0 && !input.padding) return { ...input, padding };
    return this.#padNow(this.#padded(input), padding, value);
  }

  /** Free of charge: only the memory of the axes changes. */
  transpose(input: Tensor, permutation: readonly number[]): Tensor {
    return {
      name: input.name,
      order: input.order.map((axis) => permutation.indexOf(axis)),
      ...(input.padding && { padding: permutation.map((axis) => input.padding![axis]!) }),
    };
  }

  reshape(input: Tensor, shape: readonly number[]): Tensor {
    const name = this.graph.node('Reshape', [this.inOrder(input), this.graph.integers(shape)]);
    return { name, order: ascending(shape.length) };
  }

  concatenate(inputs: readonly Tensor[], axis: number): Tensor {
    const { order } = this.#padded(inputs[0]!);
    const names = inputs.map((input) => this.stored(input, order));
    const own = axis < 0 ? axis + order.length : axis;
    return { name: this.graph.node('Concat', names, { axis: order.indexOf(own) }), order };
  }

  split(input: Tensor, axis: number, sizes: readonly number[]): Tensor[] {
    const { name, order } = this.#padded(input);
    const own = axis < 0 ? axis + order.length : axis;
    const parts = this.graph.nodes('Split', [name, this.graph.integers(sizes)], sizes.length, {
      axis: order.indexOf(own),
    });
    return parts.map((part) => ({ name: part, order }));
  }

  /** Bilinear, to a size `[height, width]` or by a factor, which leaves the size of the input free. */
  resize(
    input: Tensor,
    to: { size: readonly [number, number] } | { factor: number },
    mode: 'half_pixel' | 'align_corners' | 'asymmetric',
  ): Tensor {
    const source = this.stored(input, channelsFirst);
    const target =
      'factor' in to
        ? ['', this.graph.floats(Float32Array.of(to.factor, to.factor), [2])]
        : ['', '', this.graph.integers(to.size)];
    const name = this.graph.node('Resize', [source, ...target], {
      mode: 'linear',
      coordinate_transformation_mode: mode,
      axes: [2, 3],
    });
    return { name, order: channelsFirst };
  }

  depthToSpace(input: Tensor, blocksize: number): Tensor {
    const source = this.stored(input, channelsFirst);
    const name = this.graph.node('DepthToSpace', [source], { blocksize, mode: 'DCR' });
    return { name, order: channelsFirst };
  }

  #like(input: Tensor, make: (name: string) => string): Tensor {
    const { name, order } = this.#padded(input);
    return { name: make(name), order };
  }

  #padded(tensor: Tensor): Tensor {
    const { padding, ...plain } = tensor;
    return padding ? this.#padNow(plain, padding, 0) : tensor;
  }

  #padNow(tensor: Tensor, padding: readonly (readonly [number, number])[], value: number): Tensor {
    const amounts = [0, 1].flatMap((side) => tensor.order.map((axis) => padding[axis]![side]!));
    const name = this.graph.node(
      'Pad',
      [tensor.name, this.graph.integers(amounts), this.graph.floats(Float32Array.of(value), [])],
      { mode: 'constant' },
    );
    return { name, order: tensor.order };
  }
}

/** Reorders the axes of a constant: axis `i` of the result is axis `permutation[i]`. */
export function permute(weights: Weights, permutation: readonly number[]): Weights {
  if (isSorted(permutation)) return weights;
  const strides = weights.shape.map((_, axis) => weights.shape.slice(axis + 1).reduce((a, b) => a * b, 1));
  const shape = permutation.map((axis) => weights.shape[axis]!);
  const steps = permutation.map((axis) => strides[axis]!);
  const values = new Float32Array(weights.values.length);
  const index = shape.map(() => 0);
  for (let at = 0; at < values.length; at++) {
    values[at] = weights.values[index.reduce((sum, position, i) => sum + position * steps[i]!, 0)]!;
    for (let i = shape.length - 1; i >= 0; i--) {
      index[i]!++;
      if (index[i]! < shape[i]!) break;
      index[i] = 0;
    }
  }
  return { ...weights, values, shape };
}

/** Puts axes of size 1 in front, as broadcasting does. */
function toRank(weights: Weights, rank: number): Weights {
  const missing = rank - weights.shape.length;
  return { ...weights, shape: [...Array<number>(missing).fill(1), ...weights.shape] };
}

/** Whether neither batch nor channels (axes of NHWC) are padded. */
function spatialOnly([batch, , , channels]: NonNullable<Tensor['padding']>): boolean {
  return [...(batch ?? []), ...(channels ?? [])].every((amount) => amount === 0);
}

function ascending(length: number): number[] {
  return Array.from({ length }, (_, i) => i);
}

function isSorted(permutation: readonly number[]): boolean {
  return permutation.every((axis, i) => axis === i);
}

import {
  type DlibAffine,
  type DlibConvolution,
  type DlibDense,
  type DlibInput,
  type DlibLayer,
  type DlibMark,
  readDlibNetwork,
} from './dlib-dat-reader.ts';
import { Layers, permute, type Tensor, type Window } from './layers.ts';
import { OnnxGraph } from './onnx-writer.ts';

/** Names for the graph's input and output, and what is subtracted from its pixels before they are fed. */
export interface DlibEnds {
  input: string;
  output: string;
  /** Red, green, blue; those of the file, so that the manifest cannot say another thing. */
  mean: [number, number, number];
}

/**
 * Converts a serialised dlib network to ONNX, its batch fixed at 1 and its weights rounded to 16-bit floats. The graph
 * takes NHWC pixels that were scaled already. Throws on an unknown layer.
 */
export function convertDlib(file: Uint8Array, name: string, ends: DlibEnds): Uint8Array {
  const conversion = new Conversion(name, ends);
  for (const layer of withoutAffine(readDlibNetwork(file))) conversion.add(layer);
  return conversion.encode();
}

/** What is left once affine layers are part of the convolutions before them. */
type Layer = Exclude<DlibLayer, DlibAffine>;

/** Height, width, channels. */
type Shape = readonly [number, number, number];

interface Value {
  tensor: Tensor;
  shape: Shape;
}

class Conversion {
  readonly #layers: Layers;
  readonly #ends: DlibEnds;
  #current: Value | undefined;
  /** Tensors that an addition will ask for, the latest last. */
  readonly #marked: Value[] = [];
  #followsMark = false;

  constructor(name: string, ends: DlibEnds) {
    this.#layers = new Layers(new OnnxGraph(name));
    this.#ends = ends;
  }

  add(layer: Layer): void {
    if (layer.type === 'mark') this.#mark();
    else this.#current = this.#applied(layer);
    this.#followsMark = layer.type === 'mark';
  }

  encode(): Uint8Array {
    const { tensor, shape } = this.#value();
    const [height, width, channels] = shape;
    if (height !== 1 || width !== 1) throw new Error(`dlib output ${height}×${width} is not a vector`);
    const { graph } = this.#layers;
    const vector = this.#layers.reshape(tensor, [1, channels]);
    graph.output(this.#ends.output, vector.name, [1, channels]);
    return graph.encode();
  }

  /** A tag keeps the current tensor. A skip, always right after a tag, goes back to the one kept before that. */
  #mark(): void {
    if (!this.#followsMark) return void this.#marked.push(this.#value());
    if (this.#marked.length < 2) throw new Error('a dlib skip goes back to nothing');
    this.#current = this.#marked.splice(-2, 1)[0];
  }

  #applied(layer: Exclude<Layer, DlibMark>): Value {
    switch (layer.type) {
      case 'input':
        return this.#input(layer);
      case 'convolution':
        return this.#convolve(this.#value(), layer);
      case 'relu': {
        const { tensor, shape } = this.#value();
        return { tensor: this.#layers.map('Relu', tensor), shape };
      }
      case 'add': {
        const kept = this.#marked.pop();
        if (!kept) throw new Error('a dlib addition has nothing to add');
        return this.#sum(this.#value(), kept);
      }
      case 'dense':
        return this.#convolve(this.#value(), asConvolution(layer));
      case 'maxPool':
      case 'averagePool': {
        const { tensor, shape } = this.#value();
        const [height, width, channels] = shape;
        const window = windowOf(layer.window ?? [height, width], layer.strides);
        const type = layer.type === 'maxPool' ? 'MaxPool' : 'AveragePool';
        return { tensor: this.#layers.pool(type, tensor, window), shape: sizeAfter(shape, window, channels) };
      }
    }
  }

  #input({ side, mean }: DlibInput): Value {
    if (mean.some((value, i) => Math.fround(value) !== Math.fround(this.#ends.mean[i]!)))
      throw new Error(`the dlib file subtracts ${mean.join(', ')}`);
    const name = this.#layers.graph.input(this.#ends.input, [1, side, side, 3]);
    return { tensor: { name, order: [0, 1, 2, 3] }, shape: [side, side, 3] };
  }

  #convolve({ tensor, shape }: Value, { kernel, bias, strides, padding, ...layer }: DlibConvolution): Value {
    const [filters, channels, height, width] = layer.shape;
    if (channels !== shape[2]) throw new Error(`a dlib layer of ${channels} inputs follows ${shape[2]}`);
    const [above, left] = padding;
    const padded = above || left ? this.#padded(tensor, [above, above], [left, left], [0, 0]) : tensor;
    const window = windowOf([height, width], strides);
    const weights = permute({ values: kernel, shape: layer.shape, half: true }, [2, 3, 1, 0]);
    const convolved = this.#layers.convolve(
      padded,
      weights,
      { values: bias, shape: [filters], half: false },
      window,
    );
    const paddedShape: Shape = [shape[0] + 2 * above, shape[1] + 2 * left, channels];
    return { tensor: convolved, shape: sizeAfter(paddedShape, window, filters) };
  }

  /** Both stretched by zeros, below, to the right and in further channels, to the larger of each size. */
  #sum(left: Value, right: Value): Value {
    const shape: Shape = [
      Math.max(left.shape[0], right.shape[0]),
      Math.max(left.shape[1], right.shape[1]),
      Math.max(left.shape[2], right.shape[2]),
    ];
    const tensor = this.#layers.combine('Add', this.#stretched(left, shape), this.#stretched(right, shape));
    return { tensor, shape };
  }

  #stretched({ tensor, shape }: Value, to: Shape): Tensor {
    const [height, width, channels] = [to[0] - shape[0], to[1] - shape[1], to[2] - shape[2]];
    return height || width || channels
      ? this.#padded(tensor, [0, height], [0, width], [0, channels])
      : tensor;
  }

  #padded(
    tensor: Tensor,
    height: [number, number],
    width: [number, number],
    channels: [number, number],
  ): Tensor {
    return this.#layers.pad(tensor, [[0, 0], height, width, channels]);
  }

  #value(): Value {
    if (!this.#current) throw new Error('the dlib network does not begin with its input');
    return this.#current;
  }
}

/** A convolution and the affine layer after it are one convolution: γ·(w·x + b) + β. */
function withoutAffine(layers: readonly DlibLayer[]): Layer[] {
  return layers.flatMap((layer, i) => {
    const next = layers[i + 1];
    if (layer.type === 'convolution' && next?.type === 'affine') return [scaled(layer, next)];
    if (layer.type !== 'affine') return [layer];
    if (layers[i - 1]?.type !== 'convolution') throw new Error('a dlib affine layer follows no convolution');
    return [];
  });
}

function scaled(layer: DlibConvolution, { gamma, beta }: DlibAffine): DlibConvolution {
  const size = layer.kernel.length / gamma.length;
  return {
    ...layer,
    kernel: layer.kernel.map((weight, i) => weight * gamma[Math.floor(i / size)]!),
    bias: layer.bias.map((value, i) => value * gamma[i]! + beta[i]!),
  };
}

/** On one pixel a fully connected layer is a convolution of that size. */
function asConvolution({ weights, inputs, outputs }: DlibDense): DlibConvolution {
  return {
    type: 'convolution',
    kernel: permute({ values: weights, shape: [inputs, outputs], half: true }, [1, 0]).values,
    bias: new Float32Array(outputs),
    shape: [outputs, inputs, 1, 1],
    strides: [1, 1],
    padding: [0, 0],
  };
}

function windowOf(size: readonly [number, number], strides: readonly [number, number]): Window {
  return { size, strides, dilations: [1, 1], padding: 'VALID' };
}

function sizeAfter([height, width]: Shape, { size, strides }: Window, channels: number): Shape {
  return [
    Math.floor((height - size[0]) / strides[0]) + 1,
    Math.floor((width - size[1]) / strides[1]) + 1,
    channels,
  ];
}

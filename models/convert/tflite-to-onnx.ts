import { fromHalf } from './half-floats.ts';
import { Layers, permute, type Tensor, type Weights, type Window } from './layers.ts';
import { OnnxGraph } from './onnx-writer.ts';
import { type LiteOperation, type LiteTable, type LiteTensor, readTflite } from './tflite-reader.ts';

/** Names for the graph's inputs and outputs, in the order of the file. */
export interface LiteNames {
  inputs: string[];
  outputs: string[];
}

/** Converts a TensorFlow Lite file of float layers to ONNX; the batch is fixed at 1. Throws on an unknown layer. */
export function convertTflite(file: Uint8Array, name: string, names: LiteNames): Uint8Array {
  const lite = readTflite(file);
  const conversion = new Conversion(name, lite.tensors);
  lite.inputs.forEach((index, i) => {
    conversion.input(index, names.inputs[i]!);
  });
  for (let at = 0; at < lite.operations.length; ) at += conversion.addFrom(lite.operations, at);
  lite.outputs.forEach((index, i) => {
    conversion.output(index, names.outputs[i]!);
  });
  return conversion.layers.graph.encode();
}

class Conversion {
  readonly layers: Layers;
  readonly #lite: LiteTensor[];
  readonly #tensors = new Map<number, Tensor>();
  readonly #weights = new Map<number, Weights>();

  constructor(name: string, tensors: LiteTensor[]) {
    this.layers = new Layers(new OnnxGraph(name));
    this.#lite = tensors;
  }

  input(index: number, name: string): void {
    const shape = this.#shape(index);
    this.layers.graph.input(name, shape);
    this.#tensors.set(index, { name, order: shape.map((_, axis) => axis) });
  }

  output(index: number, name: string): void {
    this.layers.graph.output(name, this.layers.inOrder(this.#tensor(index)), this.#shape(index));
  }

  /** Adds the operation at `at`, or the several that stand for one; returns how many. */
  addFrom(operations: readonly LiteOperation[], at: number): number {
    const spelled = operations.slice(at, at + spelledPrelu.length);
    if (!isSpelledPrelu(spelled)) {
      this.#add(operations[at]!);
      return 1;
    }
    const [relu, , , product, sum] = spelled;
    const halves = this.#constant(product!.inputs[0]!);
    const slopes = { ...halves, values: halves.values.map((half) => 2 * half) };
    this.#tensors.set(sum!.outputs[0]!, this.layers.prelu(this.#tensor(relu!.inputs[0]!), slopes));
    return spelled.length;
  }

  #add(operation: LiteOperation): void {
    const { layers } = this;
    const { code, inputs, outputs, options } = operation;
    const [first, second, third] = inputs as [number, number, number];
    const out = outputs[0]!;
    const give = (tensor: Tensor, activation = 0) =>
      this.#tensors.set(out, activate(layers, tensor, activation));

    switch (code) {
      case 6: // DEQUANTIZE of float16 constants
        this.#weights.set(out, this.#constant(first));
        return;
      case 3: // CONV_2D: kernel axes output, height, width, input
        give(
          layers.convolve(
            this.#tensor(first),
            permute(this.#constant(second), [1, 2, 3, 0]),
            this.#bias(third),
            convolutionWindow(this.#shape(second), options, { dilationWidth: 4, dilationHeight: 5 }),
          ),
          options.byte(3),
        );
        return;
      case 4: // DEPTHWISE_CONV_2D: kernel axes 1, height, width, channel
        give(
          layers.convolveDepthwise(
            this.#tensor(first),
            permute(this.#constant(second), [1, 2, 3, 0]),
            this.#bias(third),
            convolutionWindow(this.#shape(second), options, { dilationWidth: 5, dilationHeight: 6 }),
          ),
          options.byte(4),
        );
        return;
      case 1: // AVERAGE_POOL_2D
      case 17: // MAX_POOL_2D
        give(layers.pool(code === 17 ? 'MaxPool' : 'AveragePool', this.#tensor(first), poolWindow(options)));
        return;
      case 0:
        return void give(this.#combine('Add', first, second), options.byte(0));
      case 41:
        return void give(this.#combine('Sub', first, second), options.byte(0));
      case 18:
        return void give(this.#combine('Mul', first, second), options.byte(0));
      case 54:
        return void give(layers.prelu(this.#tensor(first), this.#constant(second)));
      case 19:
        return void give(layers.map('Relu', this.#tensor(first)));
      case 101:
        return void give(layers.map('Abs', this.#tensor(first)));
      case 14:
        return void give(layers.map('Sigmoid', this.#tensor(first)));
      case 34: // PAD
        give(layers.pad(this.#tensor(first), pairs(this.#constant(second).values)));
        return;
      case 22: // RESHAPE
        give(layers.reshape(this.#tensor(first), this.#shape(out)));
        return;
      case 2: // CONCATENATION
        give(
          layers.concatenate(
            inputs.map((index) => this.#tensor(index)),
            options.integer(0),
          ),
          options.byte(1),
        );
        return;
      case 23: {
        // RESIZE_BILINEAR
        const [height, width] = this.#constant(second).values as unknown as [number, number];
        const mode = options.byte(2) ? 'align_corners' : options.byte(3) ? 'half_pixel' : 'asymmetric';
        give(layers.resize(this.#tensor(first), { size: [height, width] }, mode));
        return;
      }
      case 5:
        return void give(layers.depthToSpace(this.#tensor(first), options.integer(0)));
      case 11: // L2_NORMALIZATION over the last axis
        give(this.#normalise(this.#tensor(first)));
        return;
      default:
        throw new Error(`TensorFlow Lite operator ${code} is not supported`);
    }
  }

  #normalise(input: Tensor): Tensor {
    const { graph } = this.layers;
    const name = this.layers.inOrder(input);
    const length = graph.node('ReduceL2', [name, graph.integers([-1])], { keepdims: 1 });
    return { name: graph.node('Div', [name, length]), order: input.order.map((_, axis) => axis) };
  }

  #combine(type: 'Add' | 'Sub' | 'Mul', left: number, right: number): Tensor {
    if (!this.#tensors.has(left) && (type === 'Add' || type === 'Mul'))
      return this.layers.combine(type, this.#tensor(right), this.#constant(left));
    const other = this.#tensors.get(right) ?? this.#constant(right);
    return this.layers.combine(type, this.#tensor(left), other);
  }

  #bias(index: number | undefined): Weights | undefined {
    return index === undefined || index < 0 ? undefined : this.#constant(index);
  }

  #tensor(index: number): Tensor {
    const tensor = this.#tensors.get(index);
    if (!tensor) throw new Error(`no value yet for ${this.#lite[index]?.name}`);
    return tensor;
  }

  #constant(index: number): Weights {
    const known = this.#weights.get(index);
    if (known) return known;
    const { bytes, type, shape, name } = this.#lite[index]!;
    if (!bytes) throw new Error(`${name} is not a constant`);
    return { values: numbersOf(bytes, type), shape, half: type === 1 };
  }

  /** The shape with a batch of 1. */
  #shape(index: number): number[] {
    const { shape, bytes } = this.#lite[index]!;
    return bytes || this.#weights.has(index) ? shape : [1, ...shape.slice(1)];
  }
}

/** relu(x) + half · (x − |x|), as older converters wrote a PReLU: RELU, ABS, SUB, MUL, ADD. */
const spelledPrelu = [19, 101, 41, 18, 0];

function isSpelledPrelu(operations: readonly LiteOperation[]): boolean {
  if (!spelledPrelu.every((code, i) => operations[i]?.code === code)) return false;
  const [relu, abs, difference, product, sum] = operations as [LiteOperation, ...LiteOperation[]];
  const [input] = relu.inputs;
  return (
    abs!.inputs[0] === input &&
    difference!.inputs[0] === input &&
    difference!.inputs[1] === abs!.outputs[0] &&
    product!.inputs[1] === difference!.outputs[0] &&
    sum!.inputs[0] === relu.outputs[0] &&
    sum!.inputs[1] === product!.outputs[0]
  );
}

function activate(layers: Layers, tensor: Tensor, activation: number): Tensor {
  if (activation === 0) return tensor;
  if (activation === 1) return layers.map('Relu', tensor);
  if (activation === 3) return layers.clip(tensor, 0, 6);
  throw new Error(`TensorFlow Lite activation ${activation} is not supported`);
}

function convolutionWindow(
  kernel: readonly number[],
  options: LiteTable,
  fields: { dilationWidth: number; dilationHeight: number },
): Window {
  return {
    size: [kernel[1]!, kernel[2]!],
    strides: [options.integer(2, 1), options.integer(1, 1)],
    dilations: [options.integer(fields.dilationHeight, 1), options.integer(fields.dilationWidth, 1)],
    padding: options.byte(0) === 0 ? 'SAME' : 'VALID',
  };
}

function poolWindow(options: LiteTable): Window {
  return {
    size: [options.integer(4, 1), options.integer(3, 1)],
    strides: [options.integer(2, 1), options.integer(1, 1)],
    dilations: [1, 1],
    padding: options.byte(0) === 0 ? 'SAME' : 'VALID',
  };
}

function numbersOf(bytes: Uint8Array, type: number): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (type === 0)
    return Float32Array.from({ length: bytes.length / 4 }, (_, i) => view.getFloat32(i * 4, true));
  if (type === 1)
    return Float32Array.from({ length: bytes.length / 2 }, (_, i) => fromHalf(view.getUint16(i * 2, true)));
  if (type === 2)
    return Float32Array.from({ length: bytes.length / 4 }, (_, i) => view.getInt32(i * 4, true));
  throw new Error(`TensorFlow Lite type ${type} is not supported`);
}

function pairs(values: Float32Array): [number, number][] {
  return Array.from({ length: values.length / 2 }, (_, i) => [values[2 * i]!, values[2 * i + 1]!]);
}

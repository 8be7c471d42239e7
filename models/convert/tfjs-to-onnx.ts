import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { fromHalf } from './half-floats.ts';
import { Layers, type Padding, type Tensor, type Weights, type Window } from './layers.ts';
import { OnnxGraph } from './onnx-writer.ts';

const count = z.coerce.number();
const attribute = z.object({
  i: count.optional(),
  f: z.number().optional(),
  b: z.boolean().optional(),
  s: z.string().optional(),
  list: z.object({ i: z.array(count).optional(), s: z.array(z.string()).optional() }).optional(),
});
const node = z.object({
  name: z.string(),
  op: z.string(),
  input: z.array(z.string()).default([]),
  attr: z.record(z.string(), attribute).default({}),
});
const graphModel = z.object({
  modelTopology: z.object({ node: z.array(node) }),
  weightsManifest: z.array(
    z.object({
      paths: z.array(z.string()),
      weights: z.array(
        z.object({
          name: z.string(),
          shape: z.array(z.number()),
          dtype: z.enum(['float32', 'int32', 'bool']),
          quantization: z.object({ dtype: z.literal('float16') }).optional(),
        }),
      ),
    }),
  ),
});
type Node = z.infer<typeof node>;

/** Which part of a TensorFlow.js graph becomes the ONNX graph. */
export interface GraphCut {
  input: { node: string; name: string; shape: (number | string)[] };
  /** Tensors (`node` or `node:index`) that become outputs, with their shapes. */
  outputs: { tensor: string; name: string; shape: (number | string)[] }[];
  /** Resizes by node, as factors instead of the fixed sizes of the file, so that the input's size is free. */
  resizeFactors?: Record<string, number>;
}

/** Converts a TensorFlow.js graph model of float layers to ONNX. Throws on an unknown layer. */
export async function convertGraphModel(path: string, name: string, cut: GraphCut): Promise<Uint8Array> {
  const model = graphModel.parse(JSON.parse(await readFile(path, 'utf8')));
  const weights = await readWeights(dirname(path), model.weightsManifest);
  const nodes = new Map(model.modelTopology.node.map((item) => [item.name, item]));
  const conversion = new Conversion(name, nodes, weights, cut);
  for (const output of cut.outputs) conversion.output(output);
  return conversion.layers.graph.encode();
}

async function readWeights(
  folder: string,
  manifest: z.infer<typeof graphModel>['weightsManifest'],
): Promise<Map<string, Weights>> {
  const weights = new Map<string, Weights>();
  for (const group of manifest) {
    const shards = await Promise.all(group.paths.map((shard) => readFile(join(folder, shard))));
    const bytes = Buffer.concat(shards);
    let at = 0;
    for (const { name, shape, dtype, quantization } of group.weights) {
      const length = shape.reduce((a, b) => a * b, 1);
      const size = quantization ? 2 : dtype === 'bool' ? 1 : 4;
      const read = (i: number) => {
        if (quantization) return fromHalf(bytes.readUInt16LE(at + i * 2));
        if (dtype === 'bool') return bytes[at + i]!;
        return dtype === 'int32' ? bytes.readInt32LE(at + i * 4) : bytes.readFloatLE(at + i * 4);
      };
      const values = Float32Array.from({ length }, (_, i) => read(i));
      weights.set(name, { values, shape, half: quantization !== undefined });
      at += length * size;
    }
  }
  return weights;
}

class Conversion {
  readonly layers: Layers;
  readonly #nodes: Map<string, Node>;
  readonly #weights: Map<string, Weights>;
  readonly #cut: GraphCut;
  readonly #tensors = new Map<string, Tensor>();

  constructor(name: string, nodes: Map<string, Node>, weights: Map<string, Weights>, cut: GraphCut) {
    this.layers = new Layers(new OnnxGraph(name));
    this.#nodes = nodes;
    this.#weights = weights;
    this.#cut = cut;
    this.layers.graph.input(cut.input.name, cut.input.shape);
    const order = cut.input.shape.map((_, axis) => axis);
    this.#tensors.set(`${cut.input.node}:0`, { name: cut.input.name, order });
  }

  output({ tensor, name, shape }: GraphCut['outputs'][number]): void {
    this.layers.graph.output(name, this.layers.inOrder(this.#tensor(tensor)), shape);
  }

  /** The tensor by its reference, made on first use together with all it needs. */
  #tensor(reference: string): Tensor {
    const key = reference.includes(':') ? reference : `${reference}:0`;
    const known = this.#tensors.get(key);
    if (known) return known;
    const [name] = key.split(':') as [string];
    const source = this.#nodes.get(name);
    if (!source) throw new Error(`no node ${name}`);
    this.#add(source).forEach((tensor, index) => {
      this.#tensors.set(`${name}:${index}`, tensor);
    });
    return this.#tensors.get(key)!;
  }

  #constant(reference: string): Weights {
    const weights = this.#weights.get(reference.replace(/:0$/, ''));
    if (!weights) throw new Error(`${reference} is not a constant`);
    return weights;
  }

  #add(source: Node): Tensor[] {
    const { layers } = this;
    const [first, second, third] = source.input as [string, string, string];
    const x = () => this.#tensor(first);
    switch (source.op) {
      case 'Conv2D':
      case '_FusedConv2D':
      case 'DepthwiseConv2dNative':
      case 'FusedDepthwiseConv2dNative':
        return [this.#convolution(source)];
      case 'MaxPool':
        return [layers.pool('MaxPool', x(), windowOf(source, list(source, 'ksize')))];
      case 'Add':
      case 'AddV2':
      case 'BiasAdd':
        return [layers.combine('Add', x(), this.#operand(second))];
      case 'Sub':
        return [layers.combine('Sub', x(), this.#operand(second))];
      case 'Mul':
        return [layers.combine('Mul', x(), this.#operand(second))];
      case 'Prelu':
        return [layers.prelu(x(), this.#constant(second))];
      case 'LeakyRelu':
        return [layers.map('LeakyRelu', x(), { alpha: { float: source.attr.alpha?.f ?? 0.2 } })];
      case 'Relu':
      case 'Sigmoid':
      case 'Abs':
        return [layers.map(source.op, x())];
      case 'Pad':
        return [layers.pad(x(), pairs(this.#constant(second).values))];
      case 'PadV2':
        return [layers.pad(x(), pairs(this.#constant(second).values), this.#constant(third).values[0])];
      case 'Transpose':
        return [layers.transpose(x(), Array.from(this.#constant(second).values))];
      case 'Reshape':
        return [layers.reshape(x(), Array.from(this.#constant(second).values))];
      case 'ConcatV2': {
        const tensors = source.input.slice(0, -1).map((input) => this.#tensor(input));
        return [layers.concatenate(tensors, this.#constant(source.input.at(-1)!).values[0]!)];
      }
      case 'SplitV':
        return layers.split(x(), this.#constant(third).values[0]!, Array.from(this.#constant(second).values));
      case 'ResizeBilinear':
        return [this.#resize(source)];
      case 'Identity':
        return [x()];
      default:
        throw new Error(`TensorFlow.js operation ${source.op} is not supported`);
    }
  }

  #operand(reference: string): Tensor | Weights {
    return this.#weights.get(reference.replace(/:0$/, '')) ?? this.#tensor(reference);
  }

  #convolution(source: Node): Tensor {
    const fused = (source.attr.fused_ops?.list?.s ?? []).map((text) =>
      Buffer.from(text, 'base64').toString(),
    );
    const [input, kernelName, ...rest] = source.input as [string, string, ...string[]];
    const kernel = this.#constant(kernelName);
    const bias = fused[0] === 'BiasAdd' ? this.#constant(rest[0]!) : undefined;
    const window = windowOf(source, [0, kernel.shape[0]!, kernel.shape[1]!]);
    const made = /depthwise/i.test(source.op)
      ? this.layers.convolveDepthwise(this.#tensor(input), kernel, bias, window)
      : this.layers.convolve(this.#tensor(input), kernel, bias, window);
    const activation = fused.find((name) => name !== 'BiasAdd');
    if (!activation) return made;
    if (activation === 'Relu') return this.layers.map('Relu', made);
    if (activation === 'Relu6') return this.layers.clip(made, 0, 6);
    if (activation === 'Prelu') return this.layers.prelu(made, this.#constant(rest[1]!));
    throw new Error(`TensorFlow.js activation ${activation} is not supported`);
  }

  #resize(source: Node): Tensor {
    const [input, size] = source.input as [string, string];
    const [height, width] = this.#constant(size).values as unknown as [number, number];
    const factor = this.#cut.resizeFactors?.[source.name];
    return this.layers.resize(
      this.#tensor(input),
      factor ? { factor } : { size: [height, width] },
      source.attr.half_pixel_centers?.b
        ? 'half_pixel'
        : source.attr.align_corners?.b
          ? 'align_corners'
          : 'asymmetric',
    );
  }
}

function windowOf(source: Node, size: readonly number[]): Window {
  const strides = list(source, 'strides');
  const dilations = source.attr.dilations ? list(source, 'dilations') : [1, 1, 1, 1];
  const padding = Buffer.from(source.attr.padding?.s ?? '', 'base64').toString();
  if (padding !== 'SAME' && padding !== 'VALID') throw new Error(`padding ${padding} is not supported`);
  return {
    size: [size[1]!, size[2]!],
    strides: [strides[1]!, strides[2]!],
    dilations: [dilations[1]!, dilations[2]!],
    padding: padding satisfies Padding,
  };
}

function list(source: Node, name: string): number[] {
  return source.attr[name]?.list?.i ?? [];
}

function pairs(values: Float32Array): [number, number][] {
  return Array.from({ length: values.length / 2 }, (_, i) => [values[2 * i]!, values[2 * i + 1]!]);
}

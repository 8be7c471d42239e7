/** What a node attribute may hold; whole numbers become INT, `{ float }` FLOAT, lists INTS. */
export type Attribute = number | string | readonly number[] | { float: number };

const elementTypes = { float32: 1, int64: 7, float16: 10 } as const;

/**
 * Builds an ONNX model (opset 18) and encodes it as protobuf [onnx.proto3 of ONNX 1.13].
 * Only what the converters need: one graph, float tensors, int64 constants.
 */
export class OnnxGraph {
  readonly #name: string;
  readonly #nodes: Uint8Array[] = [];
  readonly #constants: Uint8Array[] = [];
  readonly #inputs: Uint8Array[] = [];
  readonly #outputs: Uint8Array[] = [];
  #names = 0;

  constructor(name: string) {
    this.#name = name;
  }

  /** A graph input; a string in `shape` names a free dimension. */
  input(name: string, shape: readonly (number | string)[]): string {
    this.#inputs.push(valueInfo(name, shape));
    return name;
  }

  /** Gives `tensor` the name of a graph output. */
  output(name: string, tensor: string, shape: readonly (number | string)[]): void {
    this.#nodes.push(encodeNode('Identity', [tensor], [name], {}));
    this.#outputs.push(valueInfo(name, shape));
  }

  /** A float constant. */
  floats(values: Float32Array, shape: readonly number[]): string {
    return this.#constant('float32', bytesOf(values), shape);
  }

  /** A float constant stored in half the space, as 16-bit floats. */
  halves(values: Uint16Array, shape: readonly number[]): string {
    const stored = this.#constant('float16', bytesOf(values), shape);
    return this.node('Cast', [stored], { to: elementTypes.float32 });
  }

  /** A one-dimensional int64 constant. */
  integers(values: readonly number[]): string {
    return this.#constant('int64', bytesOf(BigInt64Array.from(values, BigInt)), [values.length]);
  }

  /** Adds a node with one output and returns that output's name. */
  node(type: string, inputs: readonly string[], attributes: Record<string, Attribute> = {}): string {
    return this.nodes(type, inputs, 1, attributes)[0]!;
  }

  /** Adds a node with several outputs. */
  nodes(
    type: string,
    inputs: readonly string[],
    outputs: number,
    attributes: Record<string, Attribute> = {},
  ): string[] {
    const names = Array.from({ length: outputs }, () => this.#newName(type));
    this.#nodes.push(encodeNode(type, inputs, names, attributes));
    return names;
  }

  encode(): Uint8Array {
    const graph = message([
      ...this.#nodes.map((node) => bytesField(1, node)),
      textField(2, this.#name),
      ...this.#constants.map((constant) => bytesField(5, constant)),
      ...this.#inputs.map((input) => bytesField(11, input)),
      ...this.#outputs.map((output) => bytesField(12, output)),
    ]);
    const opset = message([textField(1, ''), integerField(2, 18)]);
    return message([
      integerField(1, 8),
      textField(2, 'gatehouse'),
      bytesField(7, graph),
      bytesField(8, opset),
    ]);
  }

  #constant(type: keyof typeof elementTypes, bytes: Uint8Array, shape: readonly number[]): string {
    const name = this.#newName('constant');
    this.#constants.push(
      message([
        ...shape.map((size) => integerField(1, size)),
        integerField(2, elementTypes[type]),
        textField(8, name),
        bytesField(9, bytes),
      ]),
    );
    return name;
  }

  #newName(stem: string): string {
    return `${stem}_${this.#names++}`;
  }
}

function encodeNode(
  type: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Record<string, Attribute>,
): Uint8Array {
  return message([
    ...inputs.map((input) => textField(1, input)),
    ...outputs.map((output) => textField(2, output)),
    textField(3, `make_${outputs[0]}`),
    textField(4, type),
    ...Object.entries(attributes).map(([name, value]) => bytesField(5, encodeAttribute(name, value))),
  ]);
}

function encodeAttribute(name: string, value: Attribute): Uint8Array {
  const head = textField(1, name);
  if (typeof value === 'string') return message([head, textField(4, value), integerField(20, 3)]);
  if (typeof value === 'number') return message([head, integerField(3, value), integerField(20, 2)]);
  if ('float' in value) return message([head, floatField(2, value.float), integerField(20, 1)]);
  return message([head, ...value.map((item) => integerField(8, item)), integerField(20, 7)]);
}

function valueInfo(name: string, shape: readonly (number | string)[]): Uint8Array {
  const dimensions = shape.map((size) =>
    bytesField(1, typeof size === 'number' ? integerField(1, size) : textField(2, size)),
  );
  const tensor = message([integerField(1, elementTypes.float32), bytesField(2, message(dimensions))]);
  return message([textField(1, name), bytesField(2, bytesField(1, tensor))]);
}

/** Protobuf wire format: every field is a tag (number and wire type) and its payload. */
const message = (fields: readonly Uint8Array[]): Uint8Array => Buffer.concat(fields);

function integerField(field: number, value: number): Uint8Array {
  return Buffer.concat([varint(BigInt(field) << 3n), varint(BigInt.asUintN(64, BigInt(value)))]);
}

function bytesField(field: number, bytes: Uint8Array): Uint8Array {
  return Buffer.concat([varint((BigInt(field) << 3n) | 2n), varint(BigInt(bytes.length)), bytes]);
}

function textField(field: number, text: string): Uint8Array {
  return bytesField(field, Buffer.from(text));
}

function floatField(field: number, value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return Buffer.concat([varint((BigInt(field) << 3n) | 5n), bytes]);
}

function varint(value: bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = Number(rest & 127n);
    rest >>= 7n;
    bytes.push(rest > 0n ? low | 128 : low);
  } while (rest > 0n);
  return Uint8Array.from(bytes);
}

function bytesOf(values: Float32Array | Uint16Array | BigInt64Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

/** A tensor of a TensorFlow Lite graph. */
export interface LiteTensor {
  name: string;
  shape: number[];
  /** TensorType of the schema: 0 float32, 1 float16, 2 int32. */
  type: number;
  /** Raw little-endian values of a constant. */
  bytes: Uint8Array | undefined;
}

/** One operation; `options` reads the fields of its builtin options table by their number in the schema. */
export interface LiteOperation {
  /** BuiltinOperator of the schema. */
  code: number;
  inputs: number[];
  outputs: number[];
  options: LiteTable;
}

/** The first subgraph of a `.tflite` file. */
export interface LiteGraph {
  tensors: LiteTensor[];
  operations: LiteOperation[];
  inputs: number[];
  outputs: number[];
}

/** Reads a flatbuffer by the schema of TensorFlow Lite (version 3); field numbers are those of schema.fbs. */
export function readTflite(file: Uint8Array): LiteGraph {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const model = LiteTable.root(view);
  const codes = model.tables(1).map((code) => Math.max(code.byte(0), code.integer(3)));
  const buffers = model.tables(4).map((buffer) => buffer.bytes(0));
  const graph = model.tables(2)[0]!;
  return {
    tensors: graph.tables(0).map((tensor) => ({
      shape: tensor.integers(0),
      type: tensor.byte(1),
      bytes: buffers[tensor.integer(2)],
      name: tensor.text(3),
    })),
    operations: graph.tables(3).map((operation) => ({
      code: codes[operation.integer(0)]!,
      inputs: operation.integers(1),
      outputs: operation.integers(2),
      options: operation.table(4),
    })),
    inputs: graph.integers(1),
    outputs: graph.integers(2),
  };
}

/** A flatbuffer table; absent fields read as the given default. */
export class LiteTable {
  readonly #view: DataView;
  readonly #at: number;

  constructor(view: DataView, at: number) {
    this.#view = view;
    this.#at = at;
  }

  static root(view: DataView): LiteTable {
    return new LiteTable(view, view.getUint32(0, true));
  }

  byte(field: number, fallback = 0): number {
    const at = this.#field(field);
    return at ? this.#view.getInt8(at) : fallback;
  }

  integer(field: number, fallback = 0): number {
    const at = this.#field(field);
    return at ? this.#view.getInt32(at, true) : fallback;
  }

  table(field: number): LiteTable {
    const at = this.#field(field);
    return new LiteTable(this.#view, at ? this.#follow(at) : 0);
  }

  tables(field: number): LiteTable[] {
    const { start, length } = this.#vector(field);
    return Array.from({ length }, (_, i) => new LiteTable(this.#view, this.#follow(start + 4 * i)));
  }

  integers(field: number): number[] {
    const { start, length } = this.#vector(field);
    return Array.from({ length }, (_, i) => this.#view.getInt32(start + 4 * i, true));
  }

  /** The bytes of a vector or text; undefined when empty. */
  bytes(field: number): Uint8Array | undefined {
    const { start, length } = this.#vector(field);
    if (length === 0) return undefined;
    return new Uint8Array(this.#view.buffer, this.#view.byteOffset + start, length);
  }

  text(field: number): string {
    return new TextDecoder().decode(this.bytes(field));
  }

  #vector(field: number): { start: number; length: number } {
    const at = this.#field(field);
    if (!at) return { start: 0, length: 0 };
    const vector = this.#follow(at);
    return { start: vector + 4, length: this.#view.getUint32(vector, true) };
  }

  #follow(at: number): number {
    return at + this.#view.getUint32(at, true);
  }

  /** Where the field lies, or 0 when it is absent. A table at 0 has no fields. */
  #field(field: number): number {
    if (this.#at === 0) return 0;
    const directory = this.#at - this.#view.getInt32(this.#at, true);
    const entry = 4 + 2 * field;
    if (entry >= this.#view.getUint16(directory, true)) return 0;
    const offset = this.#view.getUint16(directory + entry, true);
    return offset ? this.#at + offset : 0;
  }
}

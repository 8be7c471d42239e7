/** A network of dlib, layer by layer from input to output. */
export type DlibLayer =
  | DlibInput
  | DlibMark
  | DlibConvolution
  | DlibAffine
  | { type: 'relu' }
  /** Adds the marked tensor to the current one; where one is smaller it counts as zero. */
  | { type: 'add' }
  | DlibPool
  | DlibDense;

/** A square RGB picture; dlib subtracts the means (red, green, blue) and divides by 256. */
export interface DlibInput {
  type: 'input';
  side: number;
  mean: [number, number, number];
}

/** A tag, which names the current tensor, or a skip, which goes back to a named one: the file does not say which. */
export interface DlibMark {
  type: 'mark';
}

/** `kernel` holds `[filters, channels, height, width]`; `padding` of zeros on either side of height and of width. */
export interface DlibConvolution {
  type: 'convolution';
  kernel: Float32Array;
  bias: Float32Array;
  shape: [filters: number, channels: number, height: number, width: number];
  strides: [number, number];
  padding: [number, number];
}

/** `gamma · x + beta`, each one value per channel. */
export interface DlibAffine {
  type: 'affine';
  gamma: Float32Array;
  beta: Float32Array;
}

/** Without `window` the pool covers the whole picture. */
interface DlibPool {
  type: 'maxPool' | 'averagePool';
  window: [number, number] | undefined;
  strides: [number, number];
}

/** A fully connected layer without bias; `weights` hold `[inputs, outputs]`. */
export interface DlibDense {
  type: 'dense';
  weights: Float32Array;
  inputs: number;
  outputs: number;
}

/**
 * Reads a network that dlib 19 serialised together with its metric loss, and asserts that it ends with the file.
 * The file has all layers' versions in front, outermost first, and then what they hold, innermost first. Throws on
 * a layer or version that is not known.
 */
export function readDlibNetwork(file: Uint8Array): DlibLayer[] {
  const cursor = new DlibCursor(file);
  readLoss(cursor);
  const versions = readVersions(cursor);

  const layers: DlibLayer[] = [readInput(cursor), readLayer(cursor)];
  cursor.integer(); // samples made of one input
  for (const version of versions.reverse())
    layers.push(version === layerVersion ? readLayer(cursor) : { type: 'mark' });
  cursor.assertEnd();
  return layers;
}

/** Versions of dlib's `add_tag_layer` and `add_skip_layer`, of `add_layer`, and of the one that holds the input. */
const markVersion = 1;
const layerVersion = 2;
const innermostVersion = 3;

function readLoss(cursor: DlibCursor): void {
  cursor.expect(1, 'loss layer');
  const loss = cursor.text();
  if (loss !== 'loss_metric_2') throw new Error(`dlib loss ${loss} is not supported`);
  cursor.floats(2); // margin, distance threshold
}

function readVersions(cursor: DlibCursor): number[] {
  const versions: number[] = [];
  for (;;) {
    const version = cursor.integer();
    if (version === innermostVersion) return versions;
    if (version !== markVersion && version !== layerVersion)
      throw new Error(`dlib layer version ${version} is not supported`);
    versions.push(version);
  }
}

function readInput(cursor: DlibCursor): DlibInput {
  const name = cursor.text();
  if (name !== 'input_rgb_image_sized') throw new Error(`dlib input ${name} is not supported`);
  const mean = cursor.floats(3) as [number, number, number];
  const [height, width] = cursor.integers(2) as [number, number];
  if (height !== width) throw new Error(`dlib input ${height}×${width} is not square`);
  return { type: 'input', side: width, mean };
}

function readLayer(cursor: DlibCursor): DlibLayer {
  const layer = readDetails(cursor, cursor.text());
  cursor.skip(3); // set up, gradient stale, output disabled
  for (const _ of ['gradient', 'output', 'parameter gradient']) cursor.tensor();
  return layer;
}

function readDetails(cursor: DlibCursor, name: string): DlibLayer {
  switch (name) {
    case 'con_4':
      return readConvolution(cursor);
    case 'affine_':
      return readAffine(cursor);
    case 'relu_':
      return { type: 'relu' };
    case 'add_prev_':
      return { type: 'add' };
    case 'max_pool_2':
      return readPool(cursor, 'maxPool');
    case 'avg_pool_2':
      return readPool(cursor, 'averagePool');
    case 'fc_2':
      return readDense(cursor);
    default:
      throw new Error(`dlib layer ${name} is not supported`);
  }
}

function readConvolution(cursor: DlibCursor): DlibConvolution {
  const parameters = cursor.tensor();
  const [, , , strideY, strideX, paddingY, paddingX] = cursor.integers(7) as [
    filters: number,
    height: number,
    width: number,
    strideY: number,
    strideX: number,
    paddingY: number,
    paddingX: number,
  ];
  const shape = cursor.alias();
  cursor.alias(); // of the bias
  cursor.floats(4); // learning rates and weight decays
  const size = shape.reduce((a, b) => a * b, 1);
  return {
    type: 'convolution',
    kernel: parameters.subarray(0, size),
    bias: parameters.subarray(size),
    shape,
    strides: [strideY, strideX],
    padding: [paddingY, paddingX],
  };
}

function readAffine(cursor: DlibCursor): DlibAffine {
  const parameters = cursor.tensor();
  cursor.alias();
  cursor.alias();
  cursor.expect(0, 'affine mode');
  const channels = parameters.length / 2;
  return { type: 'affine', gamma: parameters.subarray(0, channels), beta: parameters.subarray(channels) };
}

function readPool(cursor: DlibCursor, type: DlibPool['type']): DlibPool {
  const [height, width, strideY, strideX] = cursor.integers(4) as [number, number, number, number];
  cursor.expect(0, 'pool padding');
  cursor.expect(0, 'pool padding');
  return { type, window: height > 0 ? [height, width] : undefined, strides: [strideY, strideX] };
}

function readDense(cursor: DlibCursor): DlibDense {
  const [outputs, inputs] = cursor.integers(2) as [number, number];
  const weights = cursor.tensor();
  cursor.alias();
  cursor.alias();
  cursor.expect(1, 'bias mode (none)');
  cursor.floats(4); // learning rates and weight decays
  return { type: 'dense', weights, inputs, outputs };
}

/** Reads dlib's portable serialisation [dlib/serialize.h, dlib/dnn/tensor.h] from front to end. */
class DlibCursor {
  readonly #bytes: DataView;
  #at = 0;

  constructor(file: Uint8Array) {
    this.#bytes = new DataView(file.buffer, file.byteOffset, file.byteLength);
  }

  /** A byte with the sign (its high bit) and the number of bytes that follow, low ones first. */
  integer(): number {
    const head = this.#byte();
    const length = head & 0x7f;
    if (length < 1 || length > 8) throw new Error(`no dlib integer at byte ${this.#at - 1}`);
    let value = 0;
    for (let i = 0; i < length; i++) value += this.#byte() * 2 ** (8 * i);
    return head & 0x80 ? -value : value;
  }

  integers(count: number): number[] {
    return Array.from({ length: count }, () => this.integer());
  }

  /** Mantissa and exponent of 2, each an integer. */
  floats(count: number): number[] {
    return Array.from({ length: count }, () => this.integer() * 2 ** this.integer());
  }

  text(): string {
    const bytes = Uint8Array.from({ length: this.integer() }, () => this.#byte());
    return new TextDecoder().decode(bytes);
  }

  /** The values of a tensor: four sizes, then little-endian floats. */
  tensor(): Float32Array {
    this.expect(2, 'tensor version');
    const length = this.integers(4).reduce((a, b) => a * b, 1);
    const start = this.#at;
    this.skip(4 * length);
    return Float32Array.from({ length }, (_, i) => this.#bytes.getFloat32(start + 4 * i, true));
  }

  /** The shape of a part of a tensor. */
  alias(): [number, number, number, number] {
    this.expect(1, 'alias version');
    return this.integers(4) as [number, number, number, number];
  }

  expect(value: number, what: string): void {
    const found = this.integer();
    if (found !== value) throw new Error(`dlib ${what} ${found} is not supported`);
  }

  skip(bytes: number): void {
    this.#at += bytes;
    if (this.#at > this.#bytes.byteLength) throw new Error('the dlib file ends too early');
  }

  assertEnd(): void {
    const rest = this.#bytes.byteLength - this.#at;
    if (rest !== 0) throw new Error(`${rest} bytes follow the dlib network`);
  }

  #byte(): number {
    this.skip(1);
    return this.#bytes.getUint8(this.#at - 1);
  }
}

/** A WebAssembly module in its binary form (WebAssembly Core Specification 2.0, §5), with the 128-bit instructions. */
const i32 = 0x7f;
const v128 = 0x7b;
const get = (local: number) => [0x20, local];
const set = (local: number) => [0x21, local];
const constant = (value: number) => [0x41, ...signedLeb(value)];
const load128 = (offset: number) => [0xfd, 0x00, 4, ...unsignedLeb(offset)];
const dotOfWords = [0xfd, ...unsignedLeb(0xba)];
const addLanes = [0xfd, ...unsignedLeb(0xae)];
const lane = (number: number) => [0xfd, 0x1b, number];
const zeroes = [0xfd, 0x0c, ...new Array<number>(16).fill(0)];
const [add, lessUnsigned, loop, end, empty] = [0x6a, 0x49, 0x03, 0x0b, 0x40];
const branchIf = (depth: number) => [0x0d, depth];
const store32 = [0x36, 2, 0];

/** Bytes that one turn of the inner loop takes. */
export const blockBytes = 64;

// (vector, end, vectorBytes, query, result), then (at, sum).
const [vector, vectorsEnd, vectorBytes, query, result, at, sum] = [0, 1, 2, 3, 4, 5, 6];
const steps = Array.from({ length: blockBytes / 16 }, (_, step) => [
  ...get(sum),
  ...[...get(vector), ...get(at), add, ...load128(step * 16)],
  ...[...get(query), ...get(at), add, ...load128(step * 16)],
  ...dotOfWords,
  ...addLanes,
  ...set(sum),
]).flat();
const body = [
  ...[loop, empty],
  ...[...zeroes, ...set(sum), ...constant(0), ...set(at)],
  ...[loop, empty, ...steps],
  ...[...get(at), ...constant(blockBytes), add, ...set(at)],
  ...[...get(at), ...get(vectorBytes), lessUnsigned, ...branchIf(0), end],
  ...get(result),
  ...[...get(sum), ...lane(0), ...get(sum), ...lane(1), add],
  ...[...get(sum), ...lane(2), add, ...get(sum), ...lane(3), add],
  ...store32,
  ...[...get(result), ...constant(4), add, ...set(result)],
  ...[...get(vector), ...get(vectorBytes), add, ...set(vector)],
  ...[...get(vector), ...get(vectorsEnd), lessUnsigned, ...branchIf(0), end],
  end,
];
const locals = [2, 1, i32, 1, v128];
const module = new WebAssembly.Module(
  Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 5, i32, i32, i32, i32, i32, 0]),
    ...section(2, [1, ...name('m'), ...name('m'), 0x02, 0x00, 1]),
    ...section(3, [1, 0]),
    ...section(7, [1, ...name('f'), 0x00, 0]),
    ...section(10, [1, ...unsignedLeb(locals.length + body.length), ...locals, ...body]),
  ]),
);

/**
 * The scalar products of one vector with many, all of 16-bit whole numbers that lie in `memory`: from byte `vector` to
 * `end`, `vectorBytes` (a multiple of `blockBytes`) each; at least one. The products, 32 bits each, are written from byte
 * `result` on. Eight numbers are multiplied at a time, and memory is read once, from one end to the other.
 */
export type DotProducts = (
  vector: number,
  end: number,
  vectorBytes: number,
  query: number,
  result: number,
) => void;

/** The function over this memory. */
export function dotProductsIn(memory: WebAssembly.Memory): DotProducts {
  return new WebAssembly.Instance(module, { m: { m: memory } }).exports.f as DotProducts;
}

function section(id: number, content: number[]): number[] {
  return [id, ...unsignedLeb(content.length), ...content];
}

function name(text: string): number[] {
  return [text.length, ...Buffer.from(text)];
}

function unsignedLeb(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsignedLeb(value >>> 7)];
}

function signedLeb(value: number): number[] {
  return value < 0x40 ? [value] : [(value & 0x7f) | 0x80, ...signedLeb(value >> 7)];
}

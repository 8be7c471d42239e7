import { InferenceSession, Tensor } from 'onnxruntime-node';
import { expect, test } from 'vitest';
import { Layers } from '../../../models/convert/layers.ts';
import { OnnxGraph } from '../../../models/convert/onnx-writer.ts';

test('a PReLU keeps what is above zero and bends the rest by its channel', async () => {
  const layers = new Layers(new OnnxGraph('prelu'));
  const shape = [1, 2, 2, 3];
  const input = { name: layers.graph.input('input', shape), order: [0, 1, 2, 3] };
  const bent = layers.prelu(input, {
    values: Float32Array.of(0.25, -0.5, 1.5),
    shape: [1, 1, 3],
    half: false,
  });
  layers.graph.output('output', layers.inOrder(bent), shape);
  const session = await InferenceSession.create(layers.graph.encode());
  const values = Float32Array.of(1, 2, 3, -4, -4, -4, 0, 8, -8, 2, -2, 0);
  const { output } = await session.run({ input: new Tensor('float32', values, shape) });
  await session.release();
  expect([...output!.data]).toEqual([1, 2, 3, -1, 2, -6, 0, 8, -12, 2, 1, 0]);
});

test('a slope for every pixel is refused', () => {
  const layers = new Layers(new OnnxGraph('prelu'));
  const input = { name: layers.graph.input('input', [1, 2, 2, 1]), order: [0, 1, 2, 3] };
  expect(() => layers.prelu(input, { values: new Float32Array(4), shape: [2, 2, 1], half: false })).toThrow(
    'a slope per pixel',
  );
});

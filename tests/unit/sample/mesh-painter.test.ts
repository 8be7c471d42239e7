import { describe, expect, test } from 'vitest';
import { lights } from '../../../edge/sample/gate-scene.ts';
import { coveredBox, type Layer } from '../../../edge/sample/layer.ts';
import { type Mesh, MeshBuilder, makeTexture } from '../../../edge/sample/mesh.ts';
import { paintMesh, placePoint } from '../../../edge/sample/mesh-painter.ts';
import { project } from '../../../edge/sample/view.ts';

const footage = { width: 1920, height: 1080 };
const plain = (red: number, green: number, blue: number) => {
  const data = new Uint8Array(16 * 16 * 4);
  for (let at = 0; at < data.length; at += 4) data.set([red, green, blue, 0], at);
  return makeTexture({ width: 16, height: 16, data }, 100);
};
const textures = [plain(200, 20, 20), plain(20, 200, 20)];

/** A square of 2×2 m that faces the lens, `z` metres behind the mesh's origin. */
function square(builder: MeshBuilder, z: number, texture: number): void {
  const corners = [
    [-1, 2.85],
    [1, 2.85],
    [1, 0.85],
    [-1, 0.85],
  ].map(([x, y]) => builder.vertex([x!, y!, z], [0, 0, -1], [0.5, 0.5]));
  builder.quad(corners[0]!, corners[1]!, corners[2]!, corners[3]!, texture);
}

const meshOf = (build: (builder: MeshBuilder) => void): Mesh => {
  const builder = new MeshBuilder();
  build(builder);
  return builder.build();
};

const middleOf = (layer: Layer) => {
  const at = ((layer.height >> 1) * layer.width + (layer.width >> 1)) * 4;
  return [...layer.data.subarray(at, at + 4)];
};

describe('painting a mesh', () => {
  test.each([1, 2] as const)('covers what the lens sees of it, with %i samples', (samples) => {
    const mesh = meshOf((builder) => square(builder, 0, 0));
    const layer = paintMesh(mesh, textures, { x: 0, z: 7, turn: 0 }, lights.day, footage, samples)!;
    const [left, top] = project([-1, 2.85, 7]);
    const [right, bottom] = project([1, 0.85, 7]);
    const box = coveredBox(layer)!;
    for (const [seen, expected] of [
      [box[0], left],
      [box[1], top],
      [box[0] + box[2], right],
      [box[1] + box[3], bottom],
    ] as const)
      expect(Math.abs(seen - expected)).toBeLessThanOrEqual(1);
  });

  test('what is nearer hides what is behind it, whichever was added first', () => {
    for (const order of [
      [0, 1],
      [1, 0],
    ]) {
      const mesh = meshOf((builder) => {
        for (const texture of order) square(builder, texture === 0 ? 0 : 1, texture);
      });
      const [red, green] = middleOf(
        paintMesh(mesh, textures, { x: 0, z: 7, turn: 0 }, lights.day, footage, 2)!,
      );
      expect(red).toBeGreaterThan(green! * 3);
    }
  });

  test('what faces away is not seen', () => {
    const mesh = meshOf((builder) => square(builder, 0, 0));
    const layer = paintMesh(mesh, textures, { x: 0, z: 7, turn: Math.PI }, lights.day, footage, 1);
    expect(layer && coveredBox(layer)).toBeUndefined();
  });

  test('behind the lens there is nothing to paint', () => {
    const mesh = meshOf((builder) => square(builder, 0, 0));
    expect(paintMesh(mesh, textures, { x: 0, z: -3, turn: 0 }, lights.day, footage, 1)).toBeUndefined();
  });

  test('a half turn about the vertical swaps left and right, and front and back', () => {
    const [x, y, z] = placePoint(1, 2, 3, { x: 10, z: 20, turn: Math.PI });
    expect([x, y, z].map((value) => Math.round(value * 1e6) / 1e6)).toEqual([9, 2, 17]);
  });
});

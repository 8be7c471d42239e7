import type { RgbaPicture } from '../capture/picture-codec.ts';
import { type Mesh, MeshBuilder, makeTexture } from './mesh.ts';
import { type PlateDesign, plateSize } from './plate-art.ts';
import type { VehicleArt } from './vehicle-art.ts';

const columns = 12;
const rows = 4;

/** The vehicle with a plate screwed on at the front and at the rear. */
export function withPlates(vehicle: VehicleArt, plate: RgbaPicture, design: PlateDesign): VehicleArt {
  const texture = vehicle.textures.length;
  const size = plateSize(design);
  const builder = new MeshBuilder();
  addPlate(builder, vehicle.plates.front, size, -1, texture);
  addPlate(builder, vehicle.plates.rear, size, 1, texture);
  // Plates throw light back to where it came from instead of mirroring the sky.
  const data = plate.data.slice();
  for (let at = 3; at < data.length; at += 4) data[at] = 12;
  return {
    ...vehicle,
    mesh: joinMeshes(vehicle.mesh, builder.build()),
    textures: [...vehicle.textures, makeTexture({ ...plate, data }, (plate.width / size.width) * 1000)],
  };
}

function addPlate(
  builder: MeshBuilder,
  [middleY, z]: readonly [number, number],
  size: { width: number; height: number },
  outward: number,
  texture: number,
): void {
  const grid = Array.from({ length: rows + 1 }, (_, row) =>
    Array.from({ length: columns + 1 }, (_, column) => {
      const across = column / columns;
      const down = row / rows;
      // Seen from the front, x runs the way the plate is read; from behind, the other way.
      const x = (across - 0.5) * (size.width / 1000) * -outward;
      return builder.vertex(
        [x, middleY + (0.5 - down) * (size.height / 1000), z],
        [0, 0.25, outward],
        [across, down],
      );
    }),
  );
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      builder.quad(
        grid[row][column],
        grid[row][column + 1],
        grid[row + 1][column + 1],
        grid[row + 1][column],
        texture,
      );
}

function joinMeshes(first: Mesh, second: Mesh): Mesh {
  const offset = first.positions.length / 3;
  const triangles = joined(Uint32Array, first.triangles, second.triangles);
  for (let at = first.triangles.length; at < triangles.length; at++) triangles[at] += offset;
  return {
    positions: joined(Float32Array, first.positions, second.positions),
    normals: joined(Float32Array, first.normals, second.normals),
    texels: joined(Float32Array, first.texels, second.texels),
    triangles,
    textures: joined(Uint8Array, first.textures, second.textures),
  };
}

type Numbers = Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>;

function joined<T extends Numbers>(Kind: new (length: number) => T, first: T, second: T): T {
  const both = new Kind(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

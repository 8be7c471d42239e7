import type { RgbaPicture } from '../capture/picture-codec.ts';

/** Triangles in the vehicle's own metres: x to its left as seen from the front, y up, z from the front backwards. */
export interface Mesh {
  /** x, y, z per vertex. */
  positions: Float32Array<ArrayBuffer>;
  /** Unit normals per vertex. */
  normals: Float32Array<ArrayBuffer>;
  /** Texture coordinates per vertex, 0–1. */
  texels: Float32Array<ArrayBuffer>;
  /** Three vertices per triangle. */
  triangles: Uint32Array<ArrayBuffer>;
  /** Which texture each triangle wears, an index into the model's textures. */
  textures: Uint8Array<ArrayBuffer>;
}

/** Colour and gloss of a surface: RGBA, where A is how much of the sky it mirrors (0–255), and its halvings. */
export interface Texture {
  levels: RgbaPicture[];
  /** Of the first level. */
  pixelsPerMetre: number;
}

/** Prepares the halvings of a texture down to a side of 8 pixels. */
export function makeTexture(picture: RgbaPicture, pixelsPerMetre: number): Texture {
  const levels = [picture];
  while (Math.min(levels.at(-1)!.width, levels.at(-1)!.height) >= 16) levels.push(halve(levels.at(-1)!));
  return { levels, pixelsPerMetre };
}

function halve({ width, height, data }: RgbaPicture): RgbaPicture {
  const half = {
    width: width >> 1,
    height: height >> 1,
    data: new Uint8Array((width >> 1) * (height >> 1) * 4),
  };
  for (let row = 0; row < half.height; row++) {
    for (let column = 0; column < half.width * 4; column++) {
      const at = row * 2 * width * 4 + (column >> 2) * 8 + (column & 3);
      half.data[row * half.width * 4 + column] =
        (data[at] + data[at + 4] + data[at + width * 4] + data[at + width * 4 + 4] + 2) >> 2;
    }
  }
  return half;
}

/** Gathers vertices and triangles into a mesh. */
export class MeshBuilder {
  private readonly positions: number[] = [];
  private readonly normals: number[] = [];
  private readonly texels: number[] = [];
  private readonly triangles: number[] = [];
  private readonly textures: number[] = [];
  private readonly shared = new Map<string, number>();

  /** Adds a vertex and gives its index. */
  vertex(position: readonly number[], normal: readonly number[], texel: readonly number[]): number {
    const length = Math.hypot(normal[0], normal[1], normal[2]) || 1;
    this.positions.push(position[0], position[1], position[2]);
    this.normals.push(normal[0] / length, normal[1] / length, normal[2] / length);
    this.texels.push(texel[0], texel[1]);
    return this.positions.length / 3 - 1;
  }

  /** The vertex added under this key before, or a new one. */
  sharedVertex(
    key: string,
    position: readonly number[],
    normal: readonly number[],
    texel: readonly number[],
  ): number {
    const index = this.shared.get(key) ?? this.vertex(position, normal, texel);
    this.shared.set(key, index);
    return index;
  }

  /** Adds the two triangles of four vertices given in order around. */
  quad(a: number, b: number, c: number, d: number, texture: number): void {
    this.triangles.push(a, b, c, a, c, d);
    this.textures.push(texture, texture);
  }

  build(): Mesh {
    return {
      positions: Float32Array.from(this.positions),
      normals: Float32Array.from(this.normals),
      texels: Float32Array.from(this.texels),
      triangles: Uint32Array.from(this.triangles),
      textures: Uint8Array.from(this.textures),
    };
  }
}

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

/** Colour and gloss of a surface: RGBA, where A is how much of the sky it mirrors (0–255). */
export interface Texture {
  width: number;
  height: number;
  data: Uint8Array<ArrayBuffer>;
}

/** Gathers vertices and triangles into a mesh. */
export class MeshBuilder {
  private readonly positions: number[] = [];
  private readonly normals: number[] = [];
  private readonly texels: number[] = [];
  private readonly triangles: number[] = [];
  private readonly textures: number[] = [];

  /** Adds a vertex and gives its index. */
  vertex(position: readonly number[], normal: readonly number[], texel: readonly number[]): number {
    const length = Math.hypot(normal[0], normal[1], normal[2]) || 1;
    this.positions.push(position[0], position[1], position[2]);
    this.normals.push(normal[0] / length, normal[1] / length, normal[2] / length);
    this.texels.push(texel[0], texel[1]);
    return this.positions.length / 3 - 1;
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

import { type Mesh, MeshBuilder } from './mesh.ts';

/** A curve along the vehicle: pairs of metres from the front and a value, joined by straight lines that are rounded. */
type Curve = readonly (readonly [z: number, value: number])[];

/** The body of a vehicle as curves along its length, metres. */
export interface VehicleShape {
  length: number;
  /** Where the lofted body ends, when a load box follows it. */
  bodyLength?: number;
  height: number;
  /** Height of the middle line: bonnet, windscreen, roof, boot. */
  top: Curve;
  /** Height of the shoulder, under the side windows. */
  belt: Curve;
  /** Height of the lower edge. */
  sill: Curve;
  /** Half the width at the shoulder, and at the edge of bonnet and roof. */
  half: Curve;
  topHalf: Curve;
  wheels: { radius: number; front: number; rear: number; half: number };
  /** A load box behind the cab. */
  box?: { front: number; bottom: number; top: number; half: number };
  mirrors: { z: number; y: number; x: number; tall: number };
}

/** Which texture of a vehicle a triangle wears. */
const textureOf = { front: 0, rear: 1, side: 2, top: 3, wheel: 4, dark: 5, box: 6 } as const;

const stationGap = 0.055;
const rounding = 0.07;
const capColumns = 14;

/** Builds the mesh of a body, its wheels and mirrors. Plates are not part of it. */
export function buildVehicle(shape: VehicleShape): Mesh {
  const builder = new MeshBuilder();
  addBody(builder, shape);
  const { wheels } = shape;
  for (const side of [-1, 1]) {
    for (const z of [wheels.front, wheels.rear])
      addWheel(builder, side * wheels.half, z, wheels.radius, side);
    addMirror(builder, shape, side);
  }
  if (shape.box) addBox(builder, shape, shape.box);
  return builder.build();
}

/** Value of a curve, its corners rounded over 7 cm to both sides. */
function valueAt(curve: Curve, z: number): number {
  return (lineAt(curve, z - rounding) + 2 * lineAt(curve, z) + lineAt(curve, z + rounding)) / 4;
}

function lineAt(curve: Curve, z: number): number {
  if (z <= curve[0][0]) return curve[0][1];
  for (let index = 1; index < curve.length; index++) {
    const [from, low] = curve[index - 1];
    const [to, high] = curve[index];
    if (z <= to) return low + ((high - low) * (z - from)) / (to - from);
  }
  return curve.at(-1)![1];
}

type Point = [x: number, y: number];

/** Half a cross-section from the middle of the floor, around the side, to the middle of the roof. */
function sectionAt(shape: VehicleShape, z: number): Point[] {
  const top = valueAt(shape.top, z);
  const belt = Math.min(valueAt(shape.belt, z), top - 0.02);
  const sill = valueAt(shape.sill, z);
  const half = valueAt(shape.half, z);
  const topHalf = valueAt(shape.topHalf, z);
  return roundCorners([
    [0, sill],
    [half * 0.92, sill],
    [half * 0.985, sill + 0.1],
    [half, sill + (belt - sill) * 0.55],
    [half * 0.985, belt - 0.05],
    [half * 0.955, belt],
    [topHalf, top - 0.045],
    [topHalf * 0.86, top - 0.012],
    [0, top],
  ]);
}

/** Two rounds of corner cutting [Chaikin 1974]; the ends stay. */
function roundCorners(points: Point[]): Point[] {
  let rounded = points;
  for (let round = 0; round < 2; round++) {
    const cut: Point[] = [rounded[0]];
    for (let index = 1; index < rounded.length; index++) {
      const [ax, ay] = rounded[index - 1];
      const [bx, by] = rounded[index];
      cut.push(
        [ax * 0.75 + bx * 0.25, ay * 0.75 + by * 0.25],
        [ax * 0.25 + bx * 0.75, ay * 0.25 + by * 0.75],
      );
    }
    cut.push(rounded.at(-1)!);
    rounded = cut;
  }
  return rounded;
}

function addBody(builder: MeshBuilder, shape: VehicleShape): void {
  const length = shape.bodyLength ?? shape.length;
  const count = Math.ceil(length / stationGap);
  const rings = Array.from({ length: count + 1 }, (_, station) => {
    const z = (length * station) / count;
    const half = sectionAt(shape, z);
    const mirrored = half.slice(0, -1).map(([x, y]): Point => [-x, y]);
    return { z, points: [...mirrored, ...half.toReversed()] };
  });
  for (let station = 0; station < count; station++) {
    for (let index = 0; index + 1 < rings[0].points.length; index++)
      addBodyQuad(builder, shape, rings, station, index);
  }
  addCap(builder, shape, 0, textureOf.front);
  addCap(builder, shape, length, textureOf.rear);
}

type Ring = { z: number; points: Point[] };

function addBodyQuad(
  builder: MeshBuilder,
  shape: VehicleShape,
  rings: Ring[],
  station: number,
  index: number,
): void {
  const corners = [
    [station, index],
    [station, index + 1],
    [station + 1, index + 1],
    [station + 1, index],
  ];
  const normals = corners.map(([s, i]) => normalAt(rings, s, i));
  const middle = [0, 1, 2].map((axis) => normals.reduce((sum, normal) => sum + normal[axis], 0));
  const texture = textureFor(middle);
  const vertices = corners.map(([s, i], corner) => {
    const [x, y] = rings[s].points[i];
    const position = [x, y, rings[s].z];
    return builder.sharedVertex(
      `${s},${i},${texture}`,
      position,
      normals[corner],
      texelOf(shape, texture, position),
    );
  });
  builder.quad(vertices[0], vertices[1], vertices[2], vertices[3], texture);
}

function textureFor([nx, ny, nz]: number[]): number {
  if (ny < -Math.abs(nx) && ny < 0) return textureOf.dark;
  if (Math.abs(nx) > Math.abs(nz) && Math.abs(nx) > ny) return textureOf.side;
  if (Math.abs(nz) < 0.36 * Math.abs(ny)) return textureOf.top;
  return nz < 0 ? textureOf.front : textureOf.rear;
}

/** Textures are elevations: front and rear by x and y, sides by z and y, the roof by x and z. */
function texelOf(shape: VehicleShape, texture: number, [x, y, z]: number[]): [number, number] {
  const down = 1 - y / shape.height;
  if (texture === textureOf.side) return [z / shape.length, down];
  if (texture === textureOf.top) return [0.5 + x / 2.4, 1 - z / shape.length];
  return [0.5 + x / 2.4, down];
}

function normalAt(rings: Ring[], station: number, index: number): [number, number, number] {
  const last = rings.length - 1;
  const before = rings[Math.max(0, station - 1)];
  const after = rings[Math.min(last, station + 1)];
  const ring = rings[station].points;
  const previous = ring[Math.max(0, index - 1)];
  const next = ring[Math.min(ring.length - 1, index + 1)];
  const around = [next[0] - previous[0], next[1] - previous[1], 0];
  const along = [
    after.points[index][0] - before.points[index][0],
    after.points[index][1] - before.points[index][1],
    after.z - before.z,
  ];
  return [
    -(around[1] * along[2] - around[2] * along[1]),
    -(around[2] * along[0] - around[0] * along[2]),
    -(around[0] * along[1] - around[1] * along[0]),
  ];
}

/** Closes the front or the rear, slightly domed so that it does not look like a board. */
function addCap(builder: MeshBuilder, shape: VehicleShape, z: number, texture: number): void {
  const outward = texture === textureOf.front ? -1 : 1;
  const half = sectionAt(shape, z);
  const middleY = (half[0][1] + half.at(-1)![1]) / 2;
  const rows = half.map(([x, y]) =>
    Array.from({ length: capColumns + 1 }, (_, column) => {
      const across = (2 * column) / capColumns - 1;
      const position = [x * across, y, z + outward * 0.05 * (1 - across * across)];
      return builder.vertex(
        position,
        [0.45 * across, 0.5 * (y - middleY), outward],
        texelOf(shape, texture, position),
      );
    }),
  );
  for (let row = 0; row + 1 < rows.length; row++)
    for (let column = 0; column < capColumns; column++)
      builder.quad(
        rows[row][column],
        rows[row][column + 1],
        rows[row + 1][column + 1],
        rows[row + 1][column],
        texture,
      );
}

function addWheel(builder: MeshBuilder, x: number, z: number, radius: number, side: number): void {
  const segments = 28;
  const inner = x - side * 0.21;
  const hub = builder.vertex([x - side * 0.02, radius, z], [side, 0, 0], [0.5, 0.5]);
  let before: number[] | undefined;
  for (let step = 0; step <= segments; step++) {
    const angle = (2 * Math.PI * step) / segments;
    const dy = Math.cos(angle);
    const dz = Math.sin(angle);
    const y = radius + radius * dy;
    const tread = builder.vertex([x, y, z + radius * dz], [0, dy, dz], [0.5, 0.02]);
    const back = builder.vertex([inner, y, z + radius * dz], [0, dy, dz], [0.5, 0.02]);
    const face = builder.vertex([x, y, z + radius * dz], [side, 0, 0], [0.5 + dz * 0.5, 0.5 - dy * 0.5]);
    if (before) {
      builder.quad(before[0], tread, back, before[1], textureOf.wheel);
      builder.quad(before[2], face, hub, hub, textureOf.wheel);
    }
    before = [tread, back, face];
  }
}

function addMirror(builder: MeshBuilder, shape: VehicleShape, side: number): void {
  const { x, y, z, tall } = shape.mirrors;
  const rows = 8;
  const columns = 12;
  const grid = Array.from({ length: rows + 1 }, (_, row) =>
    Array.from({ length: columns + 1 }, (_, column) => {
      const latitude = (Math.PI * row) / rows;
      const longitude = (2 * Math.PI * column) / columns;
      const normal = [
        Math.sin(latitude) * Math.cos(longitude),
        Math.cos(latitude),
        Math.sin(latitude) * Math.sin(longitude),
      ];
      const position = [side * x + normal[0] * 0.115, y + normal[1] * tall, z + normal[2] * 0.07];
      const texel = normal[2] < 0.35 ? [0.1, 0.95] : [0.985, 0.985];
      return builder.vertex(position, normal, texel);
    }),
  );
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      builder.quad(
        grid[row][column],
        grid[row][column + 1],
        grid[row + 1][column + 1],
        grid[row + 1][column],
        textureOf.top,
      );
}

/** A flat-sided load box: front, back, sides and roof. */
function addBox(builder: MeshBuilder, shape: VehicleShape, box: NonNullable<VehicleShape['box']>): void {
  const { front, bottom, top, half } = box;
  const rear = shape.length;
  const face = (corners: number[][], normal: number[], texture: number) => {
    const texels = [
      [0, 1],
      [0, 0],
      [1, 0],
      [1, 1],
    ];
    const vertices = corners.map((corner, index) => builder.vertex(corner, normal, texels[index]));
    builder.quad(vertices[0], vertices[1], vertices[2], vertices[3], texture);
  };
  face(
    [
      [-half, bottom, front],
      [-half, top, front],
      [half, top, front],
      [half, bottom, front],
    ],
    [0, 0.1, -1],
    textureOf.box,
  );
  face(
    [
      [half, bottom, rear + 0.02],
      [half, top, rear + 0.02],
      [-half, top, rear + 0.02],
      [-half, bottom, rear + 0.02],
    ],
    [0, 0.1, 1],
    textureOf.box,
  );
  face(
    [
      [-half, bottom, rear],
      [-half, top, rear],
      [-half, top, front],
      [-half, bottom, front],
    ],
    [-1, 0.1, 0],
    textureOf.box,
  );
  face(
    [
      [half, bottom, front],
      [half, top, front],
      [half, top, rear],
      [half, bottom, rear],
    ],
    [1, 0.1, 0],
    textureOf.box,
  );
  face(
    [
      [-half, top, front],
      [-half, top, rear],
      [half, top, rear],
      [half, top, front],
    ],
    [0, 1, 0],
    textureOf.box,
  );
}

/** Row `row` goes with column `column`. */
export interface Pair {
  row: number;
  column: number;
}

/**
 * The one-to-one pairing with the least total cost, where leaving a row and a column apart costs `limit`: a pair is made
 * only when it costs less than that, and one good pair is preferred to two bad ones. Not-a-number and Infinity forbid a
 * pair. Shortest augmenting paths with potentials [Jonker & Volgenant 1987], O(n³). Pairs come in the order of rows.
 */
export function assign(costs: readonly (readonly number[])[], limit: number): Pair[] {
  const rows = costs.length;
  const columns = costs[0]?.length ?? 0;
  if (rows === 0 || columns === 0) return [];

  // A gain is negative; not pairing gains nothing. So the least sum of gains never needs a pair at or above the limit.
  const gain = (row: number, column: number) => {
    const cost = costs[row][column];
    return cost < limit ? cost - limit : 0;
  };
  const pairs =
    rows <= columns
      ? leastSum(rows, columns, gain).map((column, row) => ({ row, column }))
      : leastSum(columns, rows, (column, row) => gain(row, column)).map((row, column) => ({ row, column }));
  return pairs.filter(({ row, column }) => gain(row, column) < 0).sort((a, b) => a.row - b.row);
}

/** For each of `rows` (≤ `columns`) its column, so that the sum of `cost` is least. All costs are finite. */
function leastSum(rows: number, columns: number, cost: (row: number, column: number) => number): number[] {
  const rowPotential = new Float64Array(rows + 1);
  const columnPotential = new Float64Array(columns + 1);
  // Rows and columns count from 1; column 0 holds the row that is being placed.
  const rowOf = new Int32Array(columns + 1);

  for (let row = 1; row <= rows; row++) {
    const reached = new Uint8Array(columns + 1);
    const distance = new Float64Array(columns + 1).fill(Number.POSITIVE_INFINITY);
    const cameFrom = new Int32Array(columns + 1);
    rowOf[0] = row;
    let column = 0;
    while (rowOf[column] !== 0) {
      reached[column] = 1;
      const here = rowOf[column];
      let nearest = 0;
      let step = Number.POSITIVE_INFINITY;
      for (let next = 1; next <= columns; next++) {
        if (reached[next]) continue;
        const reduced = cost(here - 1, next - 1) - rowPotential[here] - columnPotential[next];
        if (reduced < distance[next]) {
          distance[next] = reduced;
          cameFrom[next] = column;
        }
        if (distance[next] < step) {
          step = distance[next];
          nearest = next;
        }
      }
      for (let any = 0; any <= columns; any++) {
        if (reached[any]) {
          rowPotential[rowOf[any]] += step;
          columnPotential[any] -= step;
        } else distance[any] -= step;
      }
      column = nearest;
    }
    while (column !== 0) {
      rowOf[column] = rowOf[cameFrom[column]];
      column = cameFrom[column];
    }
  }

  const columnOf = new Array<number>(rows);
  for (let column = 1; column <= columns; column++)
    if (rowOf[column]) columnOf[rowOf[column] - 1] = column - 1;
  return columnOf;
}

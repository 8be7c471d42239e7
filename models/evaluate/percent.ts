/** A share for a column of figures: `   97.7 %`; of nothing it is 0. */
export function percent(part: number, whole: number): string {
  return `${((100 * part) / Math.max(1, whole)).toFixed(1)} %`.padStart(7);
}

/** A confidence as it is sent: 0 to 1 with four decimals; what is not a number counts as none. */
export function rounded(confidence: number): number {
  return Math.round(Math.min(1, Math.max(0, confidence || 0)) * 1e4) / 1e4;
}

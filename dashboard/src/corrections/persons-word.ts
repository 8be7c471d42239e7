/** Whether a verdict or a plate is what a person said: certain, and no frame took part in it. */
export function isPersonsWord({ confidence, votes }: { confidence: number; votes: number }): boolean {
  return confidence === 1 && votes === 0;
}

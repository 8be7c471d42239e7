import fc from 'fast-check';
import { type PlateColour, platePatterns } from '../../../../edge/perceive/plates/plate-grammar.ts';

/** The model's characters, in the order of its manifest; the order is of no matter to the beam. */
export const alphabet = [
  ...new Set(platePatterns.flatMap((pattern) => pattern.positions.flatMap((p) => [...p]))),
];

/** A text of any pattern, with the pattern it was made from. */
export const anyPlate = fc
  .constantFrom(...platePatterns)
  .chain((pattern) =>
    fc.tuple(
      fc.constant(pattern),
      fc.tuple(...pattern.positions.map((characters) => fc.constantFrom(...characters))),
    ),
  )
  .map(([pattern, characters]) => ({ pattern, text: characters.join('') }));

/** Probabilities of a reader who is `sure` of every character of `text`, with a blank after each. */
export function readingOf(text: string, sure = 1) {
  const columns = alphabet.length + 2;
  const characters = [...text];
  const data = new Float32Array(characters.length * 2 * columns);
  characters.forEach((character, i) => {
    const at = i * 2 * columns;
    data.fill((1 - sure) / (columns - 1), at, at + columns);
    data[at + 1 + alphabet.indexOf(character)] = sure;
    data[at + columns] = 1;
  });
  return { data, steps: characters.length * 2, columns, alphabet };
}

/** Any probabilities, `steps` rows that each sum to 1; `peak` makes some characters stand out. */
export const anyProbabilities = fc
  .record({
    steps: fc.integer({ min: 0, max: 26 }),
    seed: fc.nat(),
    peak: fc.double({ min: 1, max: 40, noNaN: true }),
  })
  .map(({ steps, seed, peak }) => {
    const columns = alphabet.length + 2;
    const data = new Float32Array(steps * columns);
    let state = seed + 1;
    for (let step = 0; step < steps; step++) {
      const row = data.subarray(step * columns, (step + 1) * columns);
      for (let c = 0; c < columns; c++) {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        row[c] = (state / 2 ** 32) ** peak;
      }
      const sum = row.reduce((a, b) => a + b, 0);
      for (let c = 0; c < columns; c++) row[c]! /= sum;
    }
    return { data, steps, columns, alphabet };
  });

export const colours: PlateColour[] = ['blue', 'yellow', 'green', 'white', 'black'];

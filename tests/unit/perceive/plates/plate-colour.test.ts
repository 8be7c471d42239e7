import { describe, expect, test } from 'vitest';
import { likelyColour } from '../../../../edge/perceive/plates/plate-colour.ts';
import { parsePlate } from '../../../../edge/perceive/plates/plate-grammar.ts';

const seen = { blue: 0.02, yellow: 0.02, green: 0.02, white: 0.02, black: 0.02, other: 0 };

describe('the background of a plate', () => {
  test.each([
    ['苏A12345', 'blue'],
    ['苏A12345', 'yellow'],
    ['苏AD12345', 'green'],
    ['苏A1234警', 'white'],
    ['粤ZAB12港', 'black'],
  ] as const)('of %s is %s when that is what is seen', (text, colour) => {
    expect(likelyColour({ ...seen, [colour]: 0.9 }, parsePlate(text)!.colours)).toBe(colour);
  });

  test('that the pattern never has gives way to one it has, when both are seen', () => {
    expect(likelyColour({ ...seen, white: 0.5, green: 0.4 }, parsePlate('苏AD12345')!.colours)).toBe('green');
  });

  test('is unknown when two that the pattern has are as likely', () => {
    expect(likelyColour({ ...seen, blue: 0.45, yellow: 0.45 }, parsePlate('苏A12345')!.colours)).toBe(
      'unknown',
    );
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  classesFitting,
  classOf,
  mayStandAt,
  plateIssue,
  sayable,
} from '../../../../dashboard/src/corrections/plate-rules.ts';
import { parsePlate, platePatterns } from '../../../../edge/perceive/plates/plate-grammar.ts';
import { newCorrection } from '../../../../hub/contract/correction.ts';

const accepts = (text: string) =>
  newCorrection.safeParse({ fact: { of: 'plate', text, class: 'unknown' }, reason: 'x' }).success;

describe('the rules of the page', () => {
  test('take what the hub takes, and refuse what it refuses', () => {
    const anything = fc.string({
      unit: fc.constantFrom(...'苏A1皖京Zz0 ·é台-学é'),
      minLength: 0,
      maxLength: 14,
    });
    fc.assert(fc.property(anything, (text) => sayable.test(text) === accepts(text)));
    for (const length of [0, 1, 12, 13])
      expect([length, sayable.test('A'.repeat(length))]).toEqual([length, accepts('A'.repeat(length))]);
  });

  test('know every plate that boxes know, with every character at every place', () => {
    const texts = platePatterns.flatMap(({ positions }) => {
      const usual = positions.map((at) => at[0]);
      return positions.flatMap((at, index) => [...at].map((each) => usual.with(index, each).join('')));
    });
    const unlike = texts.filter((text) => {
      const parsed = parsePlate(text)?.class ?? 'unknown';
      const characters = [...text];
      return (
        !classesFitting(text).includes(parsed) ||
        plateIssue(characters, parsed) !== undefined ||
        !characters.every((character, index) => mayStandAt(index, character))
      );
    });
    expect(texts.length).toBeGreaterThan(1000);
    expect(unlike).toEqual([]);
  });

  test('know no plate that boxes do not know', () => {
    const almost = fc.string({
      unit: fc.constantFrom(...'苏粤使民航A1ZDXW警港应急学'),
      minLength: 5,
      maxLength: 9,
    });
    fc.assert(
      fc.property(almost, (text) => classesFitting(text).length > 0 === (parsePlate(text) !== undefined)),
    );
  });
});

describe('what cannot be sent says why', () => {
  const issue = (text: string, kind: Parameters<typeof plateIssue>[1] = 'small_car') =>
    plateIssue(
      [...text].map((character) => (character === '_' ? '' : character)),
      kind,
    );

  test.each([
    ['', { kind: 'empty' }],
    ['___', { kind: 'empty' }],
    ['苏A_2345', { kind: 'gap', at: 2 }],
    ['苏A1234', { kind: 'short', missing: 1 }],
    ['苏A1', { kind: 'short', missing: 4 }],
    ['苏A123456', { kind: 'long', extra: 1 }],
    ['台A12345', { kind: 'misplaced', at: 0, character: '台' }],
    ['苏112345', { kind: 'misplaced', at: 1, character: '1' }],
    ['苏1', { kind: 'misplaced', at: 1, character: '1' }],
    ['苏A1234O', { kind: 'misplaced', at: 6, character: 'O' }],
    ['苏a12345', { kind: 'not_sayable' }],
  ])('%s', (text, expected) => expect(issue(text)).toEqual(expected));

  test('empty places at the end are no gap', () => expect(issue('苏A12345_')).toBeUndefined());

  test('a plate of no table is sent as of unknown class', () => {
    expect(issue('TOKYO330', 'unknown')).toBeUndefined();
    expect(issue('TOKYO330', 'small_car')).toBeDefined();
  });
});

describe('the class follows what is entered', () => {
  test('a yellow plate stays a large vehicle when one of its characters is put right', () =>
    expect(classOf('苏A12346', 'large_vehicle')).toBe('large_vehicle'));
  test('an eighth character makes it a new-energy plate, and its end a police plate', () => {
    expect(classOf('苏AD12345', 'small_car')).toBe('small_new_energy');
    expect(classOf('苏A12345D', 'small_car')).toBe('large_new_energy');
    expect(classOf('苏A1234警', 'small_car')).toBe('police');
  });
  test('halfway it stays what it was; unknown stays unknown', () => {
    expect(classOf('苏A12', 'large_vehicle')).toBe('large_vehicle');
    expect(classOf('苏A12345', 'unknown')).toBe('unknown');
    expect(classOf('', undefined)).toBe('small_car');
  });
});

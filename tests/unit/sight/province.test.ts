import { describe, expect, test } from 'vitest';
import type { PlateReading } from '../../../edge/perceive/perception.ts';
import { PlateVotes } from '../../../edge/sight/plate-vote.ts';
import { provinceOfPlate, provinceOfReading } from '../../../edge/sight/province.ts';
import { type ProvinceVerdict, plateClass } from '../../../hub/contract/sighting.ts';
import { aReading } from './observations.ts';

const rule = { homeProvince: '苏', watched: ['鄂'] };

function verdictOver(
  readings: PlateReading[],
  against = rule as { homeProvince: string | undefined; watched: string[] },
  held?: ProvinceVerdict,
) {
  const votes = new PlateVotes();
  for (const reading of readings) votes.add(reading);
  const agreed = votes.agreed();
  if (!agreed) throw new Error('nothing was read');
  return provinceOfPlate(agreed, against, held);
}

function repeated(times: number, reading: PlateReading): PlateReading[] {
  return Array<PlateReading>(times).fill(reading);
}

describe('over a track', () => {
  test.each([
    ['苏A12345', 'home', '苏'],
    ['浙A12345', 'out_of_province', '浙'],
    ['鄂A12345', 'watched', '鄂'],
  ])('%s is %s', (text, verdict, code) => {
    expect(verdictOver(repeated(4, aReading(text)))).toMatchObject({ verdict, code, votes: 4 });
  });

  test('one glimpse accuses nobody, and two neither', () => {
    for (const times of [1, 2]) {
      const verdict = verdictOver(repeated(times, aReading('浙A12345', { confidence: 0.99 })));
      expect(verdict.verdict).toBe('uncertain');
      expect(verdict.code).toBeUndefined();
    }
  });

  test('the same doubt in a hundred frames is still a doubt', () => {
    const doubtful = aReading('京A12345', { doubts: { 0: { rival: '琼', share: 0.4 } } });
    expect(verdictOver(repeated(100, doubtful)).verdict).toBe('uncertain');
  });

  test('frames that contradict each other are a doubt', () => {
    const readings = [...repeated(5, aReading('浙A12345')), ...repeated(4, aReading('苏A12345'))];
    expect(verdictOver(readings).verdict).toBe('uncertain');
  });

  test('one poor reading does not take back what was sure, contradiction does', () => {
    const sure = repeated(4, aReading('浙A12345'));
    const held = verdictOver(sure);
    const shaken = [...sure, aReading('苏A12345')];
    expect(verdictOver(shaken).verdict).toBe('uncertain');
    expect(verdictOver(shaken, rule, held).verdict).toBe('out_of_province');
    expect(verdictOver([...sure, ...repeated(3, aReading('苏A12345'))], rule, held).verdict).toBe(
      'uncertain',
    );
  });

  test('a watched province is watched at home too', () => {
    expect(
      verdictOver(repeated(4, aReading('苏A12345')), { homeProvince: '苏', watched: ['苏'] }).verdict,
    ).toBe('watched');
  });

  test('without a home province nothing is home or away', () => {
    const held = { homeProvince: undefined, watched: ['鄂'] };
    expect(verdictOver(repeated(4, aReading('浙A12345')), held).verdict).toBe('uncertain');
    expect(verdictOver(repeated(4, aReading('鄂A12345')), held).verdict).toBe('watched');
  });

  test('an unknown class is uncertain, however sure the characters are', () => {
    expect(verdictOver(repeated(9, aReading('浙A12345', { plateClass: 'unknown' }))).verdict).toBe(
      'uncertain',
    );
  });

  test('classes that differ but all have a province do not cast a doubt', () => {
    const readings = [
      ...repeated(3, aReading('浙A12345')),
      ...repeated(3, aReading('浙A12345', { plateClass: 'large_vehicle' })),
    ];
    expect(verdictOver(readings).verdict).toBe('out_of_province');
  });

  test('classes that disagree on whether the rule applies are a doubt, also when few disagree', () => {
    const few = aReading('粤Z1234港', { plateClass: 'hong_kong_macao' });
    expect(verdictOver([...repeated(4, aReading('粤Z1234港')), few]).verdict).toBe('uncertain');
    expect(verdictOver([...repeated(9, aReading('粤Z1234港')), few]).verdict).toBe('out_of_province');
  });
});

const applies: Record<string, boolean> = {
  small_car: true,
  large_vehicle: true,
  driving_school: true,
  trailer: true,
  small_new_energy: true,
  large_new_energy: true,
  police: true,
  hong_kong_macao: false,
  embassy: false,
  consulate: false,
  military: false,
  civil_aviation: false,
  armed_police: false,
  emergency: false,
};

describe('by class', () => {
  test.each(plateClass.options.filter((name) => name !== 'unknown'))('%s follows the table', (name) => {
    const readings = repeated(4, aReading('浙A12345', { plateClass: name }));
    const expected = applies[name] ? 'out_of_province' : 'not_applicable';
    expect(verdictOver(readings).verdict).toBe(expected);
    expect(
      provinceOfReading(aReading('浙A12345', { plateClass: name, confidence: 0.97 }), rule).verdict,
    ).toBe(expected);
  });

  test('where the rule does not apply, no province is named', () => {
    expect(
      verdictOver(repeated(4, aReading('粤Z1234港', { plateClass: 'hong_kong_macao' }))),
    ).not.toHaveProperty('code');
  });
});

describe('of a single picture', () => {
  const sure = { confidence: 0.97 };

  test('the verdict compares with home and watched', () => {
    expect(provinceOfReading(aReading('苏A12345', sure), rule)).toEqual({ verdict: 'home', code: '苏' });
    expect(provinceOfReading(aReading('浙A12345', sure), rule)).toEqual({
      verdict: 'out_of_province',
      code: '浙',
    });
    expect(provinceOfReading(aReading('鄂A12345', sure), rule)).toEqual({ verdict: 'watched', code: '鄂' });
  });

  test('without a home the code is given and the verdict is uncertain', () => {
    expect(provinceOfReading(aReading('苏A12345', sure), { homeProvince: undefined, watched: [] })).toEqual({
      verdict: 'uncertain',
      code: '苏',
    });
  });

  test('a province needs a confidence of 0.9: no other picture can correct it', () => {
    const read = (confidence: number) =>
      provinceOfReading(aReading('浙A12345', { confidence }), rule).verdict;
    expect(read(0.89)).toBe('uncertain');
    expect(read(0.91)).toBe('out_of_province');
  });

  test('a text of guesses names no province, however sure its first character', () => {
    const guessed = { ...aReading('渝A12345', sure), confidence: 0.67 };
    expect(provinceOfReading(guessed, rule)).toEqual({ verdict: 'uncertain' });
  });

  test('a plate that hardly fits a Chinese one names no province, however well it is read', () => {
    const lookalike = { ...aReading('川AXK65H', sure), score: 0.37 };
    expect(provinceOfReading(lookalike, rule)).toEqual({ verdict: 'uncertain' });
  });

  test('a character that is not read well names no province', () => {
    const doubtful = aReading('京A12345', { doubts: { 0: { rival: '琼', share: 0.2 } } });
    expect(provinceOfReading(doubtful, rule)).toEqual({ verdict: 'uncertain' });
    expect(provinceOfReading(aReading('AA12345'), rule)).toEqual({ verdict: 'uncertain' });
    expect(provinceOfReading({ ...aReading('苏A12345', sure), characters: [] }, rule)).toEqual({
      verdict: 'uncertain',
    });
  });
});

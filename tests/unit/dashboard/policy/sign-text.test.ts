import { describe, expect, test } from 'vitest';
import { formatDate } from '../../../../dashboard/src/i18n/times.ts';
import type { Rule } from '../../../../dashboard/src/policy/policy-rules.ts';
import { readSignFields, type SignFields } from '../../../../dashboard/src/policy/sign-fields.ts';
import {
  plainSign,
  rulesOnSign,
  signText,
  unfinishedFields,
  untranslatedReasons,
} from '../../../../dashboard/src/policy/sign-text.ts';
import type { Policy } from '../../../../hub/contract/policy.ts';
import { at } from '../builders.ts';

const now = Date.parse(at(0));
const day = 86_400;
const languages = ['zh-CN', 'en'] as const;

const rule: Rule = {
  enabled: true,
  reason: '流感高发期',
  owner: '王主任',
  startsAt: at(-day),
  endsAt: at(10 * day),
};
const ended = { ...rule, startsAt: at(-9 * day), endsAt: at(0) };
const planned = { ...rule, startsAt: at(2 * day), endsAt: at(20 * day) };
const off = { ...rule, enabled: false };

const aPolicy = (rules: Partial<Policy>): Policy => ({
  schema: 1,
  site: 'demo',
  version: 7,
  homeProvince: '豫',
  strangerRetentionDays: 23,
  ...rules,
});
const watched = { ...rule, provinces: ['鄂', '皖'] };
const all = aPolicy({ mask: rule, firstTime: rule, outOfProvince: rule, watchedProvinces: [watched] });
const nothingTyped = readSignFields(undefined);

const aWording = (changes: Partial<SignFields['wordings']['en']>) => ({
  operator: '',
  contact: '',
  alternative: '',
  reasons: {},
  ...changes,
});

const read = (policy: Policy, language: (typeof languages)[number], fields = nothingTyped) =>
  plainSign(signText(policy, fields, now, language));
const sectionsOf = (policy: Policy, language: (typeof languages)[number]) =>
  signText(policy, nothingTyped, now, language).sections.map(({ key }) => key);

describe.each(languages)('the sign in %s', (language) => {
  test('every rule that runs is named with its purpose, its owner and its end', () => {
    const { rules } = signText(all, nothingTyped, now, language);
    expect(rules.map(({ name }) => name)).toEqual(['mask', 'firstTime', 'watchedProvinces', 'outOfProvince']);
    for (const { period, paragraphs } of rules) {
      expect(period).toContain(formatDate(rule.endsAt, language));
      expect(paragraphs.join()).toContain('流感高发期');
      expect(paragraphs.join()).toContain('王主任');
    }
  });

  test('a rule that is over, switched off or not there is not named', () => {
    const policy = aPolicy({ mask: rule, firstTime: ended, outOfProvince: off });
    expect(signText(policy, nothingTyped, now, language).rules.map(({ name }) => name)).toEqual(['mask']);
  });

  test('a planned rule is said with its start and its end', () => {
    const [named] = signText(aPolicy({ mask: planned }), nothingTyped, now, language).rules;
    expect(named.period).toContain(formatDate(planned.startsAt, language));
    expect(named.period).toContain(formatDate(planned.endsAt, language));
  });

  test('where no first-time rule runs or is planned, nothing is said of templates, comparing or recognising faces', () => {
    for (const firstTime of [undefined, off, ended]) {
      const text = read(aPolicy({ mask: rule, outOfProvince: rule, firstTime }), language);
      expect(text).not.toMatch(/模板|比对|人脸识别|template|compar|face recognition/i);
      expect(text).not.toMatch(/23 (天|day)/);
    }
  });

  test('where faces are compared it says for how many days templates are kept', () => {
    expect(read(aPolicy({ firstTime: rule }), language)).toMatch(/23 (天|days)/);
  });

  test('templates of a planned first-time rule are announced from its start, not before', () => {
    const kept = (firstTime: Rule) =>
      signText(aPolicy({ firstTime }), nothingTyped, now, language).sections.find(
        ({ key }) => key === 'kept',
      );
    expect(kept(planned)?.paragraphs[0]).toContain(formatDate(planned.startsAt, language));
    expect(kept(rule)?.paragraphs[0]).not.toContain(formatDate(rule.startsAt, language));
  });

  test('another way in is offered wherever a face is compared, also when the field was emptied', () => {
    const emptied = {
      ...nothingTyped,
      wordings: { 'zh-CN': aWording({}), en: aWording({ alternative: '  ' }) },
    };
    for (const firstTime of [rule, planned]) {
      const { sections } = signText(aPolicy({ firstTime }), emptied, now, language);
      const way = sections.find(({ key }) => key === 'alternative');
      expect(way?.paragraphs[0].trim()).toBeTruthy();
    }
    expect(sectionsOf(aPolicy({ mask: rule }), language)).not.toContain('alternative');
  });

  test('what is kept and which rights people have are always said, with the day of the text and the policy’s version', () => {
    for (const policy of [all, aPolicy({ mask: rule }), aPolicy({ outOfProvince: planned })]) {
      expect(sectionsOf(policy, language)).toEqual(expect.arrayContaining(['kept', 'rights']));
      const { closing } = signText(policy, nothingTyped, now, language);
      expect(closing).toContain(formatDate(at(0), language));
      expect(closing).toContain('7');
    }
  });

  test('watched provinces and the home province are said by name and by the character on the plate', () => {
    const text = read(all, language);
    for (const each of language === 'en'
      ? ['Hubei (鄂)', 'Anhui (皖)', 'Henan (豫)']
      : ['湖北（鄂）', '安徽（皖）', '河南（豫）'])
      expect(text).toContain(each);
  });

  test('what was typed is on the sign; what was typed in one language only is on both', () => {
    const fields: SignFields = {
      recordDays: 45,
      wordings: {
        'zh-CN': aWording({ operator: '金苑物业', contact: '1 号楼 101 室', alternative: '请走东门刷卡' }),
        en: aWording({ operator: 'Jinyuan', reasons: { 流感高发期: 'Flu season' } }),
      },
    };
    const text = read(all, language, fields);
    for (const each of ['1 号楼 101 室', '请走东门刷卡', '45']) expect(text).toContain(each);
    expect(text).toContain(language === 'en' ? 'Jinyuan' : '金苑物业');
    expect(text).toContain(language === 'en' ? 'Flu season' : '流感高发期');
    expect(text).not.toContain('____');
    expect(text).not.toContain('＿＿');
  });
});

test('both languages name the same rules and have the same sections, whatever stands in the policy', () => {
  const states = [undefined, rule, planned, ended, off];
  for (const mask of states)
    for (const firstTime of states) {
      const policy = aPolicy({ mask, firstTime, watchedProvinces: [watched] });
      const [chinese, english] = languages.map((each) => signText(policy, nothingTyped, now, each));
      expect(english.rules.map(({ name }) => name)).toEqual(chinese.rules.map(({ name }) => name));
      expect(english.sections.map(({ key }) => key)).toEqual(chinese.sections.map(({ key }) => key));
      expect(english.rules).toHaveLength(rulesOnSign(policy, now).length);
    }
});

test('what no rule asks for is not on the sign: nothing runs, nothing is named', () => {
  expect(rulesOnSign(aPolicy({ mask: off, firstTime: ended }), now)).toEqual([]);
  expect(rulesOnSign(aPolicy({ mask: planned }), now).map(({ state }) => state)).toEqual(['planned']);
});

test('the page asks for what a sign lacks, and for nothing once it is whole', () => {
  expect(unfinishedFields(all, nothingTyped, now)).toEqual(['operator', 'contact', 'recordDays', 'reasons']);
  const whole: SignFields = {
    recordDays: 30,
    wordings: {
      'zh-CN': aWording({ operator: '金苑物业', contact: '101 室' }),
      en: aWording({ reasons: { 流感高发期: 'Flu season' } }),
    },
  };
  expect(unfinishedFields(all, whole, now)).toEqual([]);
});

test('another way in that is told in one language only is asked for in the other', () => {
  const wordings = { 'zh-CN': aWording({ alternative: '请走东门刷卡' }), en: aWording({}) };
  expect(unfinishedFields(all, { recordDays: 1, wordings }, now)).toContain('alternative');
  expect(unfinishedFields(aPolicy({ mask: rule }), { recordDays: 1, wordings }, now)).not.toContain(
    'alternative',
  );
});

test('a reason is asked for once, in the language that it is not written in', () => {
  const policy = aPolicy({ mask: rule, firstTime: rule, outOfProvince: { ...rule, reason: 'By request' } });
  expect(untranslatedReasons(policy, now)).toEqual([
    { reason: '流感高发期', language: 'en' },
    { reason: 'By request', language: 'zh-CN' },
  ]);
});

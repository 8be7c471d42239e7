import type { Policy } from '../../../hub/contract/policy.ts';
import { en } from '../i18n/en.ts';
import type { Language } from '../i18n/language.tsx';
import { formatDate, formatDateTime } from '../i18n/times.ts';
import { type Words, zh } from '../i18n/zh.ts';
import { type Rule, type RuleName, ruleNames, ruleState, rulesOf } from './policy-rules.ts';
import { provinceInWords } from './provinces.ts';
import type { SignFields } from './sign-fields.ts';

/** One rule as the sign names it. */
interface SignRule {
  name: RuleName;
  title: string;
  period: string;
  /** What is looked at, what for, who answers for it. */
  paragraphs: string[];
}

/** A part of the sign under a heading of its own. */
interface SignSection {
  key: 'alternative' | 'kept' | 'rights';
  title: string;
  paragraphs: string[];
}

/** The sign in one language, in the order in which it is read. */
export interface SignText {
  language: Language;
  title: string;
  opening: string;
  rulesTitle: string;
  rules: SignRule[];
  sections: SignSection[];
  closing: string;
}

/** What is typed on the page, and what a sign can still lack. */
export type SignField = 'operator' | 'contact' | 'alternative' | 'recordDays' | 'reasons';

interface NamedRule {
  name: RuleName;
  rule: Rule;
  state: 'running' | 'planned';
}

type TypedField = 'operator' | 'contact' | 'alternative';

const languages: readonly Language[] = ['zh-CN', 'en'];

/** The rules that a sign names: those that run, and those that will. `now` in milliseconds. */
export function rulesOnSign(policy: Policy, now: number): NamedRule[] {
  return ruleNames.flatMap((name) =>
    rulesOf(policy, name).flatMap((rule) => {
      const state = ruleState(rule, now);
      return state === 'running' || state === 'planned' ? [{ name, rule, state }] : [];
    }),
  );
}

/** The sign for the gate: who watches for what and why, until when, what is kept, which rights people have. `now` in milliseconds. */
export function signText(policy: Policy, fields: SignFields, now: number, language: Language): SignText {
  const paper = wordsOf(language).sign.paper;
  const rules = rulesOnSign(policy, now);
  const comparison = rules.find(({ name }) => name === 'firstTime');
  return {
    language,
    title: paper.titles[comparison?.state ?? 'none'],
    opening: paper.opening(typed(fields, 'operator', language) || paper.blank.repeat(2)),
    rulesTitle: paper.rules,
    rules: rules.map((named) => describeRule(named, policy, fields, language)),
    sections: [
      ...(comparison ? [alternativeWay(fields, language)] : []),
      whatIsKept(comparison, policy, fields, language),
      rights(fields, language),
    ],
    closing: paper.closing(formatDate(new Date(now).toISOString(), language), policy.version),
  };
}

/** The sign as plain text, to be pasted elsewhere. */
export function plainSign({ title, opening, rulesTitle, rules, sections, closing }: SignText): string {
  const ruleLines = rules.map((rule, index) =>
    [`${index + 1}. ${rule.title} · ${rule.period}`, ...rule.paragraphs].join('\n'),
  );
  const sectionLines = sections.map((section) => [section.title, ...section.paragraphs].join('\n'));
  return [title, opening, rulesTitle, ...ruleLines, ...sectionLines, closing].join('\n\n');
}

/** The fields without which a sign has an empty line, or words of the other language. */
export function unfinishedFields(policy: Policy, fields: SignFields, now: number): SignField[] {
  const rules = rulesOnSign(policy, now);
  const compares = rules.some(({ name }) => name === 'firstTime');
  const count = (field: TypedField) => languages.filter((each) => fields.wordings[each][field]).length;
  const open: Record<SignField, boolean> = {
    operator: count('operator') === 0,
    contact: count('contact') === 0,
    recordDays: fields.recordDays === undefined,
    // Typed in one language, it may say something else than what we would say in the other.
    alternative: compares && count('alternative') === 1,
    reasons: untranslatedReasons(policy, now).some(
      ({ reason, language }) => !fields.wordings[language].reasons[reason],
    ),
  };
  return (Object.keys(open) as SignField[]).filter((field) => open[field]);
}

/** Reasons on the sign that are not written in one of its languages, each once, with that language. */
export function untranslatedReasons(policy: Policy, now: number): { reason: string; language: Language }[] {
  const reasons = new Set(rulesOnSign(policy, now).map(({ rule }) => rule.reason));
  return [...reasons].map((reason) => ({ reason, language: isChinese(reason) ? 'en' : 'zh-CN' }));
}

function describeRule(
  { name, rule, state }: NamedRule,
  policy: Policy,
  fields: SignFields,
  language: Language,
): SignRule {
  const words = wordsOf(language);
  const paper = words.sign.paper;
  const end = formatDateTime(rule.endsAt, language);
  const provinces = (rule.provinces ?? []).map((each) => provinceInWords(each, language));
  const what: Record<RuleName, string> = {
    mask: paper.mask,
    firstTime: paper.firstTime,
    watchedProvinces: paper.watchedProvinces(provinces.join(words.listComma)),
    outOfProvince: paper.outOfProvince(provinceInWords(policy.homeProvince, language)),
  };
  return {
    name,
    title: words.policy.rules[name],
    period:
      state === 'running' ? paper.until(end) : paper.fromUntil(formatDateTime(rule.startsAt, language), end),
    paragraphs: [
      what[name],
      paper.purpose(fields.wordings[language].reasons[rule.reason] || rule.reason),
      paper.owner(rule.owner),
    ],
  };
}

function alternativeWay(fields: SignFields, language: Language): SignSection {
  const paper = wordsOf(language).sign.paper;
  const way = typed(fields, 'alternative', language) || paper.alternativeDefault;
  return { key: 'alternative', title: paper.alternative, paragraphs: [way] };
}

function whatIsKept(
  comparison: NamedRule | undefined,
  policy: Policy,
  fields: SignFields,
  language: Language,
): SignSection {
  const paper = wordsOf(language).sign.paper;
  const records = paper.records(fields.recordDays?.toString() ?? paper.blank);
  if (!comparison) return { key: 'kept', title: paper.kept, paragraphs: [records] };
  const { rule, state } = comparison;
  const start = state === 'planned' ? formatDateTime(rule.startsAt, language) : undefined;
  const templates = paper.templates(policy.strangerRetentionDays, start);
  return { key: 'kept', title: paper.kept, paragraphs: [templates, records] };
}

function rights(fields: SignFields, language: Language): SignSection {
  const paper = wordsOf(language).sign.paper;
  const contact = typed(fields, 'contact', language) || paper.blank.repeat(2);
  return { key: 'rights', title: paper.rights, paragraphs: [paper.rightsOf, paper.contact(contact)] };
}

/** What was typed in this language, else in the other: a sign in the wrong language says more than an empty line. */
function typed({ wordings }: SignFields, field: TypedField, language: Language): string {
  const other = language === 'en' ? 'zh-CN' : 'en';
  return wordings[language][field].trim() || wordings[other][field].trim();
}

function wordsOf(language: Language): Words {
  return language === 'en' ? en : zh;
}

function isChinese(text: string): boolean {
  return /\p{Script=Han}/u.test(text);
}

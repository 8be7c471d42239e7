import type { Language } from '../i18n/language.tsx';
import type { Words } from '../i18n/zh.ts';
import { sayDate, sayDay } from '../roster/shift-words.ts';
import { wallTimeAt } from '../roster/site-time.ts';
import type { FlowBar } from './flow-bars.ts';
import { daysOf, type FlowPeriod } from './flow-period.ts';

/** `18:00–19:00`. */
export function sayHour(hour: number): string {
  const two = (number: number) => `${String(number).padStart(2, '0')}:00`;
  return `${two(hour)}–${two(hour + 1)}`;
}

/** The day of a bar, and its hour if it has one. */
export function sayBar(
  { day, hour }: Pick<FlowBar, 'day' | 'hour'>,
  language: Language,
  words: Words,
): string {
  const said = sayDay(day, language, words);
  return hour === undefined ? said : `${said} ${sayHour(hour)}`;
}

/** What a period is called. */
export function sayPeriod(period: FlowPeriod, language: Language, words: Words): string {
  const days = daysOf(period);
  if (period.unit === 'day') return sayDay(period.day, language, words);
  if (period.unit === 'month') {
    const [year, month] = period.day.split('-').map(Number);
    return words.flows.month(year, month);
  }
  return words.flows.span(sayDate(days[0], language), sayDate(days[6], language));
}

/** Whole numbers with their thousands apart; parts of one only below ten. */
export function sayNumber(value: number, language: Language): string {
  const fraction = value < 10 && !Number.isInteger(value) ? 1 : 0;
  return new Intl.NumberFormat(language, { maximumFractionDigits: fraction }).format(value);
}

/** The day and hour of the site now. */
export function siteHour(now: number, timeZone: string): { day: string; hour: number } {
  const { day, time } = wallTimeAt(now, timeZone);
  return { day, hour: Number(time.slice(0, 2)) };
}

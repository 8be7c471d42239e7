import type { Language } from '../i18n/language.tsx';
import { placeName } from '../i18n/place-name.ts';
import type { Words } from '../i18n/zh.ts';
import { wallTimeAt, weekdayOf } from './site-time.ts';

interface Span {
  from: string;
  until: string;
}

/** `11月23日`, `23 Nov`: a day of the roster. */
export function sayDate(day: string, language: Language): string {
  const [, month, date] = day.split('-').map(Number);
  if (language !== 'en') return `${month}月${date}日`;
  return `${date} ${new Intl.DateTimeFormat('en', { timeZone: 'UTC', month: 'short' }).format(Date.parse(day))}`;
}

/** `11月23日 周一`, `Mon 23 Nov`. */
export function sayDay(day: string, language: Language, words: Words): string {
  const [weekday, date] = [words.weekdayNames[weekdayOf(day) - 1], sayDate(day, language)];
  return language === 'en' ? `${weekday} ${date}` : `${date} ${weekday}`;
}

/** `22:00–06:00`. */
export function sayHours({ from, until }: Span, timeZone: string): string {
  return `${wallTimeAt(from, timeZone).time}–${wallTimeAt(until, timeZone).time}`;
}

/** `22–6`, `7:30–16`: as short as it can be, for a chip. */
export function sayHoursShort({ from, until }: Span, timeZone: string): string {
  return [from, until].map((at) => shorten(wallTimeAt(at, timeZone).time)).join('–');
}

/** `11月23日 周一 22:00 – 次日 06:00`. */
export function saySpan({ from, until }: Span, timeZone: string, language: Language, words: Words): string {
  const [start, end] = [wallTimeAt(from, timeZone), wallTimeAt(until, timeZone)];
  const first = `${sayDay(start.day, language, words)} ${start.time}`;
  if (start.day === end.day) return `${first}–${end.time}`;
  const isNextDay = Date.parse(end.day) - Date.parse(start.day) === 86_400_000;
  if (isNextDay && end.time !== '00:00') return `${first} – ${words.roster.nextDay(end.time)}`;
  if (isNextDay) return `${first}–24:00`;
  return `${first} – ${sayDay(end.day, language, words)} ${end.time}`;
}

/** The gates by their names; none are all. */
export function sayGates(gates: readonly string[], words: Words): string {
  return gates.length === 0
    ? words.roster.allGates
    : gates.map((gate) => placeName(gate, words)).join(words.listComma);
}

function shorten(time: string): string {
  const [hours, minutes] = time.split(':');
  return minutes === '00' ? String(Number(hours)) : `${Number(hours)}:${minutes}`;
}

import type { TrajectoryEntry } from '../../../hub/contract/api.ts';
import { placeName } from '../i18n/place-name.ts';
import type { Words } from '../i18n/zh.ts';

/** The rows as CSV (RFC 4180) that spreadsheets open as UTF-8; times are local to this device. */
export function toCsv(entries: readonly TrajectoryEntry[], words: Words): string {
  const { csv } = words.log;
  const head = [
    csv.occurredAt,
    csv.kind,
    csv.subject,
    csv.gate,
    csv.camera,
    csv.direction,
    csv.mask,
    csv.familiarity,
    csv.province,
    csv.flags,
    csv.id,
  ];
  const rows = entries.map((entry) => [
    localTime(entry.occurredAt),
    words.kind[entry.kind],
    entry.plate?.text ?? entry.subject ?? '',
    placeName(entry.gate, words),
    placeName(entry.camera, words),
    words.direction[entry.direction],
    entry.verdicts.mask ? words.mask[entry.verdicts.mask.verdict] : '',
    entry.verdicts.familiarity ? words.familiarity[entry.verdicts.familiarity.verdict] : '',
    entry.verdicts.province ? words.province[entry.verdicts.province.verdict] : '',
    entry.flags.map((flag) => words.flags[flag]).join(' '),
    entry.id,
  ]);
  return `\uFEFF${[head, ...rows].map((row) => row.map(quote).join(',')).join('\r\n')}\r\n`;
}

/** Hands the text to the browser as a file. */
export function saveFile(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** Quoted where needed; a leading sign that a spreadsheet would take for a formula is disarmed. */
function quote(value: string): string {
  const safe = /^[=+\-@\t]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function localTime(instant: string): string {
  const at = new Date(instant);
  const two = (part: number) => String(part).padStart(2, '0');
  const day = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join('-');
  return `${day} ${[at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(':')}`;
}

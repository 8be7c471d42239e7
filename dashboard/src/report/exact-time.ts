/** `2026-03-01 16:00:05 GMT+8`: to the second, in the time zone of this device and with its offset, as documents need it. */
export function exactTime(instant: string): string {
  const at = new Date(instant);
  const shown = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'medium' }).format(at);
  const offset = new Intl.DateTimeFormat('en', { timeZoneName: 'shortOffset' })
    .formatToParts(at)
    .find(({ type }) => type === 'timeZoneName')?.value;
  return `${shown} ${offset}`;
}

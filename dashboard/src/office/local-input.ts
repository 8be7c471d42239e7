/** An instant as `datetime-local` wants it, to the minute, in the time zone of this device; nothing stays nothing. */
export function toLocalInput(instant: string): string {
  const at = new Date(instant);
  if (Number.isNaN(at.getTime())) return '';
  const two = (part: number) => String(part).padStart(2, '0');
  const day = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join('-');
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** The instant that a `datetime-local` value means here; nothing stays nothing. */
export function fromLocalInput(value: string): string {
  const at = new Date(value);
  return value === '' || Number.isNaN(at.getTime()) ? '' : at.toISOString();
}

/** The day of an instant as `date` wants it, here; of an end, which is the first instant after it, the last day before. */
export function toLastDay(end: string | undefined): string {
  return end === undefined ? '' : toLocalInput(new Date(Date.parse(end) - 1).toISOString()).slice(0, 10);
}

/** The end of a `date` here: midnight after it; nothing stays nothing. */
export function fromLastDay(day: string): string | undefined {
  const at = new Date(`${day}T00:00`);
  if (day === '' || Number.isNaN(at.getTime())) return undefined;
  at.setDate(at.getDate() + 1);
  return at.toISOString();
}

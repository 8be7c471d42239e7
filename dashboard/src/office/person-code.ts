/** The first characters of a pseudonymous id, in capitals: enough to tell people apart on a page. */
export function personCode(subject: string): string {
  return subject.slice(0, 4).toUpperCase();
}

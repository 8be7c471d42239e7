const credentials = /([a-z][a-z0-9+.-]*:\/\/)[^/\s'"]*@/gi;
const secretQuery = /([?&](?:user|usr|pass|pwd|password|token|key|auth|account)[a-z]*=)[^&\s'"]+/gi;

/** A text without the user names, passwords and tokens of the URLs in it: for errors and logs. */
export function redactUrls(text: string): string {
  return text.replace(credentials, '$1').replace(secretQuery, '$1…');
}

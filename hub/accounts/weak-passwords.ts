/**
 * What people choose first, whatever the lists of leaked passwords are called: words, names, rows of keys, and in
 * Chinese what numbers sound like (5201314: I love you for ever). Shorter than six characters would hit by chance.
 */
const commonParts = [
  // words
  ...'password passwort passwd passcode letmein welcome monkey dragon master sunshine princess football baseball'.split(
    ' ',
  ),
  ...'superman batman iloveyou lovely trustno1 shadow michael jordan hunter charlie daniel jessica michelle'.split(
    ' ',
  ),
  ...'computer internet samsung google facebook starwars pokemon whatever freedom flower summer winter'.split(
    ' ',
  ),
  ...'secret default changeme change-me administrator admin root guest user test123 login access manager'.split(
    ' ',
  ),
  ...'killer soccer hockey ranger buster thomas robert matthew andrew joshua george ashley nicole'.split(' '),
  ...'cheese chocolate cookie banana orange purple yellow silver diamond tigger ginger pepper maggie'.split(
    ' ',
  ),
  ...'mustang porsche ferrari mercedes yamaha harley corvette cowboy eagles lakers chelsea arsenal liverpool'.split(
    ' ',
  ),
  ...'hello123 hellohello abc123 a123456 qq123456 woaini woaini1314 woaiwojia woaiwo 5201314 1314520 520520'.split(
    ' ',
  ),
  ...'zhangwei wangwei liuwei lijing wangfang zhongguo beijing shanghai mimamima mima123 wodemima nihao nihaoma'.split(
    ' ',
  ),
  ...'baobao baobei laopo laogong caonima wangyi tencent taobao alibaba weixin'.split(' '),
  // this product and its places
  ...'gatehouse hikvision dahua security guardian guardhouse compound property wuye menwei baoan xiaoqu mengang'.split(
    ' ',
  ),
];

/** Rows of keys, the alphabet and the digits: any four in a row, forwards or backwards, tell nothing. */
const rows = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890',
  'qwertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p',
  'qazwsxedcrfvtgbyhnujmikolp',
  '!@#$%^&*()',
];

const alphabet = [...new Set(rows.flatMap((row) => [row, [...row].reverse().join('')]))];

/** Characters that stand in for letters. */
const substitutes: Record<string, string> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
};

/** Letters and digits that must be left when everything that is guessed first is taken away. */
const fewestLeft = 4;

/** What the person and the site are called: nobody may take it for a password. */
export interface Namings {
  username?: string;
  displayName?: string;
  site?: string;
}

/** Why a password is too easily guessed, or undefined. The length is the contract's matter. */
export function weaknessOf(
  password: string,
  { username, displayName, site }: Namings = {},
): 'few_characters' | 'digits_only' | 'name' | 'common' | undefined {
  const typed = password.toLowerCase();
  if (new Set(typed).size <= 4) return 'few_characters';
  if (/^\d+$/.test(typed) && typed.length < 20) return 'digits_only';

  const names = [username, displayName, site]
    .filter((each) => each !== undefined)
    .map((each) => each.toLowerCase());
  const tellable = names.filter((each) => each.length >= 2);
  const nameless = [typed, spelledOut(typed)].map((each) => without(each, tellable));
  if (nameless.some((left) => charactersOf(left) < fewestLeft)) return 'name';
  const rest = nameless.map((left) => withoutRows(without(left, commonParts)));
  return rest.some((left) => charactersOf(left) < fewestLeft) ? 'common' : undefined;
}

function spelledOut(typed: string): string {
  return [...typed].map((each) => substitutes[each] ?? each).join('');
}

function without(text: string, parts: readonly string[]): string {
  const longestFirst = parts.toSorted((one, other) => other.length - one.length);
  return longestFirst.reduce((left, part) => left.replaceAll(part, ' '), text);
}

/** Takes away runs of four and more along a row, years, and characters repeated three times and more. */
function withoutRows(text: string): string {
  let left = '';
  for (let at = 0; at < text.length; ) {
    const length = runLength(text, at);
    left += length >= 4 ? ' ' : text[at];
    at += length >= 4 ? length : 1;
  }
  return left.replaceAll(/(.)\1{2,}/gu, ' ').replaceAll(/(19|20)\d{2}/g, ' ');
}

function runLength(text: string, from: number): number {
  let length = 1;
  while (
    from + length < text.length &&
    alphabet.some((row) => row.includes(text.slice(from, from + length + 1)))
  ) {
    length += 1;
  }
  return length;
}

/** Different letters and digits: a repeated one tells little. */
function charactersOf(text: string): number {
  return new Set(text.match(/[\p{L}\p{N}]/gu) ?? []).size;
}

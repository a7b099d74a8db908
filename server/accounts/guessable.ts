import { createRequire } from 'node:module';

// The common passwords are the 49,233 of the zxcvbn-ts project (MIT), most used first, out of published
// leaks. No whole password may be one of them. The most used are also looked for as parts, and so are words
// that come to mind at this work: a part found counts as one character, and five are needed (the rule and
// the number are those of Microsoft Entra Password Protection). `password12345678` has two parts.

const USED_AS_PARTS = 10_000;
const SHORTEST_PART = 4;
const LEAST_PARTS = 5;

const CONTEXT_WORDS = [
  ...['ふれあい', '入浴証', '入浴', '銭湯', 'お風呂', '新宿', '新宿区', '区役所', '特別出張所', '出張所'],
  ...['東京', '東京都', '地域包括ケア', '推進課', '高齢者', '台帳', 'パスワード', '福祉', '福祉部'],
  ...['しんじゅく', 'にゅうよくしょう', 'とうきょう', 'せんとう', 'シンジュク', 'トウキョウ'],
  ...['fureai', 'nyuyoku', 'nyuyokusho', 'nyuyokusyo', 'sento', 'ofuro', 'shinjuku', 'shinjukuku', 'sinjuku'],
  ...['tokyo', 'kuyakusho', 'kuyakusyo', 'yakusho', 'kourei', 'fukushi', 'hukusi', 'daicho', 'register'],
  ...['yotsuya', 'tansumachi', 'enokicho', 'wakamatsucho', 'okubo', 'totsuka', 'ochiai', 'kashiwagi'],
  ...['tsunohazu', '四谷', '箪笥町', '榎町', '若松町', '大久保', '戸塚', '落合', '柏木', '角筈'],
  ...['reiwa', 'heisei', 'showa', '令和', '平成', '昭和', 'password', 'passw0rd', 'p@ssw0rd', 'himitsu'],
];

interface Known {
  whole: ReadonlySet<string>;
  parts: ReadonlySet<string>;
  longestPart: number;
}

let known: Known | undefined;

/** The lists are read when the first password is set: a start that reads them takes a tenth longer. */
function knownWords(): Known {
  if (known !== undefined) return known;
  const { dictionary }: typeof import('@zxcvbn-ts/language-common') = createRequire(import.meta.url)(
    '@zxcvbn-ts/language-common',
  );
  const common = dictionary['passwords-common'];
  const long = common.slice(0, USED_AS_PARTS).filter((one) => one.length >= SHORTEST_PART);
  const parts = new Set([...long, ...CONTEXT_WORDS].map(fold));
  const longestPart = Math.max(...[...parts].map((part) => part.length));
  known = { whole: new Set(common.map(fold)), parts, longestPart };
  return known;
}

// A year, one character many times, and a run along the alphabet, the digits or a row of keys count as one.
const YEAR = /^(19|20)\d\d$/;
const SAME = /^(.)\1{2,}$/u;
const ROWS = ['abcdefghijklmnopqrstuvwxyz', '01234567890', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm'];
const RUNS = [...ROWS, ...ROWS.map((row) => [...row].reverse().join(''))];

/**
 * Whether a password is easily guessed: a common one, or made of hardly more than common parts, words of
 * this work and `ownWords` (names of whoever it is for; those under three characters do not count).
 */
export function isGuessable(password: string, ownWords: readonly string[] = []): boolean {
  const folded = fold(password);
  if (knownWords().whole.has(folded)) return true;
  const unit = /^(.+?)\1+$/u.exec(folded)?.[1] ?? folded;
  const own = new Set(ownWords.filter((word) => word.length >= 3).map(fold));
  return countParts(unit, own) < LEAST_PARTS;
}

/** The fewest parts a text can be cut into, a part being a known word or a single character. */
function countParts(text: string, own: ReadonlySet<string>): number {
  const longest = Math.max(knownWords().longestPart, ...[...own].map((word) => word.length));
  const fewest = [0];
  for (let end = 1; end <= text.length; end += 1) {
    let best = fewest[end - 1]! + 1;
    for (let start = Math.max(0, end - longest); start <= end - 2; start += 1) {
      if (fewest[start]! + 1 < best && isPart(text.slice(start, end), own)) best = fewest[start]! + 1;
    }
    fewest.push(best);
  }
  return fewest[text.length]!;
}

function isPart(text: string, own: ReadonlySet<string>): boolean {
  if (knownWords().parts.has(text) || own.has(text) || YEAR.test(text) || SAME.test(text)) return true;
  return text.length >= 3 && RUNS.some((run) => run.includes(text));
}

function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

import { toHiragana } from '../names/kana.ts';
import type { NameColumn, NamePart, Reading } from './search-terms.ts';

/** Why somebody was found, the best first: the order of the list. */
export const MATCHES = ['exact', 'prefix', 'folded', 'variant', 'birth-range', 'address', 'former'] as const;
export type Match = (typeof MATCHES)[number];

export const MATCH_NAMES: Readonly<Record<Match, string>> = {
  exact: '一致',
  prefix: '前方一致',
  folded: '読みが近い',
  variant: '異体字',
  'birth-range': '生年月日一部不詳',
  address: '住所',
  former: '旧',
};

interface Compared {
  name: string;
  kana: string;
  birthEarliestOn: string;
  birthLatestOn: string;
}

/** How well a person answers to a reading: as badly as the worst of its parts. */
export function matchOf(person: Compared, reading: Reading): Match {
  const matches = (reading.names ?? []).map((part) => matchOfName(person, part));
  if (mayBeBornOtherwise(person, reading)) matches.push('birth-range');
  return MATCHES[Math.max(0, ...matches.map((match) => MATCHES.indexOf(match)))]!;
}

/** Whether somebody whose birth date is known in part may be born on other days than those asked for. */
function mayBeBornOtherwise(person: Compared, { birthOn, birthIn }: Reading): boolean {
  if (birthIn === undefined) return birthOn !== undefined && person.birthEarliestOn !== person.birthLatestOn;
  return person.birthEarliestOn < birthIn.firstOn || person.birthLatestOn > birthIn.lastOn;
}

function matchOfName(person: Compared, { column, typed }: NamePart): Match {
  if (column === 'addressFold') return 'address';
  const isKana = column === 'kanaFold' || column === 'givenKanaFold';
  const held = heldIn(person, column);
  const asked = plain(isKana ? toHiragana(typed) : typed);
  if (held === asked) return 'exact';
  if (held.startsWith(asked)) return 'prefix';
  return isKana ? 'folded' : 'variant';
}

function heldIn({ name, kana }: Compared, column: NameColumn): string {
  switch (column) {
    case 'givenKanaFold':
      return plain(kana.split(' ').at(-1)!);
    case 'givenNameFold':
      return plain(name.split('\u3000').at(-1)!);
    default:
      return plain(column === 'kanaFold' ? kana : name);
  }
}

/** Without spaces, and with letters that differ only in width or case made one. */
function plain(text: string): string {
  return text
    .replace(/[\s\u3000]/g, '')
    .replace(/[！-～]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .toUpperCase();
}

/** Whether the first is the better match. */
export function isBetter(one: Match, other: Match): boolean {
  return MATCHES.indexOf(one) < MATCHES.indexOf(other);
}

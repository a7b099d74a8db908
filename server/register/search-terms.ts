import { ageLabel } from '../calendar/age.ts';
import { type Period, parseBirthPeriod } from '../calendar/birth-period.ts';
import { fiscalYearOf } from '../calendar/fiscal-year.ts';
import type { LocalDate } from '../calendar/local-date.ts';
import { parseBirthQuery } from '../calendar/parse-date.ts';
import { formatWareki } from '../calendar/wareki.ts';
import { foldAddress } from '../names/address-fold.ts';
import { halfWidth } from '../names/half-width.ts';
import { kanaReadings } from '../names/kana-fold.ts';
import { foldKanji } from '../names/variants.ts';

// What a clerk types into the one box: a resident number, a pass number, a telephone number, a birth
// date in any form, kana or kanji, an address, or several of them with spaces between.

export type NameColumn = 'kanaFold' | 'givenKanaFold' | 'nameFold' | 'givenNameFold' | 'addressFold';

/** A column of the register begins with `prefix`, the folded form of what was typed. */
export interface NamePart {
  column: NameColumn;
  prefix: string;
  typed: string;
}

/** One way to read what was typed; all of its parts must hold of a person. */
export interface Reading {
  residentNumber?: string;
  passNumber?: { fiscalYears: number[]; passNumber: number };
  phoneDigits?: string;
  birthOn?: LocalDate;
  /** A year or month of birth. */
  birthIn?: Period;
  names?: NamePart[];
  /** What the numbers were read as, in a clerk's words. */
  readAs?: string[];
}

const MOST_READINGS = 24;
/** Nobody in the register is older, in years: 330401 is 昭和33年, not 明治33年. */
const OLDEST = 125;
const KANA = /^[\u3041-\u3096\u309d-\u30ff\uff66-\uff9f\u30fc\uff0d-]+$/;
const NUMBER = /^[\d\-()]+$/;

/**
 * The ways to read a search text, in tiers: a later one is for when nobody answers to those before. None when there
 * is nothing in the text to search by.
 *
 * What can be a birth date beside a name is one; alone it is every number it can be. A name is family name first.
 * Only what is no name is an address.
 */
export function* readSearch(text: string, today: LocalDate): Generator<Reading[]> {
  const words = text
    .normalize('NFC')
    .split(/[\s\u3000]+/u)
    .filter((word) => word !== '');
  const names: string[] = [];
  const numbers: Reading[][] = [];
  for (const word of words) {
    const options = readNumber(word, today);
    if (options === undefined) names.push(word);
    else numbers.push(options);
  }
  if (names.length === 0) {
    // 1958 is a pass or resident number first: the people of that year would bury it.
    yield combine(numbers.map((options) => preferred(options, ({ birthIn }) => birthIn === undefined)));
    if (numbers.flat().some(({ birthIn }) => birthIn !== undefined)) yield combine(numbers);
    return;
  }
  const likely = numbers.map((options) =>
    preferred(options, ({ birthOn, birthIn }) => (birthOn ?? birthIn) !== undefined),
  );
  const { inOrder, reversed } = readNames(names);
  yield combine([...likely, inOrder]);
  yield combine([...numbers, [...inOrder, ...reversed]]);
  yield combine([...likely, readAddress(names)]);
  if (numbers.length > 0) yield combine([readAddress([words.join('')])]);
}

/** The options that are likelier than the others; all of them when none is. */
function preferred(options: Reading[], isLikely: (option: Reading) => boolean): Reading[] {
  const likely = options.filter(isLikely);
  return likely.length > 0 ? likely : options;
}

/** Every choice of one option from each list, as one reading; at most 24. */
function combine(alternatives: Reading[][]): Reading[] {
  let readings: Reading[] = alternatives.length === 0 ? [] : [{}];
  for (const options of alternatives) {
    readings = readings.flatMap(({ readAs = [], ...reading }) =>
      options.map((option) => ({ ...reading, ...option, readAs: [...readAs, ...(option.readAs ?? [])] })),
    );
    readings = readings.slice(0, MOST_READINGS);
  }
  return readings;
}

function readNames(words: readonly string[]): { inOrder: Reading[]; reversed: Reading[] } {
  const kana = words.filter((word) => KANA.test(word));
  const kanji = words.filter((word) => !KANA.test(word));
  const isMixed = kana.length > 0 && kanji.length > 0;
  const isOne = words.length === 1;
  const [whole, given]: NameColumn[] =
    kanji.length === 0 ? ['kanaFold', 'givenKanaFold'] : ['nameFold', 'givenNameFold'];
  const inOrder = each(whole!, words.join(''));
  if (isOne) inOrder.push(...each(given!, words.join('')));
  if (isMixed) inOrder.push(...kanjiAndKana(kanji.join(''), kana.join('')));
  const reversed = isOne || isMixed ? [] : each(whole!, words.toReversed().join(''));
  const asReadings = (options: NamePart[][]) => options.map((names) => ({ names }));
  return { inOrder: asReadings(inOrder), reversed: asReadings(reversed) };
}

/** 佐藤 はなこ, 佐藤 さとう and 花子 さとう. */
function kanjiAndKana(kanji: string, kana: string): NamePart[][] {
  const pairs: [NameColumn, NameColumn][] = [
    ['nameFold', 'givenKanaFold'],
    ['nameFold', 'kanaFold'],
    ['givenNameFold', 'kanaFold'],
  ];
  return pairs.flatMap(([first, second]) => both(each(first, kanji), each(second, kana)));
}

/** A town and lot alone, with kana (西新宿 さとう), or with a name in kanji on either side of it. */
function readAddress(words: readonly string[]): Reading[] {
  const kana = words.filter((word) => KANA.test(word));
  const kanji = words.filter((word) => !KANA.test(word));
  if (kanji.length === 0) return [];
  const address = each('addressFold', kanji.join(''));
  const options = kana.length === 0 ? address : [];
  if (kana.length > 0) {
    options.push(...both(address, each('kanaFold', kana.join(''))));
    options.push(...both(address, each('givenKanaFold', kana.join(''))));
  } else if (kanji.length === 2) {
    for (const [place, name] of [kanji, kanji.toReversed()]) {
      options.push(...both(each('addressFold', place!), each('nameFold', name!)));
    }
  }
  return options.map((parts) => ({ names: parts }));
}

function both(some: NamePart[][], others: NamePart[][]): NamePart[][] {
  return some.flatMap((one) => others.map((other) => [...one, ...other]));
}

/** The forms under which a text may stand in a column, each as the only part of a name. */
function each(column: NameColumn, typed: string): NamePart[][] {
  return prefixesOf(column, typed)
    .filter((prefix) => prefix !== '')
    .map((prefix) => [{ column, prefix, typed }]);
}

function prefixesOf(column: NameColumn, typed: string): string[] {
  if (column === 'kanaFold' || column === 'givenKanaFold') return kanaReadings(typed);
  return [column === 'addressFold' ? foldAddress(typed) : foldKanji(typed)];
}

/** What a word can be as a number: nothing of any kind when it is no number but a name. */
function readNumber(word: string, today: LocalDate): Reading[] | undefined {
  const plain = halfWidth(word);
  if (!/\d/.test(plain)) return undefined;
  const oldest = `${Number(today.slice(0, 4)) - OLDEST}${today.slice(4)}`;
  const births = parseBirthQuery(plain, today);
  const readings: Reading[] = births
    .filter((on) => on >= oldest)
    .map((birthOn) => ({ birthOn, readAs: [`${formatWareki(birthOn)}（${ageOf(birthOn, today)}）生まれ`] }));
  const birthIn = births.length === 0 ? parseBirthPeriod(plain, today) : undefined;
  if (birthIn !== undefined && birthIn.lastOn >= oldest) {
    readings.push({ birthIn, readAs: [`${birthIn.label}生まれ`] });
  }
  if (!NUMBER.test(plain)) return births.length > 0 || birthIn !== undefined ? readings : undefined;
  const digits = plain.replace(/\D/g, '');
  const pass = /^(?:(\d{2})-)?(\d{1,6})$/.exec(plain);
  if (pass !== null && Number(pass[2]) > 0) {
    const fiscalYears = pass[1] === undefined ? yearsInUse(today) : [2000 + Number(pass[1])];
    const passNumber = { fiscalYears, passNumber: Number(pass[2]) };
    readings.push({ passNumber, readAs: [`整理番号${plain}`] });
  }
  if (digits.length >= 9 && digits.length <= 11) {
    readings.push({ phoneDigits: digits, readAs: [`電話番号${plain}`] });
  }
  if (digits.length <= 15 && plain === digits) {
    readings.push({ residentNumber: digits.padStart(15, '0'), readAs: [`住民番号${plain}`] });
  }
  return readings;
}

/** The year that four digits alone may be as well, and the text that says so; undefined for any other text. */
export function findBareYear(text: string, today: LocalDate): { terms: string; readAs: string } | undefined {
  const plain = halfWidth(text);
  const year = /^\d{4}$/.test(plain) ? parseBirthPeriod(plain, today) : undefined;
  return year && { terms: `${plain}年`, readAs: `${year.label}生まれ` };
}

function ageOf(birthOn: LocalDate, today: LocalDate): string {
  return ageLabel({ earliestOn: birthOn, latestOn: birthOn }, today);
}

/** The years of which a pass number may be without saying so: next year's, handled in March, this and the last. */
function yearsInUse(today: LocalDate): number[] {
  const present = fiscalYearOf(today);
  return [present + 1, present, present - 1];
}

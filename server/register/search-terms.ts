import type { LocalDate } from '../calendar/local-date.ts';
import { parseBirthQuery } from '../calendar/parse-date.ts';
import { foldKana } from '../names/kana-fold.ts';
import { foldKanji } from '../names/variants.ts';

// What a clerk types into the one box: a resident number, a pass number, a telephone number, a birth
// date in any form, kana or kanji, or several of them with spaces between.

/** One way to read what was typed; all of its parts must hold of a person. */
export interface Reading {
  residentNumber?: string;
  passNumber?: { fiscalYear?: number; passNumber: number };
  phoneDigits?: string;
  birthOn?: LocalDate;
  /** Folded kana that the whole name, or the given name, begins with. */
  kana?: string;
  /** Folded kanji that the name begins with. */
  name?: string;
}

const MOST_READINGS = 24;
const KANA = /^[\u3041-\u3096\u309d-\u30ff\uff66-\uff9f\u30fc\uff0d-]+$/;

/** The ways to read a search text, the likeliest first; none when there is nothing in it to search by. */
export function readSearch(text: string, today: LocalDate): Reading[] {
  const words = text
    .normalize('NFC')
    .split(/[\s\u3000]+/u)
    .filter((word) => word !== '');
  const names = words.filter((word) => isName(word, today));
  const alternatives = words.filter((word) => !isName(word, today)).map((word) => readNumber(word, today));
  if (names.length > 0) alternatives.push(readNames(names));
  let readings: Reading[] = words.length === 0 ? [] : [{}];
  for (const options of alternatives) {
    readings = readings.flatMap((reading) => options.map((option) => ({ ...reading, ...option })));
    readings = readings.slice(0, MOST_READINGS);
  }
  return readings;
}

function isName(word: string, today: LocalDate): boolean {
  const plain = halfWidth(word);
  return !/\d/.test(plain) || (parseBirthQuery(plain, today).length === 0 && !/^[\d\-()]+$/.test(plain));
}

function readNames(words: readonly string[]): Reading[] {
  const joined = words.join('');
  if (words.every((word) => KANA.test(word))) return [{ kana: foldKana(joined) }];
  return [{ name: foldKanji(joined) }];
}

function readNumber(word: string, today: LocalDate): Reading[] {
  const plain = halfWidth(word);
  const digits = plain.replace(/\D/g, '');
  const readings: Reading[] = parseBirthQuery(plain, today).map((birthOn) => ({ birthOn }));
  if (!/^[\d\-()]+$/.test(plain)) return readings;
  const pass = /^(?:(\d{2})-)?(\d{1,6})$/.exec(plain);
  if (pass !== null && Number(pass[2]) > 0) {
    const fiscalYear = pass[1] === undefined ? {} : { fiscalYear: 2000 + Number(pass[1]) };
    readings.push({ passNumber: { ...fiscalYear, passNumber: Number(pass[2]) } });
  }
  if (digits.length >= 9 && digits.length <= 11) readings.push({ phoneDigits: digits });
  if (digits.length <= 15 && plain === digits) readings.push({ residentNumber: digits.padStart(15, '0') });
  return readings;
}

function halfWidth(text: string): string {
  return text
    .replace(/[０-９]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0))
    .replace(/[－‐―ー−]/g, '-');
}

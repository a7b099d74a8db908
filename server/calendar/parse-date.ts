import { ERAS, type Era, eraYearOf, findEra, formatEraYear, gregorianYear, isWithinEra } from './eras.ts';
import { findLocalDate, type LocalDate } from './local-date.ts';
import { matchEraShape, matchShapeWithoutEra, matchWesternShape, tidyTyped } from './typed-date.ts';
import { formatWareki } from './wareki.ts';

/** What was typed as a date, or a sentence for the clerk, with the day it may have meant. */
export type ParsedDate = { date: LocalDate } | { problem: string; suggestion?: LocalDate };

const EXAMPLE = '「S33.4.1」「昭和33年4月1日」「19580401」のように入力してください。';
/** Beyond it a year is a slip of the finger (33040119). */
const LAST_YEAR = 2199;

/**
 * Reads a date as clerks type it: 和暦 by letter, 昭 or 昭和, 元年, era digit and YYMMDD, 西暦 with or without marks,
 * full or half width. A day outside its era (昭和65年) is a problem that offers the conversion, never a silent one.
 */
export function parseDate(text: string): ParsedDate {
  const typed = tidyTyped(text);
  if (typed === '') return { problem: `日付が入力されていません。${EXAMPLE}` };

  const inEra = matchEraShape(typed);
  if (inEra) return readEraDate(findEra(inEra[1]!)!, Number(inEra[2]), Number(inEra[3]), Number(inEra[4]));

  const western = matchWesternShape(typed);
  if (western) return readWesternDate(Number(western[1]), Number(western[2]), Number(western[3]));

  if (matchShapeWithoutEra(typed)) {
    return { problem: `「${text.trim()}」だけでは元号が分かりません。${EXAMPLE}` };
  }
  return { problem: `「${text.trim()}」は日付として読めません。${EXAMPLE}` };
}

/**
 * The birth dates a search text may mean, earliest first, none after `today`: what parseDate reads or suggests, and
 * for six digits or 33.4.1 without an era the day in every era that has it. Empty when it reads as no date.
 */
export function parseBirthQuery(text: string, today: LocalDate): LocalDate[] {
  const bare = matchShapeWithoutEra(tidyTyped(text));
  const meant = bare
    ? ERAS.map((era) => readEraDate(era, Number(bare[1]), Number(bare[2]), Number(bare[3]))).map(onlyDate)
    : [dateOrSuggestion(parseDate(text))];
  return [...new Set(meant)].filter((date) => date !== undefined).filter((date) => date <= today);
}

function readEraDate(era: Era, eraYear: number, month: number, day: number): ParsedDate {
  const typed = `${era.name}${formatEraYear(eraYear)}年${month}月${day}日`;
  const date = eraYear > 0 ? findLocalDate(gregorianYear(era, eraYear), month, day) : undefined;
  if (date === undefined) return { problem: `${typed}は暦にない日付です。年月日を確かめてください。` };
  if (isWithinEra(era, date)) return { date };
  const limits = `${era.name}は${formatWareki(era.startsOn)}${era.endsOn < '9999' ? `から${typedEnd(era)}まで` : 'から'}です。`;
  if (date < ERAS[0]!.startsOn) return { problem: `${typed}は${era.name}にない日付です。${limits}` };
  return {
    problem: `${typed}は${era.name}にない日付です。${limits}${formatWareki(date)}のことか確かめてください。`,
    suggestion: date,
  };
}

function readWesternDate(year: number, month: number, day: number): ParsedDate {
  const date = findLocalDate(year, month, day);
  if (date === undefined) {
    return { problem: `${year}年${month}月${day}日は暦にない日付です。年月日を確かめてください。` };
  }
  if (date < ERAS[0]!.startsOn || year > LAST_YEAR) {
    return { problem: `${year}年${month}月${day}日は扱える範囲の外です。年を確かめてください。` };
  }
  return { date };
}

function typedEnd(era: Era): string {
  const [year, month, day] = era.endsOn.split('-').map(Number);
  return `${era.name}${formatEraYear(eraYearOf(era, year!))}年${month}月${day}日`;
}

function onlyDate(parsed: ParsedDate): LocalDate | undefined {
  return 'date' in parsed ? parsed.date : undefined;
}

function dateOrSuggestion(parsed: ParsedDate): LocalDate | undefined {
  return 'date' in parsed ? parsed.date : parsed.suggestion;
}

import { type DateParts, formatCode, fullest, isComplete, isSame, pad, readWestern } from './date-parts.ts';
import { ERAS, eraYearOf, findEraOn, formatEraYear } from './eras.ts';
import { addDays, daysInMonth, findLocalDate, type LocalDate } from './local-date.ts';
import { formatWarekiCode, parseWarekiCode, type WarekiParts } from './wareki.ts';

/** A birth date as the host knows it: whole, in part (不詳), or a day the calendar lacks. */
export type BirthDate = {
  /** YYYYMMDD with 00 for what is not known */
  code: string;
  /** the host's era digit and YYMMDD; '' when the host gave none and it cannot be told */
  wareki: string;
  /** 生年月日不詳表記, '' when there is none */
  note: string;
  earliestOn: LocalDate;
  latestOn: LocalDate;
  isWhole: boolean;
};

/** 明治元年, and a day no clock will reach: what is left when not even the year is known. */
export const UNKNOWN_BIRTH = { earliestOn: '1868-01-25', latestOn: '9999-12-31' } as const;

/**
 * Reads columns 5–7 of the host extract: 西暦 YYYYMMDD, 和暦 7 digits, 不詳表記; the first two may each be empty, and
 * must agree where both are whole. Returns the range of days it may be, or a sentence for the list of rejected rows.
 */
export function readBirthDate(
  western8: string,
  wareki7: string,
  note: string,
): BirthDate | { problem: string } {
  const western = isBlank(western8) ? undefined : readWestern(western8);
  if (western === null) return { problem: `生年月日（西暦）「${western8}」は日付として読めません` };
  const wareki = isBlank(wareki7) ? undefined : parseWarekiCode(wareki7);
  if (!isBlank(wareki7) && !wareki)
    return { problem: `生年月日（和暦）「${wareki7}」は日付として読めません` };
  if (western8 === '' && wareki7 === '' && note === '') {
    return { problem: '生年月日が西暦・和暦・不詳表記のどれにもありません' };
  }
  if (western && wareki && isComplete(western) && isComplete(wareki) && !isSame(western, wareki)) {
    return { problem: `生年月日の西暦「${western8}」と和暦「${wareki7}」が食い違っています` };
  }
  const parts = fullest(western, wareki);
  const on = findLocalDate(parts.year, parts.month, parts.day);
  return {
    code: formatCode(parts),
    wareki: wareki ? wareki7 : on === undefined ? '' : formatWarekiCode(on),
    note,
    ...rangeOf(parts, on, wareki),
    isWhole: on !== undefined,
  };
}

/**
 * A birth date for the screen and paper: 不詳表記 as it stands, otherwise 和暦 ('昭和33年4月1日',
 * '昭和17年5月（日不詳）'), or 西暦 with `western` ('1942年5月（日不詳）').
 */
export function formatBirthDate(birth: BirthDate, options: { western?: boolean } = {}): string {
  if (birth.note !== '') return birth.note;
  const year = Number(birth.code.slice(0, 4));
  const month = Number(birth.code.slice(4, 6));
  const day = Number(birth.code.slice(6));
  if (year === 0) return formatUnknownYear(birth, options.western === true);
  const yearText = options.western === true ? String(year) : warekiYear(birth, year);
  if (month === 0) return `${yearText}年（月日不詳）`;
  if (day === 0) return `${yearText}年${month}月（日不詳）`;
  return `${yearText}年${month}月${day}日`;
}

function formatUnknownYear(birth: BirthDate, western: boolean): string {
  const era = western ? undefined : parseWarekiCode(birth.wareki)?.era;
  return era ? `${era.name}（年月日不詳）` : '生年月日不詳';
}

/** The era the host wrote; without one, every era of the days it may be: 大正15・昭和元 for 19260000. */
function warekiYear(birth: BirthDate, year: number): string {
  const written = parseWarekiCode(birth.wareki);
  if (written !== undefined && written.eraYear > 0) {
    return `${written.era.name}${formatEraYear(written.eraYear)}`;
  }
  const eras = ERAS.filter((era) => birth.earliestOn <= era.endsOn && era.startsOn <= birth.latestOn);
  if (findEraOn(birth.earliestOn) === undefined || eras.length === 0) return `西暦${year}`;
  return eras.map((era) => `${era.name}${formatEraYear(eraYearOf(era, year))}`).join('・');
}

function rangeOf(
  { year, month, day }: DateParts,
  on: LocalDate | undefined,
  wareki: WarekiParts | undefined,
): { earliestOn: LocalDate; latestOn: LocalDate } {
  if (on !== undefined) return { earliestOn: on, latestOn: on };
  if (year === 0) {
    return wareki ? { earliestOn: wareki.era.startsOn, latestOn: wareki.era.endsOn } : UNKNOWN_BIRTH;
  }
  if (month === 0) return { earliestOn: `${pad(year, 4)}-01-01`, latestOn: `${pad(year, 4)}-12-31` };
  const firstOn = `${pad(year, 4)}-${pad(month, 2)}-01`;
  const lastOn = `${pad(year, 4)}-${pad(month, 2)}-${daysInMonth(year, month)}`;
  if (day === 0) return { earliestOn: firstOn, latestOn: lastOn };
  // 昭和16年2月29日 stands in the register though 1941 had none: either neighbour may be meant.
  return { earliestOn: lastOn, latestOn: addDays(lastOn, 1) };
}

/**
 * The first days of every range of `rangeOf` that can hold a day, the day itself first: those who may be born on a
 * day have one of them as `earliestOn`, and `latestOn` on the day or after. A search by birth date thus stays one
 * by equality, and finds people whose date is known in part.
 */
export function earliestDaysOfRangesWith(on: LocalDate): LocalDate[] {
  const era = findEraOn(on);
  const days = [
    on,
    `${on.slice(0, 8)}01`,
    `${on.slice(0, 5)}01-01`,
    addDays(on, -1),
    UNKNOWN_BIRTH.earliestOn,
  ];
  return [...new Set(era === undefined ? days : [...days, era.startsOn])];
}

function isBlank(code: string): boolean {
  return code === '' || /^0+$/.test(code);
}

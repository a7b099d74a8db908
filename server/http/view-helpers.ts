import { mayDo, type Right, type RightsHolder } from '../accounts/rights.ts';
import { ageLabel } from '../calendar/age.ts';
import { formatBirthDate } from '../calendar/birth-date.ts';
import { fiscalYearLabel } from '../calendar/fiscal-year.ts';
import { businessDay, businessTime } from '../calendar/local-date.ts';
import { formatWareki, formatWarekiShort } from '../calendar/wareki.ts';

/** What views may call beside their own data: how dates, times and numbers are written. */
export const viewHelpers = {
  wareki: (date: string | null) => (date === null ? '' : formatWareki(date)),
  warekiShort: (date: string | null) => (date === null ? '' : formatWarekiShort(date)),
  birthDate: formatBirthDate,
  age: ageLabel,
  fiscalYear: fiscalYearLabel,
  day: (instant: string) => formatWareki(businessDay(new Date(instant))),
  time: (instant: string) => businessTime(new Date(instant)).slice(0, 5),
  count: (number: number) => number.toLocaleString('ja-JP'),
  postalCode: (code: string) => (code.length === 7 ? `〒${code.slice(0, 3)}-${code.slice(3)}` : ''),
  may: (account: RightsHolder | undefined, right: Right) => account !== undefined && mayDo(account, right),
};

import { expect, test } from 'vitest';
import {
  fiscalYearEnd,
  fiscalYearLabel,
  fiscalYearOf,
  fiscalYearStart,
  isMarch,
} from '../../server/calendar/fiscal-year.ts';
import { readRules } from './read-rules.ts';

test.each(readRules<'日付' | '年度' | '表記'>('calendar/fiscal-years.csv'))('%s', (_note, row) => {
  const fiscalYear = fiscalYearOf(row.日付);
  expect(fiscalYear).toBe(Number(row.年度));
  expect(fiscalYearLabel(fiscalYear)).toBe(row.表記);
  expect(fiscalYearStart(fiscalYear) <= row.日付 && row.日付 <= fiscalYearEnd(fiscalYear)).toBe(true);
});

test('3月だけが3月', () => {
  expect(isMarch('2026-03-01')).toBe(true);
  expect(isMarch('2026-04-01')).toBe(false);
});

import { expect, test } from 'vitest';
import { isClosedDay } from '../../server/calendar/closed-day.ts';
import { readRules } from './read-rules.ts';

// National holidays of 2026 to 2028 as the Cabinet Office (内閣府「国民の祝日」) lists or expects them.
test.each(readRules<'日付' | '閉庁'>('calendar/closed-days.csv'))('%s', (_note, row) => {
  expect(isClosedDay(row.日付)).toBe(row.閉庁 === '1');
});

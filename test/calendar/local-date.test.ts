import { expect, test } from 'vitest';
import {
  addDays,
  addMonths,
  businessDay,
  businessTime,
  dayBounds,
  dayOfWeek,
  daysBetween,
  isLocalDate,
} from '../../server/calendar/local-date.ts';

test('暦にある日だけが日付', () => {
  expect(['2024-02-29', '2000-02-29', '9999-12-31'].map(isLocalDate)).toEqual([true, true, true]);
  const faulty = [
    '2023-02-29',
    '1900-02-29',
    '2026-04-31',
    '2026-13-01',
    '2026-1-1',
    '20260401',
    '0000-01-01',
    '',
  ];
  expect(faulty.filter(isLocalDate)).toEqual([]);
});

test('日と月を足す', () => {
  expect(addDays('2024-02-28', 1)).toBe('2024-02-29');
  expect(addDays('2026-04-01', -1)).toBe('2026-03-31');
  expect(addMonths('2026-01-31', 1)).toBe('2026-02-28');
  expect(addMonths('2026-03-31', -1)).toBe('2026-02-28');
  expect(daysBetween('2026-03-31', '2027-03-31')).toBe(365);
  expect(daysBetween('2026-04-01', '2026-03-31')).toBe(-1);
  expect(() => addDays('2026-02-30', 1)).toThrow(RangeError);
});

test('曜日は日曜が0', () => {
  expect(dayOfWeek('2026-04-05')).toBe(0);
  expect(dayOfWeek('2026-04-04')).toBe(6);
});

test('日本の日付は協定世界時の15時に変わる', () => {
  expect(businessDay(new Date('2026-03-31T14:59:59.999Z'))).toBe('2026-03-31');
  expect(businessDay(new Date('2026-03-31T15:00:00Z'))).toBe('2026-04-01');
  expect(businessTime(new Date('2026-03-31T15:00:00Z'))).toBe('00:00:00');
  expect(businessTime(new Date('2026-03-31T14:59:59.999Z'))).toBe('23:59:59');
});

test('一日の初めと終わり', () => {
  expect(dayBounds('2026-04-01')).toEqual({
    fromAt: '2026-03-31T15:00:00.000Z',
    beforeAt: '2026-04-01T15:00:00.000Z',
  });
});

import { describe, expect, test } from 'vitest';
import { parseBirthPeriod } from '../../server/calendar/birth-period.ts';
import { parseBirthQuery, parseDate } from '../../server/calendar/parse-date.ts';
import { readRules } from './read-rules.ts';

describe('入力された日付', () => {
  test.each(readRules<'入力' | '日付' | '案'>('calendar/typed-dates.csv'))('%s', (_note, row) => {
    const parsed = parseDate(row.入力);
    if (row.日付 !== '') return expect(parsed).toEqual({ date: row.日付 });
    const suggestion = row.案 === '' ? {} : { suggestion: row.案 };
    expect(parsed).toEqual({ problem: expect.stringMatching(/。$/), ...suggestion });
  });

  test('元号にない日は直し方を言う', () => {
    expect(parseDate('昭和65年4月1日')).toEqual({
      problem:
        '昭和65年4月1日は昭和にない日付です。昭和は昭和元年12月25日から昭和64年1月7日までです。平成2年4月1日のことか確かめてください。',
      suggestion: '1990-04-01',
    });
  });
});

describe('生年月日での検索', () => {
  test.each(readRules<'入力' | '今日' | '候補'>('calendar/birth-queries.csv'))('%s', (_note, row) => {
    expect(parseBirthQuery(row.入力, row.今日)).toEqual(row.候補.split(' ').filter(Boolean));
  });
});

describe('生まれた年と月での検索', () => {
  test.each(readRules<'入力' | '今日' | '初日' | '末日' | '読み'>('calendar/birth-periods.csv'))(
    '%s',
    (_note, row) => {
      const period = { firstOn: row.初日, lastOn: row.末日, label: row.読み };
      expect(parseBirthPeriod(row.入力, row.今日)).toEqual(row.初日 === '' ? undefined : period);
    },
  );
});

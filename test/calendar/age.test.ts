import { describe, expect, test } from 'vitest';
import { AGE_RULES, ageLabel, ageOn, ageRangeOn, reachesAgeOn } from '../../server/calendar/age.ts';
import { addDays } from '../../server/calendar/local-date.ts';
import { readRules } from './read-rules.ts';

describe('達する日', () => {
  test.each(readRules<'生年月日' | '年齢' | '規則' | '到達日'>('calendar/age-reached.csv'))(
    '%s',
    (_note, row) => {
      const rule = AGE_RULES.find((known) => known === row.規則)!;
      const age = Number(row.年齢);
      expect(reachesAgeOn(row.生年月日, age, rule)).toBe(row.到達日);
      expect(ageOn(row.生年月日, row.到達日, rule)).toBe(age);
      expect(ageOn(row.生年月日, addDays(row.到達日, -1), rule)).toBe(age - 1);
    },
  );

  test('規則を言わなければ法律による', () => {
    expect(reachesAgeOn('1958-04-01', 60)).toBe('2018-03-31');
    expect(ageOn('1958-04-01', '2018-03-31')).toBe(60);
  });

  test('生まれた日は0歳', () => {
    expect(ageOn('2026-04-01', '2026-04-01')).toBe(0);
    expect(ageOn('2026-04-01', '2026-03-30')).toBe(-1);
  });
});

describe('不詳の年齢', () => {
  type Column = '最早' | '最遅' | '基準日' | '最小' | '最大' | '表示';
  test.each(readRules<Column>('calendar/age-ranges.csv'))('%s', (_note, row) => {
    const birth = { earliestOn: row.最早, latestOn: row.最遅 };
    expect(ageRangeOn(birth, row.基準日)).toEqual({ min: Number(row.最小), max: Number(row.最大) });
    expect(ageLabel(birth, row.基準日)).toBe(row.表示);
  });
});

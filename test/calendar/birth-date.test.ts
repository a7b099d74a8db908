import { describe, expect, test } from 'vitest';
import { formatBirthDate, readBirthDate } from '../../server/calendar/birth-date.ts';
import { readRules } from './read-rules.ts';

describe('生年月日の読み取り', () => {
  type Column = '西暦' | '和暦' | '不詳表記' | '最早' | '最遅' | '全部' | '表示' | '西暦表示';
  test.each(readRules<Column>('calendar/birth-dates.csv'))('%s', (_note, row) => {
    const birth = readBirthDate(row.西暦, row.和暦, row.不詳表記);
    if ('problem' in birth) throw new Error(birth.problem);
    expect(birth).toMatchObject({
      earliestOn: row.最早,
      latestOn: row.最遅,
      isWhole: row.全部 === '1',
      note: row.不詳表記,
    });
    expect(formatBirthDate(birth)).toBe(row.表示);
    expect(formatBirthDate(birth, { western: true })).toBe(row.西暦表示);
  });

  test('片方だけでも両方の符号がそろう', () => {
    const whole = { code: '19580401', wareki: '3330401' };
    expect(readBirthDate('19580401', '', '')).toMatchObject(whole);
    expect(readBirthDate('', '3330401', '')).toMatchObject(whole);
    expect(readBirthDate('19420500', '', '')).toMatchObject({ code: '19420500', wareki: '' });
    expect(readBirthDate('', '3170500', '')).toMatchObject({ code: '19420500', wareki: '3170500' });
  });
});

describe('読めない生年月日', () => {
  test.each(readRules<'西暦' | '和暦' | '不詳表記' | '文言'>('calendar/birth-date-faults.csv'))(
    '%s',
    (_note, row) => {
      const birth = readBirthDate(row.西暦, row.和暦, row.不詳表記);
      expect('problem' in birth ? birth.problem : '読めた').toContain(row.文言);
    },
  );
});

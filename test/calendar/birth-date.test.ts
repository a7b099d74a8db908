import { describe, expect, test } from 'vitest';
import {
  earliestDaysOfRangesWith,
  formatBirthDate,
  readBirthDate,
} from '../../server/calendar/birth-date.ts';
import { addDays } from '../../server/calendar/local-date.ts';
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

test('一部不詳の生年月日の範囲は、その中のどの日からも見つかる', () => {
  const partial = [
    ['19420500', '', ''],
    ['19420000', '', ''],
    ['', '3000000', ''],
    ['', '', '年月日不詳'],
    ['', '3160229', ''],
    ['19580401', '', ''],
  ] as const;
  for (const [western, wareki, note] of partial) {
    const birth = readBirthDate(western, wareki, note);
    if ('problem' in birth) throw new Error(birth.problem);
    const { earliestOn, latestOn } = birth;
    for (let on = earliestOn; on <= latestOn && on < '1999-01-01'; on = addDays(on, 1)) {
      expect(earliestDaysOfRangesWith(on), `${western}${wareki}${note} ${on}`).toContain(earliestOn);
    }
  }
});

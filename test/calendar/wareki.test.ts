import { describe, expect, test } from 'vitest';
import { ERAS } from '../../server/calendar/eras.ts';
import { addDays } from '../../server/calendar/local-date.ts';
import {
  formatWareki,
  formatWarekiCode,
  formatWarekiShort,
  parseWarekiCode,
} from '../../server/calendar/wareki.ts';
import { readRules } from './read-rules.ts';

describe('和暦の表記', () => {
  test.each(readRules<'西暦' | '和暦' | '略記' | 'ホスト'>('calendar/wareki.csv'))('%s', (_note, row) => {
    expect(formatWareki(row.西暦)).toBe(row.和暦);
    expect(formatWarekiShort(row.西暦)).toBe(row.略記);
    expect(formatWarekiCode(row.西暦)).toBe(row.ホスト);
  });
});

describe('ホストの和暦', () => {
  type Column = 'ホスト' | '元号' | '年' | '西暦年' | '月' | '日';
  test.each(readRules<Column>('calendar/wareki-codes.csv'))('%s', (_note, row) => {
    const parts = parseWarekiCode(row.ホスト);
    if (row.元号 === '') return expect(parts).toBeUndefined();
    expect(parts).toMatchObject({
      era: { name: row.元号 },
      eraYear: Number(row.年),
      year: Number(row.西暦年),
      month: Number(row.月),
      day: Number(row.日),
    });
  });
});

test('元号は切れ目なく続く', () => {
  for (const [index, era] of ERAS.entries()) {
    const next = ERAS[index + 1];
    if (next) expect([era.endsOn, addDays(era.endsOn, 1)]).toContain(next.startsOn);
  }
});

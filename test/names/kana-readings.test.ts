import { describe, expect, test } from 'vitest';
import { foldKana, kanaReadings } from '../../server/names/kana-fold.ts';
import { readRules } from '../calendar/read-rules.ts';

describe('入力した読みで登録の読みに当たるか', () => {
  test.each(readRules<'入力' | '登録' | '当たる'>('names/kana-readings.csv'))('%s', (_note, row) => {
    expect(kanaReadings(row.入力).includes(foldKana(row.登録))).toBe(row.当たる === '1');
  });
});

test('初めの読みは入力そのものの検索形', () => {
  for (const typed of ['じずぢづ', 'おーの', 'ｼﾞﾝ']) expect(kanaReadings(typed)[0]).toBe(foldKana(typed));
});

test('読みは八つまで', () => {
  expect(kanaReadings('じずぢづじずぢづ')).toHaveLength(8);
});

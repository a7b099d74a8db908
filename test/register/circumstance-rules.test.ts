import { describe, expect, test } from 'vitest';
import {
  CIRCUMSTANCE_KINDS,
  type CircumstanceDetails,
  isInForce,
  settleDetails,
} from '../../server/register/circumstance.ts';
import { readRules } from '../calendar/read-rules.ts';

describe('個別事由の期間', () => {
  type Column =
    | '種類'
    | '区分'
    | '開始日'
    | '終了日'
    | '見直しの日'
    | '登録後の終了日'
    | '登録後の見直し'
    | '効く日'
    | '効かない日';
  const rows = readRules<Column>('register/circumstances.csv');

  test.each(rows)('%s', (_note, row) => {
    const settled = settleDetails({
      kind: row.種類 as CircumstanceDetails['kind'],
      subKind: row.区分 as CircumstanceDetails['subKind'],
      startsOn: row.開始日,
      endsOn: row.終了日 || null,
      reviewOn: row.見直しの日 || null,
      ground: '申出',
      addressee: '',
      postalCode: '1600022',
      address: '新宿一丁目１番１号',
      building: '',
    });
    expect([settled.endsOn ?? '', settled.reviewOn ?? '']).toEqual([row.登録後の終了日, row.登録後の見直し]);
    const days = (text: string) => text.split(' ').filter((day) => day !== '');
    for (const day of days(row.効く日)) expect(isInForce({ ...settled, endedAt: null }, day), day).toBe(true);
    for (const day of days(row.効かない日)) {
      expect(isInForce({ ...settled, endedAt: null }, day), day).toBe(false);
    }
    expect(isInForce({ ...settled, endedAt: '2026-04-01T00:00:00.000Z' }, row.開始日), '終了後').toBe(false);
  });

  test('どの種類も表にある', () => {
    expect(new Set(rows.map(([, row]) => row.種類))).toEqual(new Set(CIRCUMSTANCE_KINDS));
  });
});

import { describe, expect, test } from 'vitest';
import { foldAddress } from '../../server/names/address-fold.ts';
import { readRules } from '../calendar/read-rules.ts';

describe('住所の検索形', () => {
  test.each(readRules<'住所' | '検索形'>('names/address-fold.csv'))('%s', (_note, row) => {
    expect(foldAddress(row.住所)).toBe(row.検索形);
    expect(foldAddress(row.検索形), '二度かけても同じ').toBe(row.検索形);
  });
});

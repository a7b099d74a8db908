import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkLayout, EDITION_01, LayoutFault, readLayout } from '../../server/host-import/layout.ts';
import { encodeCp932 } from '../../server/names/cp932.ts';
import { folder, readAll, writeBytes } from '../support/host-files.ts';

const SAMPLE = join(import.meta.dirname, '../../docs/layouts/fixed-length-sample.json');
const sample = () => JSON.parse(readFileSync(SAMPLE, 'utf8'));

function faultsOf(given: unknown): string[] {
  try {
    checkLayout(given);
    return [];
  } catch (error) {
    if (!(error instanceof LayoutFault)) throw error;
    return error.message
      .split('\n')
      .slice(1)
      .map((line) => line.trim());
  }
}

describe('the layout file', () => {
  test('is edition 01 unless said otherwise', () => {
    expect(readLayout('')).toBe(EDITION_01);
  });

  test('reports every fault with the path of the wrong entry', () => {
    // biome-ignore lint/suspicious/noExplicitAny: the faults are of the type too
    const faulty = structuredClone(EDITION_01) as Record<string, any>;
    faulty.encoding = 'utf-8';
    faulty.data.columns[3].bytes = 'eight';
    faulty.data.columns[6].pattern = '[';
    faulty.trailer.columns[0].is = 'count';
    faulty.extra = true;
    expect(faultsOf(faulty).map((fault) => fault.split(':')[0])).toEqual([
      'encoding',
      'data.columns.3.bytes',
      'data.columns.6.pattern',
      'trailer.columns.0.is',
      '(layout)',
    ]);
  });

  test('must say where a person, a birth date and the base date stand', () => {
    const faulty = sample();
    faulty.data.columns = faulty.data.columns.filter(
      ({ is }: { is?: string }) => is !== 'name' && is !== 'birthWareki',
    );
    faulty.fileName = '^NYUYOKU.DAT$';
    expect(faultsOf(faulty)).toEqual([
      'data.columns: no column is name',
      'data.columns: no column is birthWestern or birthWareki',
      'fileName: has no group (?<base>…) for the base date',
    ]);
  });

  test('may not give one meaning to two columns', () => {
    const faulty = sample();
    faulty.data.columns[10].is = 'sex';
    expect(faultsOf(faulty)).toEqual(['data.columns.10.is: sex already is column 4']);
  });

  test('that is missing or no JSON is named', () => {
    expect(() => readLayout('/nowhere/layout.json')).toThrow('/nowhere/layout.json cannot be read');
    const path = writeBytes(new TextEncoder().encode('{ "name": '), 'layout.json');
    expect(() => readLayout(path)).toThrow(/layout\.json is not JSON/);
  });
});

describe('the sample of another layout: fixed length, no trailer, birth dates in wareki only', () => {
  const fill = (text: string, bytes: number, by = ' ') => {
    const width = encodeCp932(text).length;
    return text + by.repeat((bytes - width) / encodeCp932(by).length);
  };
  const line = (number: string, kana: string, name: string, birth: string, sex: string) =>
    fill(number, 15) +
    fill(kana, 40) +
    fill(name, 40, '　') +
    birth +
    sex +
    '1600022' +
    fill('新宿一丁目２番３号', 60, '　') +
    fill('', 60) +
    'YN' +
    fill('', 10);
  const write = (lines: string[]) =>
    writeBytes(encodeCp932(`${lines.join('\r\n')}\r\n`), 'NYUYOKU20261031.DAT', folder());

  test('is read', async () => {
    const path = write([
      line('099900000000015', 'ｼﾝｼﾞｭｸ ﾀﾛｳ', '新宿　太郎', '3330401', 'M'),
      line('099900000000023', 'ｵｵｸﾎﾞ ﾊﾅ', '大久保　花', '3170000', 'F'),
    ]);
    const { header, rows, faults, summary } = await readAll(path, readLayout(SAMPLE));
    expect(header).toEqual({ baseOn: '2026-10-31', extractedAt: '' });
    expect(faults.filter(({ severity }) => severity === 'rejected')).toEqual([]);
    expect(summary).toMatchObject({ counted: { rows: 2, elderly: 2, disabled: 0 }, stated: undefined });
    expect(rows[0]).toMatchObject({
      name: '新宿　太郎',
      kana: 'しんじゅく たろう',
      birthCode: '19580401',
      sex: 1,
    });
    expect(rows[1]).toMatchObject({
      birthEarliestOn: '1942-01-01',
      birthLatestOn: '1942-12-31',
      sex: 2,
      isElderly: 1,
    });
  });

  test('rejects a row of another length and a code that is not listed, with line and column', async () => {
    const path = write([
      line('099900000000015', 'ｼﾝｼﾞｭｸ ﾀﾛｳ', '新宿　太郎', '3330401', 'X'),
      `${line('099900000000023', 'ｵｵｸﾎﾞ ﾊﾅ', '大久保　花', '3170101', 'F')}  `,
    ]);
    const { faults, rows } = await readAll(path, readLayout(SAMPLE));
    expect(rows).toEqual([]);
    expect(faults.map(({ lineNumber, field }) => [lineNumber, field])).toEqual([
      [1, '性別'],
      [2, '行全体'],
    ]);
  });
});

import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { EDITION_01 } from '../../server/host-import/layout.ts';
import { receiveFile, requireHostFile } from '../../server/host-import/receive.ts';
import { readQuoted } from '../../server/host-import/record.ts';
import { FileRefused } from '../../server/host-import/refusal.ts';
import { encodeCp932 } from '../../server/names/cp932.ts';
import { extractLines, readAll, writeBytes, writeLines } from '../support/host-files.ts';

const set = (line: string, column: number, value: string) => {
  const fields = line.slice(1, -1).split('","');
  fields[column] = value;
  return `"${fields.join('","')}"`;
};

describe('a record of quoted fields', () => {
  test.each([
    '"a","b","c"',
    '"","",""',
    '"a""b","c","d"',
    '"""","a",""""""',
    '",","a,b",",,"',
    '"a"",""b","c"',
    '"日本","，","""、"""',
  ])('%s is read as csv-parse reads it', (line) => {
    expect(readQuoted(line)).toEqual(parse(line, { relax_column_count: true })[0]);
  });

  test.each(['a,b', '"a,b', '"a","b', '"a"b","c"', '"a" ,"b"', '', '"'])('%j is no record', (line) => {
    expect(readQuoted(line)).toHaveProperty('problem');
  });
});

describe('host-extract §2.2: decoding', () => {
  test('names line and byte of what does not decode', async () => {
    const lines = await extractLines(20);
    const bytes = Buffer.from(encodeCp932(lines.map((line) => `${line}\r\n`).join('')));
    const start = encodeCp932(`${lines.slice(0, 4).join('\r\n')}\r\n`).length;
    bytes[start + 10] = 0xfd;
    await expect(readAll(writeBytes(bytes))).rejects.toThrow(
      new RegExp(`^5行目.*行の11バイト目、ファイルの先頭から${start + 11}バイト目.*FD`),
    );
  });

  test.each([
    ['UTF-8', (text: string) => Buffer.from(text, 'utf8')],
    ['UTF-8（BOM付き）', (text: string) => Buffer.from(`\ufeff${text}`, 'utf8')],
    ['UTF-16', (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['UTF-16', (text: string) => Buffer.from(text, 'utf16le').swap16()],
  ])('%s is recognised and named', async (name, encode) => {
    const text = (await extractLines(20)).join('\r\n');
    const file = await receiveFile(writeBytes(encode(text)));
    expect(file.foreignEncoding).toBe(name);
    expect(() => requireHostFile(file, EDITION_01)).toThrow(FileRefused);
  });

  test('EUC-JP and ISO-2022-JP are recognised and named', async () => {
    const eucJp = Buffer.from([
      0x22, 0xbf, 0xb7, 0xbd, 0xc9, 0x22, 0x2c, 0x22, 0xc5, 0xec, 0xb5, 0xfe, 0x22, 0x0d, 0x0a,
    ]);
    expect((await receiveFile(writeBytes(eucJp))).foreignEncoding).toBe('EUC-JP');
    const jis = Buffer.from([
      0x22, 0x1b, 0x24, 0x42, 0x3f, 0x37, 0x3d, 0x49, 0x1b, 0x28, 0x42, 0x22, 0x0d, 0x0a,
    ]);
    expect((await receiveFile(writeBytes(jis))).foreignEncoding).toBe('ISO-2022-JP（JIS）');
  });

  test('a true file is recognised as Windows-31J', async () => {
    const file = await receiveFile(writeLines(await extractLines(50)));
    expect(file.foreignEncoding).toBeUndefined();
  });

  test('外字 are kept and listed, an MS-DOS end mark is passed over', async () => {
    const lines = await extractLines(5);
    lines[2] = set(lines[2]!, 2, '\ue000田　花子');
    const bytes = Buffer.concat([
      encodeCp932(lines.map((line) => `${line}\r\n`).join('')),
      Buffer.from([0x1a]),
    ]);
    const { rows, faults, summary } = await readAll(writeBytes(bytes));
    expect(rows).toHaveLength(5);
    expect(rows[1]!.name).toBe('\ue000田　花子');
    expect(faults).toContainEqual(
      expect.objectContaining({
        lineNumber: 3,
        field: '氏名',
        severity: 'warning',
        reason: '外字 F040 を含みます',
      }),
    );
    expect(summary.withGaiji).toBeGreaterThanOrEqual(1);
  });
});

describe('host-extract §2.3: rows', () => {
  test.each([
    [1, '12AB', '住民番号', '決められた形ではありません'],
    [2, '', '氏名', '空ですが、必ず値のある項目です'],
    [2, 'あ'.repeat(51), '氏名', '長さが100バイトを超えています'],
    [2, '山田\u0007太郎', '氏名', '制御文字が入っています'],
    [4, '19581332', '生年月日（西暦）', '生年月日（西暦）「19581332」は日付として読めません'],
    [5, '3330402', '生年月日（西暦）', '生年月日の西暦'],
    [16, '9', '住民状態', undefined],
    [16, '5', '住民状態', '決められた形ではありません'],
    [18, '20260230', '異動日', '暦にない日付です'],
  ])('column %i with %j', async (column, value, field, reason) => {
    const lines = await extractLines(3);
    lines[2] = set(set(lines[2]!, 4, '19580401'), 5, '3330401');
    lines[2] = set(lines[2]!, column, value);
    const { faults, rows } = await readAll(writeLines(lines));
    const rejected = faults.filter(({ severity }) => severity === 'rejected');
    if (reason === undefined) return expect(rejected).toEqual([]);
    expect(rejected[0]).toMatchObject({ lineNumber: 3, field });
    expect(rejected[0]!.reason).toContain(reason);
    expect(rows).toHaveLength(2);
  });

  test('a column too many or too few is a fault of its line', async () => {
    const lines = await extractLines(3);
    lines[1] += ',"x"';
    lines[3] = lines[3]!.replace(/,"[^"]*"$/, '');
    const { faults, summary } = await readAll(writeLines(lines));
    const shapes = faults
      .filter(({ field }) => field === '行全体')
      .map(({ lineNumber, reason }) => [lineNumber, reason]);
    expect(shapes).toEqual([
      [2, '項目数が20です（19のはず）'],
      [4, '項目数が18です（19のはず）'],
    ]);
    expect(summary).toMatchObject({ malformed: 2, rejected: 2 });
  });

  test('a wrong check digit is a warning, never an error', async () => {
    const lines = await extractLines(1);
    const number = lines[1]!.slice(5, 20);
    lines[1] = set(lines[1]!, 1, number.slice(0, -1) + ((Number(number.at(-1)) + 1) % 10));
    const { rows, faults } = await readAll(writeLines(lines));
    expect(rows).toHaveLength(1);
    expect(faults.map(({ severity, field }) => [severity, field])).toContainEqual(['warning', '住民番号']);
  });
});

describe('host-extract §2.6: what frames the people', () => {
  test.each<[string, (lines: string[]) => string[], string]>([
    ['an empty file', () => [], 'ファイルが空です'],
    ['no header', (lines) => lines.slice(1), 'ヘッダー（H レコード、8項目）ではありません'],
    ['no trailer', (lines) => lines.slice(0, -1), 'トレーラーがありません'],
    ['a second file behind the first', (lines) => [...lines, ...lines], 'トレーラーのあとに行があります'],
    [
      'another municipality',
      ([header, ...rest]) => [set(header!, 3, '131059'), ...rest],
      '団体コードが「131059」です',
    ],
    ['only the differences', ([header, ...rest]) => [set(header!, 6, '2'), ...rest], '全件区分が「2」です'],
    [
      'a base date of no calendar',
      ([header, ...rest]) => [set(header!, 4, '20260231'), ...rest],
      '「20260231」が日付ではありません',
    ],
  ])('%s is refused', async (_what, change, sentence) => {
    const path = writeLines(change(await extractLines(5)));
    await expect(readAll(path)).rejects.toThrow(sentence);
  });
});

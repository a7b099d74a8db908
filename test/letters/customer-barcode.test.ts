import { describe, expect, test } from 'vitest';
import { addressNumbers } from '../../server/letters/barcode-numbers.ts';
import {
  barcodeBars,
  type Code,
  checkDigit,
  customerBarcode,
} from '../../server/letters/customer-barcode.ts';
import { readRules } from '../calendar/read-rules.ts';

type Columns = 'postalCode' | 'address' | 'numbers' | 'check';
const rules = readRules<Columns>('letters/customer-barcodes.csv');

describe('住所表示番号の抜き出し', () => {
  test.each(rules)('%s', (_note, { address, numbers }) => {
    expect(addressNumbers(address)).toBe(numbers);
  });
});

describe('けた合わせとチェックデジット', () => {
  test.each(rules.filter(([, { check }]) => check !== ''))('%s', (_note, { postalCode, address, check }) => {
    const codes = customerBarcode(postalCode, address)!;
    expect(codes).toHaveLength(23);
    expect(codes.slice(1, 8).join('')).toBe(postalCode);
    expect(codes.at(-2)).toBe(check);
    expect([codes[0], codes.at(-1)]).toEqual(['STC', 'SPC']);
  });

  test('13けたに満たなければCC4で埋め、超えれば切り、英字の制御コードは残す', () => {
    expect(customerBarcode('1000013', '1丁目3番2号　郵便プラザ503室')!.slice(8, 21).join(' ')).toBe(
      '1 - 3 - 2 - 5 0 3 CC4 CC4 CC4 CC4',
    );
    expect(customerBarcode('9100067', '3丁目80-25　J1ビル2-B')!.slice(8, 21).join(' ')).toBe(
      '3 - 8 0 - 2 5 CC1 9 1 - 2 CC1',
    );
  });

  test('合計は19の倍数になる', () => {
    const values = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '-'];
    const codes = [...'1600022-39'] as Code[];
    const sum = [...codes, checkDigit(codes)].reduce((all, code) => all + values.indexOf(code), 0);
    expect(sum % 19).toBe(0);
  });
});

describe('バーコードのない宛名', () => {
  test.each([
    ['郵便番号が空', '', '新宿一丁目２番３号'],
    ['郵便番号が6けた', '160002', '新宿一丁目２番３号'],
    ['代表番号', '1600000', '新宿一丁目２番３号'],
    ['番号のない住所', '1600022', '新宿'],
  ])('%s', (_note, postalCode, address) => {
    expect(customerBarcode(postalCode, address)).toBeUndefined();
  });
});

describe('バーの寸法', () => {
  const codes = customerBarcode('2630023', '緑町3丁目30-8　郵便ビル403号')!;

  test.each([
    [10, 79.8, 3.6],
    [9, 71.82, 3.24],
    [8, 63.84, 2.88],
    [11.5, 91.77, 4.14],
  ])('%sポイントは%s×%s mm', (points, width, height) => {
    const drawn = barcodeBars(codes, points);
    expect(drawn.bars).toHaveLength(67);
    expect([drawn.width, drawn.height]).toEqual([expect.closeTo(width, 6), expect.closeTo(height, 6)]);
    expect(Math.max(...drawn.bars.map(({ left, width }) => left + width))).toBeCloseTo(drawn.width, 6);
  });

  test('スタートコードはロングバーと下半分、ストップコードはその逆', () => {
    const { bars } = barcodeBars(codes, 10);
    const shapes = [bars[0]!, bars[1]!, bars[65]!, bars[66]!].map(({ top, height }) => [
      Math.round(top * 10),
      Math.round(height * 10),
    ]);
    expect(shapes).toEqual([
      [0, 36],
      [12, 24],
      [12, 24],
      [0, 36],
    ]);
  });

  test.each([7.9, 11.6, Number.NaN])('%sポイントは受け付けない', (points) => {
    expect(() => barcodeBars(codes, points)).toThrow(RangeError);
  });
});

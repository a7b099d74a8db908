import { dictionary } from '@zxcvbn-ts/language-common';
import { expect, test } from 'vitest';
import { passwordProblem } from '../../server/accounts/password-rules.ts';
import { readRules } from '../calendar/read-rules.ts';

const OWNER = { loginName: 'tanaka', displayName: '田中 花子', leastLength: 12 };

const rules = readRules<'パスワード' | '利用者ID' | '職員氏名' | '最低文字数' | '結果'>(
  'accounts/passwords.csv',
);

test.each(rules)('%s', (_note, row) => {
  const owner = { loginName: row.利用者ID, displayName: row.職員氏名, leastLength: Number(row.最低文字数) };
  const problem = passwordProblem(row.パスワード, owner);
  expect(problem === undefined ? '可' : '不可', `${row.パスワード}: ${problem}`).toBe(row.結果);
});

test('all of the published common passwords are refused, more than three thousand', () => {
  const common = dictionary['passwords-common'];
  expect(common.length).toBeGreaterThan(3000);
  const taken = common.filter((one) => passwordProblem(one, { ...OWNER, leastLength: 1 }) === undefined);
  expect(taken).toEqual([]);
});

test('128 characters are taken and 129 are not, by characters and not by bytes', () => {
  const characters = Array.from({ length: 128 }, (_, at) => String.fromCodePoint(0x4e00 + at * 7)).join('');
  expect(passwordProblem(characters, OWNER)).toBeUndefined();
  expect(passwordProblem(`${characters}山`, OWNER)).toContain('128文字まで');
});

test('the longest password is judged', () => {
  for (const one of ['ab'.repeat(64), 'a'.repeat(128)]) {
    expect(passwordProblem(one, OWNER)).toBeDefined();
  }
});

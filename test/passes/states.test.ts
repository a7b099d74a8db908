import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { findLocalDate } from '../../server/calendar/local-date.ts';
import { type ApplicationKind, PASS_STATUSES, type PassStatus } from '../../server/passes/pass.ts';
import {
  findApplicationProblem,
  issuableYears,
  PASS_MOVES,
  type PassMove,
  stateAfter,
  yearProblem,
} from '../../server/passes/pass-moves.ts';
import { RETURN_MOVES, type ReturnStage, returnMoveProblem } from '../../server/passes/return-stages.ts';
import { unsaidYearRule } from '../../server/settings/year-rule.ts';
import { readRules } from '../calendar/read-rules.ts';

describe('申請の可否', () => {
  test.each(readRules<'種類' | 'この年度の入浴証' | '上限' | '結果'>('passes/applications.csv'))(
    '%s',
    (_note, row) => {
      const statuses = row.この年度の入浴証.split(' ').filter((one) => one !== '') as PassStatus[];
      const ofYear = statuses.map((status, at) => ({ id: at + 1, status }));
      const problem = findApplicationProblem(row.種類 as ApplicationKind, ofYear, Number(row.上限));
      expect(problem === undefined ? '可' : problem.isLimit ? '上限' : '不可').toBe(row.結果);
    },
  );
});

describe.each([2026, 2027])('%i年度に交付できる年度', (fiscalYear) => {
  const dayOf = (monthDay: string) => {
    const [month, day] = monthDay.split('-').map(Number) as [number, number];
    const year = month < 4 ? fiscalYear + 1 : fiscalYear;
    return findLocalDate(year, month, day) ?? findLocalDate(year, month, day - 1)!;
  };
  test.each(readRules<'交付日' | '開始日' | '今年度' | '翌年度'>('passes/years.csv'))('%s', (_note, row) => {
    const on = dayOf(row.交付日);
    const next = { ...unsaidYearRule(fiscalYear + 1), issueFromOn: dayOf(row.開始日) };
    const may = (year: number) => (yearProblem(year, on, next) === undefined ? '可' : '不可');
    expect([may(fiscalYear), may(fiscalYear + 1)]).toEqual([row.今年度, row.翌年度]);
    expect([may(fiscalYear - 1), may(fiscalYear + 2)]).toEqual(['不可', '不可']);
    expect(issuableYears(on, next).length).toBe(row.翌年度 === '可' ? 2 : 1);
  });
});

test('4月1日には、前の日に翌年度だった年度が今年度になる', () => {
  expect(issuableYears('2028-03-31', unsaidYearRule(2028))).toEqual([2027, 2028]);
  expect(issuableYears('2028-04-01', unsaidYearRule(2029))).toEqual([2028]);
});

describe('入浴証の状態の移り変わり', () => {
  const rows = readRules<'処理' | '前' | '後'>('passes/moves.csv');
  test.each(rows)('%s', (_note, row) => {
    expect(stateAfter(row.処理 as PassMove['act'], row.前 as PassStatus) ?? '').toBe(row.後);
  });

  test('表にある移り変わりは、どれも規則の表で試している', () => {
    const tried = rows.map(([, row]) => `${row.処理} ${row.前} ${row.後}`);
    for (const { act, from, to } of PASS_MOVES) expect(tried).toContain(`${act} ${from} ${to}`);
  });
});

describe('返戻の段階', () => {
  const rows = readRules<'前' | '後' | '結果'>('passes/returns.csv');
  test.each(rows)('%s', (_note, row) => {
    const from = row.前 === '' ? null : (row.前 as ReturnStage);
    expect(returnMoveProblem(from, row.後 as ReturnStage) === undefined ? '可' : '不可').toBe(row.結果);
  });

  test('許す移り変わりは、どれも規則の表で試している', () => {
    const tried = rows.filter(([, row]) => row.結果 === '可').map(([, row]) => `${row.前} ${row.後}`);
    for (const [from, to] of Object.entries(RETURN_MOVES).flatMap(([from, tos]) =>
      tos.map((to) => [from, to]),
    )) {
      expect(tried).toContain(`${from} ${to}`);
    }
  });
});

test('docs/pass-states.md は、移り変わりの表と同じものを描いている', () => {
  const text = readFileSync(new URL('../../docs/pass-states.md', import.meta.url), 'utf8');
  const [passes, returns] = text.split('```mermaid').slice(1) as [string, string];
  const arrows = (drawing: string) =>
    [...drawing.matchAll(/^ {2}(\w+) --> (\w+)(?:: (\w+) (\S+))?$/gm)].map(([, from, to, act, label]) =>
      act === undefined ? `${from} ${to}` : `${from} ${to} ${act} ${label}`,
    );
  expect(arrows(passes).sort()).toEqual(
    PASS_MOVES.map(({ act, label, from, to }) => `${from} ${to} ${act} ${label}`).sort(),
  );
  expect(arrows(returns).sort()).toEqual(
    Object.entries(RETURN_MOVES)
      .flatMap(([from, tos]) => tos.map((to) => `${from} ${to}`))
      .sort(),
  );
  const drawn = new Set(PASS_MOVES.flatMap(({ from, to }) => [from, to]));
  expect([...drawn].sort()).toEqual([...PASS_STATUSES].sort());
});

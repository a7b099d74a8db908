import { fiscalYearLabel, fiscalYearStart } from '../calendar/fiscal-year.ts';
import { addDays, type LocalDate } from '../calendar/local-date.ts';
import { formatWareki } from '../calendar/wareki.ts';
import type { Database } from '../db/schema.ts';
import { listOffices } from '../offices/queries.ts';
import {
  APPLICATION_KIND_NAMES,
  APPLICATION_KINDS,
  DELIVERY_METHOD_NAMES,
  DELIVERY_METHODS,
} from '../passes/pass.ts';
import { EXCLUSION_REASON_NAMES } from '../passes/verdict.ts';
import { CATEGORY_NAMES, SEX_NAMES } from '../register/person.ts';
import { countByMonth, countByPlace, EXCLUSION_REASONS, listPassYears } from './acts-by-month.ts';
import { AGE_STEP, AGE_TOP, AGE_UNKNOWN, type Asked, type CubeRow, countCube, countHolders } from './cube.ts';

/** One table of figures; a rate is a text, a figure a number. */
export interface StatTable {
  name: string;
  title: string;
  /** What is counted, and how. */
  note: string;
  headings: string[];
  rows: { head: string; cells: (number | string)[]; isTotal?: true }[];
}

const ELIGIBLE = '対象者';
const ISSUED = '交付';
const RATE = '交付率';
const MOST_YEARS = 5;

/** All tables for a day and a fiscal year, in the order of the page. */
export async function statTables(db: Database, asked: Asked): Promise<StatTable[]> {
  const cube = await countCube(db, asked);
  const holders = await countHolders(db, asked.fiscalYear, asked.untilOn);
  const offices = await listOffices(db);
  return [
    await yearTable(db, asked.untilOn),
    categoryTable(cube, holders, asked),
    ageTable(cube),
    districtTable(cube, offices),
    await monthTable(db, asked),
    await placeTable(db, asked),
  ];
}

interface Sum {
  eligible: number;
  issued: number;
}

function sumOf(rows: readonly CubeRow[]): Sum {
  return rows.reduce(
    (sum, { eligible, issued }) => ({ eligible: sum.eligible + eligible, issued: sum.issued + issued }),
    { eligible: 0, issued: 0 },
  );
}

/** A share as 29.2%; nothing of nothing is no share. */
export function rateOf({ eligible, issued }: Sum): string {
  return eligible === 0 ? '―' : `${((issued / eligible) * 100).toFixed(1)}%`;
}

const cellsOf = (sum: Sum) => [sum.eligible, sum.issued, rateOf(sum)];

/** Each fiscal year at its own base date, the day before it begins, as the ward counts. */
async function yearTable(db: Database, untilOn: LocalDate): Promise<StatTable> {
  const rows: StatTable['rows'] = [];
  for (const fiscalYear of await listPassYears(db, MOST_YEARS)) {
    const first = fiscalYearStart(fiscalYear);
    if (first > untilOn) continue;
    const baseOn = addDays(first, -1);
    const cube = await countCube(db, { baseOn, fiscalYear, untilOn });
    const elderly = sumOf(cube.filter(({ category }) => category === 'elderly'));
    const others = sumOf(cube.filter(({ category }) => category !== 'elderly'));
    const all = sumOf(cube);
    rows.push({
      head: fiscalYearLabel(fiscalYear),
      cells: [
        formatWareki(baseOn),
        all.eligible,
        elderly.eligible,
        others.eligible,
        all.issued,
        elderly.issued,
        others.issued,
        rateOf(all),
      ],
    });
  }
  return {
    name: 'years',
    title: '年度別の対象者と交付',
    note: `対象者は年度の初日の前日、交付は${formatWareki(untilOn)}に有効だった入浴証を持つ人の数です。`,
    headings: [
      '年度',
      '対象者の基準日',
      '対象者',
      'うち高齢',
      'うち高齢以外',
      '交付',
      'うち高齢',
      'うち高齢以外',
      RATE,
    ],
    rows,
  };
}

function categoryTable(cube: readonly CubeRow[], holders: number, { baseOn, untilOn }: Asked): StatTable {
  const of = (category: CubeRow['category']) => sumOf(cube.filter((row) => row.category === category));
  const others = sumOf(cube.filter(({ category }) => category !== 'elderly'));
  const all = sumOf(cube);
  const none = of('none');
  return {
    name: 'categories',
    title: '区分別の対象者と交付',
    note: `二つ以上の区分に当てはまる人は、高齢、障害、児童の順に初めの区分で一人と数えます。${formatWareki(untilOn)}に有効な入浴証は${holders.toLocaleString('ja-JP')}人分で、そのうち${(holders - all.issued).toLocaleString('ja-JP')}人は${formatWareki(baseOn)}の対象者ではありません。`,
    headings: ['区分', ELIGIBLE, ISSUED, RATE],
    rows: [
      { head: CATEGORY_NAMES.elderly, cells: cellsOf(of('elderly')) },
      { head: '高齢以外', cells: cellsOf(others) },
      { head: `　${CATEGORY_NAMES.disabled}`, cells: cellsOf(of('disabled')) },
      { head: `　${CATEGORY_NAMES.child}`, cells: cellsOf(of('child')) },
      ...(none.eligible > 0 ? [{ head: '　区分なし', cells: cellsOf(none) }] : []),
      { head: '計', cells: cellsOf(all), isTotal: true },
    ],
  };
}

const SEXES = [
  { name: SEX_NAMES[1]!, holds: (sex: number) => sex === 1 },
  { name: SEX_NAMES[2]!, holds: (sex: number) => sex === 2 },
  { name: 'その他', holds: (sex: number) => sex !== 1 && sex !== 2 },
];

function ageTable(cube: readonly CubeRow[]): StatTable {
  const known = cube.map(({ ageFrom }) => ageFrom).filter((age) => age !== AGE_UNKNOWN);
  const least = Math.min(...known, AGE_TOP);
  const ages = Array.from({ length: (AGE_TOP - least) / AGE_STEP + 1 }, (_, at) => least + at * AGE_STEP);
  const row = (head: string, some: readonly CubeRow[]) => {
    const sums = SEXES.map(({ holds }) => sumOf(some.filter(({ sex }) => holds(sex))));
    const all = sumOf(some);
    return {
      head,
      cells: [
        ...sums.map(({ eligible }) => eligible),
        all.eligible,
        ...sums.map(({ issued }) => issued),
        all.issued,
        rateOf(all),
      ],
    };
  };
  const of = (age: number) => cube.filter(({ ageFrom }) => ageFrom === age);
  const names = SEXES.map(({ name }) => name);
  return {
    name: 'ages',
    title: '年齢階級・性別の対象者と交付',
    note: '年齢は基準日の満年齢です（誕生日の前日に一つ加わります）。生年月日の不詳の部分によって階級が変わりうる人は「不詳」です。',
    headings: [
      '年齢',
      ...names.map((name) => `${ELIGIBLE} ${name}`),
      `${ELIGIBLE} 計`,
      ...names.map((name) => `${ISSUED} ${name}`),
      `${ISSUED} 計`,
      RATE,
    ],
    rows: [
      ...ages.map((age) =>
        row(age === AGE_TOP ? `${age}歳以上` : `${age}〜${age + AGE_STEP - 1}歳`, of(age)),
      ),
      row('不詳', of(AGE_UNKNOWN)),
      { ...row('計', cube), isTotal: true },
    ],
  };
}

function districtTable(
  cube: readonly CubeRow[],
  offices: readonly { code: string; name: string }[],
): StatTable {
  const codes = new Set(offices.map(({ code }) => code));
  const row = (head: string, some: readonly CubeRow[]) => {
    const elderly = sumOf(some.filter(({ category }) => category === 'elderly'));
    const all = sumOf(some);
    return {
      head,
      cells: [
        all.eligible,
        elderly.eligible,
        all.eligible - elderly.eligible,
        all.issued,
        elderly.issued,
        all.issued - elderly.issued,
        rateOf(all),
      ],
    };
  };
  const of = (code: string) => cube.filter(({ district }) => district === code);
  return {
    name: 'districts',
    title: '管轄別の対象者と交付',
    note: '対象者の住所を管轄する特別出張所です。ホストに地区コードのない人は「なし」です。',
    headings: ['管轄', '対象者', 'うち高齢', 'うち高齢以外', '交付', 'うち高齢', 'うち高齢以外', RATE],
    rows: [
      ...offices.filter(({ code }) => of(code).length > 0).map(({ code, name }) => row(name, of(code))),
      row(
        'なし',
        cube.filter(({ district }) => !codes.has(district)),
      ),
      { ...row('計', cube), isTotal: true },
    ],
  };
}

async function monthTable(db: Database, { fiscalYear, untilOn }: Asked): Promise<StatTable> {
  const months = await countByMonth(db, fiscalYear, untilOn);
  const rows = months.map(({ month, issued, returned, excluded }) => ({
    head: `${Number(month.slice(5))}月`,
    cells: [
      ...APPLICATION_KINDS.map((kind) => issued[kind]),
      returned,
      ...EXCLUSION_REASONS.map((reason) => excluded[reason]),
    ],
  }));
  const totals = rows[0]!.cells.map((_, at) => rows.reduce((sum, { cells }) => sum + cells[at]!, 0));
  return {
    name: 'months',
    title: `${fiscalYearLabel(fiscalYear)}の月別の処理`,
    note: '交付は交付日、返戻は返戻日、除外は除外日の月に数えます。交付取消となった入浴証を含み、除外を解かれた人を含みません。',
    headings: [
      '月',
      ...APPLICATION_KINDS.map((kind) => APPLICATION_KIND_NAMES[kind]),
      '返戻',
      ...EXCLUSION_REASONS.map((reason) => `除外 ${EXCLUSION_REASON_NAMES[reason]}`),
    ],
    rows: [...rows, { head: '計', cells: totals, isTotal: true }],
  };
}

async function placeTable(db: Database, { fiscalYear, untilOn }: Asked): Promise<StatTable> {
  const counted = await countByPlace(db, fiscalYear, untilOn);
  const row = (head: string, some: typeof counted) => {
    const byMethod = DELIVERY_METHODS.map((method) =>
      some.reduce((sum, one) => sum + (one.method === method ? one.times : 0), 0),
    );
    return { head, cells: [...byMethod, byMethod.reduce((sum, times) => sum + times, 0)] };
  };
  const offices = new Map(counted.map(({ officeCode, officeName }) => [officeCode, officeName]));
  return {
    name: 'places',
    title: `${fiscalYearLabel(fiscalYear)}の交付場所・交付方法別の交付枚数`,
    note: `${formatWareki(untilOn)}までに交付した入浴証の枚数です。再交付と交付取消を含みます。`,
    headings: ['交付場所', ...DELIVERY_METHODS.map((method) => DELIVERY_METHOD_NAMES[method]), '計'],
    rows: [
      ...[...offices].map(([code, name]) =>
        row(
          name,
          counted.filter(({ officeCode }) => officeCode === code),
        ),
      ),
      { ...row('計', counted), isTotal: true },
    ],
  };
}

import { sql } from 'kysely';
import type { Trx } from '../db/schema.ts';
import { CATEGORIES, CATEGORY_NAMES } from '../register/person.ts';
import type { Settings } from '../settings/setting.ts';
import type { Comparison } from './compare.ts';
import { type Population, populationAfter, populationBefore } from './population.ts';

// The limits between a wrong file and the register. A file that is read without a fault can still be
// wrong: a category left out, a column taken from the next row, a condition a year off. Each kind has its
// own limit (設定); a run over any of them is held for a second person.

export const GUARDS = [
  'lost',
  'elderly',
  'disabled',
  'child',
  'total',
  'names',
  'addresses',
  'births',
  'sexes',
  'rejected',
  'ages',
] as const;
export type Guard = (typeof GUARDS)[number];

/** One figure of a run against its limit, in people (in rows for `rejected`). */
export interface GuardFigure {
  guard: Guard;
  figure: number;
  limit: number;
  isOver: boolean;
  /** What the figure is made of, in words; no resident's value. */
  note: string;
}

export interface Measured {
  rows: number;
  rejected: number;
}

/** Measures a compared run against every limit. A register without anybody yet has only its rejected rows. */
export async function measure(
  trx: Trx,
  { rows, rejected }: Measured,
  comparison: Comparison,
  settings: Settings,
): Promise<GuardFigure[]> {
  const rejectedRows = against(
    'rejected',
    rejected,
    share(rows, settings['import.rejected-rows']),
    `${rows}行のうち`,
  );
  const before = await populationBefore(trx);
  if (before.people === 0) return [rejectedRows];
  const after = await populationAfter(trx, before);
  const changed = await countChanged(trx);
  const of = (name: 'import.changed-names' | 'import.changed-addresses') =>
    share(before.people, settings[name]);
  return [
    lost(before, comparison, settings),
    ...falls(before, after, settings),
    against(
      'total',
      Math.abs(after.people - before.people),
      share(before.people, settings['import.total-change']),
      `${before.people}人から${after.people}人`,
    ),
    against('names', changed.names, of('import.changed-names'), ''),
    against('addresses', changed.addresses, of('import.changed-addresses'), ''),
    against('births', changed.births, settings['import.changed-births'], ''),
    against('sexes', changed.sexes, settings['import.changed-sexes'], ''),
    rejectedRows,
    ages(before, after, settings),
  ];
}

function against(guard: Guard, figure: number, limit: number, note: string): GuardFigure {
  return { guard, figure, limit: Math.floor(limit), isOver: figure > limit, note };
}

const share = (of: number, perThousand: number) => (of * perThousand) / 1000;

function lost(before: Population, { gone, endedActive }: Comparison, settings: Settings): GuardFigure {
  const limit = Math.max(settings['import.lost-people'], share(before.people, settings['import.lost-share']));
  return against('lost', gone + endedActive, limit, `消滅${gone}人、転出・死亡等${endedActive}人`);
}

function falls(before: Population, after: Population, settings: Settings): GuardFigure[] {
  return CATEGORIES.map((category) => {
    const [from, to] = [before.byCategory[category], after.byCategory[category]];
    const note = `${CATEGORY_NAMES[category]} ${from}人から${to}人`;
    return against(category, Math.max(from - to, 0), share(from, settings['import.category-fall']), note);
  });
}

const YEARS_TOLD = 3;

/** How many people would have to be of another year of birth for the two shapes to be the same. */
function ages(before: Population, after: Population, settings: Settings): GuardFigure {
  const years = new Set([...before.byBirthYear.keys(), ...after.byBirthYear.keys()]);
  const moves = [...years]
    .map((year) => {
      const [from, to] = [before.byBirthYear.get(year) ?? 0, after.byBirthYear.get(year) ?? 0];
      const scaled = after.people === 0 ? 0 : (to * before.people) / after.people;
      return { year, from, to, moved: Math.abs(scaled - from) };
    })
    .sort((a, b) => b.moved - a.moved || a.year - b.year);
  const figure = Math.round(moves.reduce((sum, { moved }) => sum + moved, 0) / 2);
  const note = moves
    .slice(0, YEARS_TOLD)
    .filter(({ moved }) => moved >= 1)
    .map(({ year, from, to }) => `${year}年生まれ ${from}人から${to}人`)
    .join('、');
  return against('ages', figure, share(before.people, settings['import.age-shift']), note);
}

interface Changed {
  names: number;
  addresses: number;
  births: number;
  sexes: number;
}

async function countChanged(trx: Trx): Promise<Changed> {
  const differs = (...columns: string[]) => {
    const parts = columns.map((column) => sql`person.${sql.ref(column)} <> s.${sql.ref(column)}`);
    return sql`coalesce(sum(case when ${sql.join(parts, sql` or `)} then 1 else 0 end), 0)`;
  };
  const { rows } = await sql<Changed>`
    select ${differs('name')} as names, ${differs('address', 'building', 'postal_code')} as addresses,
      ${differs('birth_code', 'birth_wareki')} as births, ${differs('sex')} as sexes
    from import_staged_person s join person on person.id = s.person_id
    where s.outcome in ('changed', 'returned')`.execute(trx);
  const [{ names, addresses, births, sexes }] = rows as [Changed];
  return {
    names: Number(names),
    addresses: Number(addresses),
    births: Number(births),
    sexes: Number(sexes),
  };
}

import { sql } from 'kysely';
import { earliestDaysOfRangesWith } from '../calendar/birth-date.ts';
import type { LocalDate } from '../calendar/local-date.ts';
import { afterPrefix } from '../db/dialect.ts';
import { prepared } from '../db/prepared.ts';
import type { Database } from '../db/schema.ts';
import { isBetter, MATCHES, type Match, matchOf } from './match.ts';
import { LISTED } from './queries.ts';
import { type NameColumn, type Reading, readSearch } from './search-terms.ts';

export const MOST_FOUND = 50;

type Listed = Awaited<ReturnType<ReturnType<typeof listed>['execute']>>[number];
type ListedFormer = Awaited<ReturnType<ReturnType<typeof listedFormer>['execute']>>[number];

export interface FoundPerson extends Listed {
  match: Match;
  /** The former name by which the person was found; empty otherwise. */
  formerName: string;
}

/**
 * Finds people by what was typed into the one box, at most 50, the best match first and then in the order of
 * their kana or address; `isCut` says that there are more, `readAs` what numbers among it were read as.
 */
export async function searchPeople(
  db: Database,
  text: string,
  today: LocalDate,
): Promise<{ people: FoundPerson[]; isCut: boolean; readAs: string[] }> {
  const found = new Map<number, FoundPerson>();
  const readAs = new Set<string>();
  for (const readings of readSearch(text, today)) {
    for (const one of readings.flatMap((reading) => reading.readAs ?? [])) readAs.add(one);
    await collect(db, readings, found);
    if (found.size > 0) break;
  }
  const people = [...found.values()].sort((a, b) => MATCHES.indexOf(a.match) - MATCHES.indexOf(b.match));
  return { people: people.slice(0, MOST_FOUND), isCut: people.length > MOST_FOUND, readAs: [...readAs] };
}

async function collect(db: Database, readings: readonly Reading[], found: Map<number, FoundPerson>) {
  const asked = readings.map((reading) => ({ reading, values: valuesOf(reading) }));
  for (const { reading, values } of asked) {
    for (const row of await rowsOf(db, reading, values)) {
      const match = matchOf(row, reading);
      const known = found.get(row.id);
      if (known === undefined || isBetter(match, known.match)) {
        found.set(row.id, { ...row, match, formerName: '' });
      }
    }
    if (found.size > MOST_FOUND) return;
  }
  for (const { reading, values } of asked) {
    for (const { formerField, formerValue, ...row } of await formerRowsOf(db, reading, values)) {
      const known = found.get(row.id);
      const formerName = formerField === 'name' ? formerValue : '';
      if (known === undefined || (known.match === 'former' && formerName !== '')) {
        found.set(row.id, { ...row, match: 'former', formerName });
      }
    }
  }
}

/** What a reading asks for, as values of one row: the names of its slots are the same whatever was typed. */
type Values = Record<string, string | number>;
type Slots = (name: string) => never;

function valuesOf({
  residentNumber,
  phoneDigits,
  passNumber,
  birthOn,
  birthIn,
  names = [],
}: Reading): Values {
  const values: Values = {};
  if (residentNumber !== undefined) values.residentNumber = residentNumber;
  if (phoneDigits !== undefined) values.phoneDigits = phoneDigits;
  if (passNumber !== undefined) {
    values.passNumber = passNumber.passNumber;
    passNumber.fiscalYears.forEach((year, at) => {
      values[`year${at}`] = year;
    });
  }
  if (birthOn !== undefined) {
    values.birthOn = birthOn;
    earliestDaysOfRangesWith(birthOn).forEach((day, at) => {
      values[`birth${at}`] = day;
    });
  }
  if (birthIn !== undefined) {
    values.bornFrom = birthIn.firstOn;
    values.bornUntil = birthIn.lastOn;
    earliestDaysOfRangesWith(birthIn.firstOn).forEach((day, at) => {
      values[`born${at}`] = day;
    });
  }
  for (const { column, prefix } of names) {
    values[column] = prefix;
    values[`${column}End`] = afterPrefix(prefix);
  }
  return values;
}

const plans = new Map<string, ReturnType<typeof planOf>>();
const formerPlans = new Map<string, ReturnType<typeof formerPlanOf>>();

async function rowsOf(db: Database, reading: Reading, values: Values) {
  const rows = await remembered(plans, reading, values, planOf)(db, values);
  return hasNumber(reading)
    ? rows.sort((a, b) => (a.kana < b.kana ? -1 : a.kana > b.kana ? 1 : a.id - b.id))
    : rows;
}

const FORMER_FIELDS: Partial<Record<NameColumn, 'name' | 'kana' | 'address'>> = {
  nameFold: 'name',
  kanaFold: 'kana',
  addressFold: 'address',
};

async function formerRowsOf(db: Database, reading: Reading, values: Values) {
  const column = reading.names?.[0]?.column;
  if (column === undefined || FORMER_FIELDS[column] === undefined) return [];
  return await remembered(formerPlans, reading, values, formerPlanOf)(db, values);
}

/** Readings that ask for the same columns share one prepared query. */
function remembered<Plan>(
  known: Map<string, Plan>,
  reading: Reading,
  values: Values,
  make: (like: Reading) => Plan,
): Plan {
  const shape = Object.keys(values).join();
  let plan = known.get(shape);
  if (plan === undefined) {
    plan = make(reading);
    known.set(shape, plan);
  }
  return plan;
}

/** Whether a number narrows a reading down to a handful of people, who are then put in order here. */
function hasNumber({ residentNumber, phoneDigits, passNumber, birthOn }: Reading): boolean {
  return [residentNumber, phoneDigits, passNumber, birthOn].some((one) => one !== undefined);
}

// Every condition is an equality or a range on an indexed column, on both engines. By a name alone, rows come in the
// order of its index, so that fifty of them are read however many there are.

function planOf(like: Reading) {
  return prepared<Values, Listed>((db, value) => {
    const query = listed(db)
      .where(numbersHold(like, value as Slots))
      .where(mayBeFound(like));
    const named = (like.names ?? []).map(({ column }) => column);
    const [first = 'birthEarliestOn'] = named;
    const narrowed = named
      .reduce((wider, column) => wider.where(begins(`person.${column}`, column, value as Slots)), query)
      .limit(MOST_FOUND + 1);
    return hasNumber(like) ? narrowed : narrowed.orderBy(`person.${first}`).orderBy('person.id');
  });
}

function formerPlanOf(like: Reading) {
  return prepared<Values, ListedFormer>((db, value) => {
    const [first, ...others] = like.names!.map(({ column }) => column);
    const query = listedFormer(db)
      .where('former.field', '=', FORMER_FIELDS[first!]!)
      .where(begins('former.valueFold', first!, value as Slots))
      .where(numbersHold(like, value as Slots))
      .where(mayBeFound(like));
    return others
      .reduce((narrowed, column) => narrowed.where(begins(`person.${column}`, column, value as Slots)), query)
      .orderBy('former.valueFold')
      .orderBy('former.id')
      .limit(MOST_FOUND + 1);
  });
}

function listed(db: Database) {
  return db.selectFrom('person').select(LISTED);
}

function listedFormer(db: Database) {
  return db
    .selectFrom('personFormerValue as former')
    .innerJoin('person', 'person.id', 'former.personId')
    .select(LISTED)
    .select(['former.field as formerField', 'former.value as formerValue']);
}

function begins(held: string, column: NameColumn, value: Slots) {
  return sql<never>`(${sql.ref(held)} >= ${value(column)} and ${sql.ref(held)} < ${value(`${column}End`)})`;
}

/** Nobody under protection is found by where they live: that would tell whoever asks that they live there. */
function mayBeFound({ names = [] }: Reading) {
  const isByPlace = names.some(({ column }) => column === 'addressFold');
  return isByPlace ? sql<never>`${sql.ref('person.isProtected')} = 0` : sql<never>`1 = 1`;
}

function numbersHold(like: Reading, value: Slots) {
  const conditions = [];
  if (like.residentNumber !== undefined) {
    conditions.push(sql`${sql.ref('person.residentNumber')} = ${value('residentNumber')}`);
  }
  if (like.phoneDigits !== undefined) {
    conditions.push(
      sql`${sql.ref('person.phoneDigits')} = ${value('phoneDigits')} and ${sql.ref('person.phoneDigits')} <> ''`,
    );
  }
  if (like.birthOn !== undefined) {
    const days = earliestDaysOfRangesWith(like.birthOn).map((_, at) => sql`${value(`birth${at}`)}`);
    conditions.push(sql`${sql.ref('person.birthEarliestOn')} in (${sql.join(days)})
      and ${sql.ref('person.birthLatestOn')} >= ${value('birthOn')}`);
  }
  if (like.birthIn !== undefined) {
    const days = earliestDaysOfRangesWith(like.birthIn.firstOn).map((_, at) => sql`${value(`born${at}`)}`);
    const earliest = sql.ref('person.birthEarliestOn');
    conditions.push(sql`(${earliest} >= ${value('bornFrom')} and ${earliest} <= ${value('bornUntil')}
      or ${earliest} in (${sql.join(days)}) and ${sql.ref('person.birthLatestOn')} >= ${value('bornFrom')})`);
  }
  if (like.passNumber !== undefined) {
    const years = like.passNumber.fiscalYears.map((_, at) => sql`${value(`year${at}`)}`);
    conditions.push(sql`${sql.ref('person.id')} in (select person_id from pass
      where fiscal_year in (${sql.join(years)}) and pass_number = ${value('passNumber')})`);
  }
  return conditions.length === 0 ? sql<never>`1 = 1` : sql<never>`${sql.join(conditions, sql` and `)}`;
}

import { fiscalYearOf } from '../../calendar/fiscal-year.ts';
import { addDays, addMonths, type LocalDate } from '../../calendar/local-date.ts';
import type { Database, Trx } from '../../db/schema.ts';
import { birthsReachingUnder, readAgeRules } from '../../settings/age-rules.ts';
import { destinationOf, readMailingAddresses } from '../subject.ts';

export const TURNING_AGE = 60;

/** 'YYYY-MM' of a month that exists. */
export function isMonth(text: string): boolean {
  return /^(19|20)\d{2}-(0[1-9]|1[0-2])$/.test(text);
}

export type TurningSixty = Awaited<ReturnType<typeof listTurningSixty>>[number];

/**
 * People who reach 60 in a month by the rules of the fiscal years (年齢の到達日), who hold no valid pass of the year it
 * lies in, by postal code. People whose birth date is not wholly known, who are excluded or gone are left out.
 */
export async function listTurningSixty(db: Database | Trx, month: string, today: LocalDate) {
  const firstOn = `${month}-01`;
  const lastOn = addDays(addMonths(firstOn, 1), -1);
  const births = birthsReachingUnder(await readAgeRules(db), TURNING_AGE, firstOn, lastOn);
  if (births.length === 0) return [];
  const people = await db
    .selectFrom('person')
    .select(['id as personId', 'name', 'postalCode', 'address', 'building', 'isProtected'])
    .where((where) =>
      where.or(
        births.map((range) =>
          where.and([
            where('birthEarliestOn', '>=', range.firstOn),
            where('birthEarliestOn', '<=', range.lastOn),
          ]),
        ),
      ),
    )
    .whereRef('birthEarliestOn', '=', 'birthLatestOn')
    .where('excludedOn', 'is', null)
    .where('goneOn', 'is', null)
    .where('id', 'not in', (of) =>
      of
        .selectFrom('pass')
        .select('pass.personId')
        .where('pass.fiscalYear', '=', fiscalYearOf(firstOn))
        .where('pass.status', '=', 'valid'),
    )
    .orderBy('postalCode')
    .orderBy('address')
    .orderBy('id')
    .execute();
  const mailing = await readMailingAddresses(
    db,
    people.map(({ personId }) => personId),
    today,
  );
  return people.map((person) => ({
    personId: person.personId,
    isProtected: person.isProtected,
    ...destinationOf({ ...person, mailing: mailing.get(person.personId) }),
  }));
}

import { reachesAgeOn } from '../../calendar/age.ts';
import { fiscalYearOf } from '../../calendar/fiscal-year.ts';
import { addDays, addMonths, type LocalDate } from '../../calendar/local-date.ts';
import type { Database, Trx } from '../../db/schema.ts';
import { destinationOf, readMailingAddresses } from '../subject.ts';

export const TURNING_AGE = 60;

/** 'YYYY-MM' of a month that exists. */
export function isMonth(text: string): boolean {
  return /^(19|20)\d{2}-(0[1-9]|1[0-2])$/.test(text);
}

/**
 * People who reach 60 in a month (年齢計算ニ関スル法律: the day before the birthday, so that those born on the
 * first belong to the month before), who hold no valid pass of the year it lies in, by postal code. People whose
 * birth date is not wholly known, who are excluded, gone or protected (支援措置等) are left out.
 */
export async function listTurningSixty(db: Database | Trx, month: string, today: LocalDate) {
  const firstOn = `${month}-01`;
  const lastOn = addDays(addMonths(firstOn, 1), -1);
  const people = await db
    .selectFrom('person')
    .select([
      'id as personId',
      'name',
      'postalCode',
      'address',
      'building',
      'birthEarliestOn',
      'birthLatestOn',
    ])
    .where('birthEarliestOn', '>=', addMonths(firstOn, -12 * TURNING_AGE))
    .where('birthEarliestOn', '<=', addDays(addMonths(lastOn, -12 * TURNING_AGE), 3))
    .where('excludedOn', 'is', null)
    .where('goneOn', 'is', null)
    .where('isProtected', '=', 0)
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
  const turning = people.filter(({ birthEarliestOn, birthLatestOn }) => {
    if (birthEarliestOn !== birthLatestOn) return false;
    const on = reachesAgeOn(birthEarliestOn, TURNING_AGE);
    return on >= firstOn && on <= lastOn;
  });
  const mailing = await readMailingAddresses(
    db,
    turning.map(({ personId }) => personId),
    today,
  );
  return turning.map((person) => ({
    personId: person.personId,
    ...destinationOf({ ...person, mailing: mailing.get(person.personId) }),
  }));
}

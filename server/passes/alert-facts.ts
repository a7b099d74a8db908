import type { LocalDate } from '../calendar/local-date.ts';
import type { Database, Trx } from '../db/schema.ts';
import { NotFound } from '../errors.ts';
import { findGaiji } from '../names/gaiji.ts';
import type { YearRule } from '../settings/year-rule.ts';
import type { AlertFacts } from './alerts.ts';
import { issuableYears } from './pass-moves.ts';
import { isBackWithUs, type VerdictPass } from './verdict.ts';

const FAMILY_NAME = /^[^\u3000 ]*/u;

/** What calls for care with a person on a day, given the passes of the years in question. Throws NotFound. */
export async function readAlertFacts(
  db: Database | Trx,
  personId: number,
  passes: readonly VerdictPass[],
  on: LocalDate,
  next: YearRule,
): Promise<AlertFacts> {
  const person = await db
    .selectFrom('person')
    .select(['name', 'kana', 'phone', 'address', 'building', 'addressFold', 'birthCode'])
    .select(['isProtected', 'mailingStoppedOn'])
    .where('id', '=', personId)
    .executeTakeFirst();
  if (person === undefined) throw new NotFound('この対象者は台帳にありません。検索し直してください。');
  const circumstances = await db
    .selectFrom('circumstance')
    .select('kind')
    .where('personId', '=', personId)
    .where('endedAt', 'is', null)
    .where('startsOn', '<=', on)
    .where((where) => where.or([where('endsOn', 'is', null), where('endsOn', '>=', on)]))
    .execute();
  const kinds = new Set(circumstances.map(({ kind }) => kind));
  return {
    isProtected: person.isProtected === 1,
    hasCaution: kinds.has('caution'),
    isReturned: passes.some((pass) => pass.status === 'valid' && isBackWithUs(pass)),
    hasMailingAddress: kinds.has('mailing_address'),
    isMailingStopped: person.mailingStoppedOn !== null,
    isNextYearOpen: issuableYears(on, next).length > 1,
    reissues: passes.filter(({ status }) => status === 'lost' || status === 'damaged').length,
    hasPhone: person.phone !== '',
    hasGaiji: findGaiji(person.name + person.address + person.building).length > 0,
    sharesBirth: person.isProtected === 0 && (await sharesBirth(db, personId, person)),
  };
}

async function sharesBirth(
  db: Database | Trx,
  personId: number,
  {
    name,
    address,
    building,
    addressFold,
    birthCode,
  }: Record<'name' | 'address' | 'building' | 'addressFold' | 'birthCode', string>,
): Promise<boolean> {
  const others = await db
    .selectFrom('person')
    .select('name')
    .where('addressFold', '=', addressFold)
    .where('address', '=', address)
    .where('building', '=', building)
    .where('birthCode', '=', birthCode)
    .where('id', '<>', personId)
    .where('excludedOn', 'is', null)
    .where('isProtected', '=', 0)
    .execute();
  const family = FAMILY_NAME.exec(name)?.[0];
  return others.some((other) => FAMILY_NAME.exec(other.name)?.[0] === family);
}

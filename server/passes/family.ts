import type { Database } from '../db/schema.ts';

const MOST = 12;

/**
 * Others at the same address, for whom the same visit may serve (家族連続): people excluded or gone are left out,
 * and so are protected people, whose address no list gives away. Nobody for a protected person.
 */
export async function listFamily(db: Database, personId: number) {
  const person = await db
    .selectFrom('person')
    .select(['address', 'building', 'addressFold', 'isProtected'])
    .where('id', '=', personId)
    .executeTakeFirst();
  if (person === undefined || person.isProtected === 1 || person.addressFold === '') return [];
  return await db
    .selectFrom('person')
    .select([
      'id',
      'name',
      'kana',
      'birthCode',
      'birthWareki',
      'birthNote',
      'birthEarliestOn',
      'birthLatestOn',
    ])
    .select(['excludedOn', 'exclusionReason', 'goneOn'])
    .where('addressFold', '=', person.addressFold)
    .where('address', '=', person.address)
    .where('building', '=', person.building)
    .where('isProtected', '=', 0)
    .where('excludedOn', 'is', null)
    .where('goneOn', 'is', null)
    .where('id', '<>', personId)
    .orderBy('id')
    .limit(MOST)
    .execute();
}

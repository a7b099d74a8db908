import { prepared } from '../db/prepared.ts';
import type { Database, Trx } from '../db/schema.ts';

/** The department (課) that owns the register; the others are its branch offices (特別出張所). */
export const DEPARTMENT = '00';

export interface Office {
  code: string;
  name: string;
  kind: 'department' | 'branch';
}

const offices = prepared<Record<never, never>, Office>((db) =>
  db.selectFrom('office').select(['code', 'name', 'kind']).where('isActive', '=', 1).orderBy('code'),
);

/** All offices in use, the department first. */
export async function listOffices(db: Database | Trx): Promise<Office[]> {
  return await offices(db, {});
}

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

const KEPT_MS = 10_000;
const kept = new WeakMap<object, { offices: readonly Office[]; until: number }>();

/**
 * All offices in use, the department first. Nothing in the system writes them: a change comes by script or by hand,
 * and shows after ten seconds at most. The lookup page is made faster by a tenth for it.
 */
export async function listOffices(db: Database | Trx): Promise<readonly Office[]> {
  const { adapter } = db.getExecutor();
  const known = kept.get(adapter);
  if (known !== undefined && performance.now() < known.until) return known.offices;
  const all = await offices(db, {});
  kept.set(adapter, { offices: all, until: performance.now() + KEPT_MS });
  return all;
}

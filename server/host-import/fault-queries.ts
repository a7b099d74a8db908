import { sql } from 'kysely';
import type { Database } from '../db/schema.ts';
import { findGaiji } from '../names/gaiji.ts';
import { replacementsOf } from '../register/gaiji-replacements.ts';

export const FAULTS_A_PAGE = 100;

export type Severity = 'rejected' | 'warning';

/** What the host wrote, of people under protection (支援措置等) nothing: it may be where they live. */
const valueUnlessProtected =
  sql<string>`case when person.is_protected = 1 then '' else import_row_fault.value end`.as('value');

/** A page of the faults of a run's rows, by line; `page` counts from 1. */
export async function listFaults(
  db: Database,
  runId: number,
  severity: Severity,
  { page = 1, limit = FAULTS_A_PAGE }: { page?: number; limit?: number } = {},
) {
  return await db
    .selectFrom('importRowFault')
    .leftJoin('person', 'person.residentNumber', 'importRowFault.residentNumber')
    .select(['lineNumber', 'ordinal', 'importRowFault.residentNumber', 'field', 'reason', 'severity'])
    .select(valueUnlessProtected)
    .where('runId', '=', runId)
    .where('severity', '=', severity)
    .orderBy('lineNumber')
    .orderBy('ordinal')
    .offset((page - 1) * limit)
    .limit(limit)
    .execute();
}

/** How many faults of each severity a run has; a row may have several. */
export async function countFaults(db: Database, runId: number): Promise<Record<Severity, number>> {
  const rows = await db
    .selectFrom('importRowFault')
    .select(['severity', (count) => count.fn.countAll<number>().as('faults')])
    .where('runId', '=', runId)
    .groupBy('severity')
    .execute();
  const of = (severity: Severity) => Number(rows.find((row) => row.severity === severity)?.faults ?? 0);
  return { rejected: of('rejected'), warning: of('warning') };
}

export interface GaijiUse {
  residentNumber: string;
  lineNumber: number;
  field: string;
  value: string;
  /** Each 外字 in the value: the host's code and what is written for it, if anything is registered. */
  codes: { code: string; replacement: string | undefined }[];
}

/** Everybody in whose name or address the host wrote a 外字, and the codes nobody has registered yet. */
export async function listGaiji(
  db: Database,
  runId: number,
): Promise<{ uses: GaijiUse[]; unregistered: { code: string; people: number }[] }> {
  const rows = await db
    .selectFrom('importRowFault')
    .leftJoin('person', 'person.residentNumber', 'importRowFault.residentNumber')
    .select(['importRowFault.residentNumber', 'lineNumber', 'field'])
    .select(valueUnlessProtected)
    .where('runId', '=', runId)
    .where('severity', '=', 'warning')
    .where(sql<never>`reason like '外字%'`)
    .orderBy('lineNumber')
    .orderBy('ordinal')
    .execute();
  const replacements = await replacementsOf(db);
  const uses = rows.map((row) => {
    const codes = [...new Set(findGaiji(row.value).map(({ hostCode }) => hostCode))];
    return { ...row, codes: codes.map((code) => ({ code, replacement: replacements.get(code) })) };
  });
  const people = new Map<string, Set<string>>();
  for (const { residentNumber, codes } of uses) {
    for (const { code, replacement } of codes) {
      if (replacement !== undefined) continue;
      people.set(code, (people.get(code) ?? new Set()).add(residentNumber));
    }
  }
  const unregistered = [...people]
    .map(([code, who]) => ({ code, people: who.size }))
    .sort((a, b) => b.people - a.people || (a.code < b.code ? -1 : 1));
  return { uses, unregistered };
}

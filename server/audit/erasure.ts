import { hash } from 'node:crypto';
import type { LocalDate } from '../calendar/local-date.ts';
import type { AuditValueErasureTable } from '../db/schema.ts';

/** Whose values go: one person's, or all that were recorded before a day. */
export type ErasureScope = { personId: number } | { before: LocalDate };

// An event of erasure commits to its list: which events lost values, and the hash of what remained of
// each (empty when nothing did). So nobody can remove values and call it an erasure afterwards.

type Erased = Pick<AuditValueErasureTable, 'eventSequence' | 'remainingHash'>;

/** The digest of a list of erasures in the order of their events, as the event of erasure carries it. */
export function digestOfErasures(erased: readonly Erased[]): string {
  const lines = erased.map(({ eventSequence, remainingHash }) => [eventSequence, remainingHash]);
  return hash('sha256', JSON.stringify(lines));
}

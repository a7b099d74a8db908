import { kindOf } from '../audit/event.ts';
import type { Database } from '../db/schema.ts';
import { FIELD_NAMES, showValue } from './fields.ts';

const MOST_VALUES = 300;
/** What is not a value of the person: the words typed into a search, in which the person was found. */
const NOT_OF_THE_PERSON = ['terms'];

export interface PastChange {
  sequence: number;
  occurredAt: string;
  what: string;
  who: string;
  /** The file of the import that made the change; empty for what a clerk did. */
  fileName: string;
  values: { field: string; label: string; from: string; to: string }[];
}

/** Every value of a person that was changed, by the act that changed it, newest first; at most the last 300. */
export async function listHistory(db: Database, personId: number): Promise<PastChange[]> {
  const rows = await db
    .selectFrom('auditValue as value')
    .innerJoin('auditEvent as event', 'event.sequence', 'value.eventSequence')
    .leftJoin('account', 'account.id', 'event.accountId')
    .select(['event.sequence', 'event.occurredAt', 'event.kind', 'event.actor', 'event.details'])
    .select(['account.displayName', 'value.field', 'value.oldValue', 'value.newValue'])
    .where('value.personId', '=', personId)
    .where('value.field', 'not in', NOT_OF_THE_PERSON)
    .orderBy('value.eventSequence', 'desc')
    .orderBy('value.field')
    .limit(MOST_VALUES)
    .execute();
  const files = await fileNames(
    db,
    rows.map(({ details }) => importRunOf(details)),
  );
  return [...Map.groupBy(rows, ({ sequence }) => sequence).values()].map((values) => {
    const { sequence, occurredAt, kind, actor, displayName, details } = values[0]!;
    return {
      sequence,
      occurredAt,
      what: kindOf(kind)?.label ?? kind,
      who: displayName ?? actor,
      fileName: files.get(importRunOf(details)) ?? '',
      values: values.map(({ field, oldValue, newValue }) => ({
        field,
        label: FIELD_NAMES[field] ?? field,
        from: showValue(field, oldValue),
        to: showValue(field, newValue),
      })),
    };
  });
}

async function fileNames(db: Database, runIds: readonly number[]): Promise<Map<number, string>> {
  const known = [...new Set(runIds)].filter((id) => id > 0);
  if (known.length === 0) return new Map();
  const runs = await db.selectFrom('importRun').select(['id', 'fileName']).where('id', 'in', known).execute();
  return new Map(runs.map(({ id, fileName }) => [id, fileName]));
}

function importRunOf(details: string): number {
  return (JSON.parse(details) as { importRunId?: number }).importRunId ?? 0;
}

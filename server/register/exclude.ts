import { describeLastAct } from '../audit/last-act.ts';
import { type Actor, recordEvent } from '../audit/record-event.ts';
import type { LocalDate } from '../calendar/local-date.ts';
import { formatWareki } from '../calendar/wareki.ts';
import type { Database, Trx } from '../db/schema.ts';
import { inTransaction } from '../db/transaction.ts';
import { ChangedMeanwhile, Invalid, Refused } from '../errors.ts';
import { showValue } from './fields.ts';
import { lockPerson } from './lock-person.ts';

export const EXCLUSION_CHOICES = {
  moved_out: '転出',
  died: '死亡',
  not_eligible: '非該当',
  own_wish: '本人申出',
  other: 'その他',
} as const;
type Reason = keyof typeof EXCLUSION_CHOICES;

interface Seen {
  personId: number;
  /** The version the clerk saw. */
  version: number;
}

/** Excludes a person by hand (除外). Throws Invalid, Refused when already excluded, ChangedMeanwhile and NotFound. */
export async function excludePerson(
  db: Database,
  actor: Actor,
  { personId, version }: Seen,
  { on, reason, note }: { on: LocalDate; reason: string; note: string },
): Promise<void> {
  if (!Object.hasOwn(EXCLUSION_CHOICES, reason))
    throw new Invalid({ reason: '除外の事由を選んでください。' });
  if (reason === 'other' && note === '')
    throw new Invalid({ note: '事由が「その他」のときは、補足を入力してください。' });
  const exclusionReason = reason as Reason;
  await inTransaction(db, async (trx) => {
    const before = await getSeen(trx, personId, version);
    if (before.excludedOn !== null) {
      throw new Refused(
        `この人は${formatWareki(before.excludedOn)}に除外されています。個人票を開き直してください。`,
      );
    }
    const after = { excludedOn: on, exclusionReason, exclusionNote: note };
    await write(trx, actor, personId, version, { ...after, exclusionSource: 'clerk' });
    recordEvent(
      trx,
      actor,
      { kind: 'person.excluded', personId, reason: exclusionReason },
      valuesOf(personId, before, after),
    );
  });
}

/** Lifts an exclusion (除外解除), with the reason. Throws Invalid, Refused when not excluded, ChangedMeanwhile and NotFound. */
export async function liftExclusion(
  db: Database,
  actor: Actor,
  { personId, version }: Seen,
  note: string,
): Promise<void> {
  if (note.trim() === '') throw new Invalid({ note: '除外を解除する理由を入力してください。' });
  await inTransaction(db, async (trx) => {
    const before = await getSeen(trx, personId, version);
    if (before.excludedOn === null)
      throw new Refused('この人は除外されていません。個人票を開き直してください。');
    const after = { excludedOn: null, exclusionReason: null, exclusionNote: note.trim() };
    await write(trx, actor, personId, version, { ...after, exclusionSource: null });
    recordEvent(trx, actor, { kind: 'person.exclusion-lifted', personId }, valuesOf(personId, before, after));
  });
}

interface Exclusion {
  excludedOn: LocalDate | null;
  exclusionReason: Reason | null;
  exclusionNote: string;
}

async function write(
  trx: Trx,
  actor: Actor,
  personId: number,
  version: number,
  after: Exclusion & { exclusionSource: 'clerk' | null },
): Promise<void> {
  await trx
    .updateTable('person')
    .set({ ...after, updatedAt: actor.at.toISOString(), version: version + 1 })
    .where('id', '=', personId)
    .execute();
}

async function getSeen(trx: Trx, personId: number, version: number) {
  await lockPerson(trx, personId);
  const row = await trx
    .selectFrom('person')
    .select(['excludedOn', 'exclusionReason', 'exclusionNote', 'version'])
    .where('id', '=', personId)
    .executeTakeFirstOrThrow();
  if (row.version === version) return row;
  throw new ChangedMeanwhile({
    what: 'この人',
    version: row.version,
    by: await describeLastAct(trx, personId),
    back: `/people/${personId}`,
    rows: [
      { label: '除外日', field: 'on', now: row.excludedOn === null ? '' : formatWareki(row.excludedOn) },
      {
        label: '除外事由',
        field: 'reason',
        words: EXCLUSION_CHOICES,
        now: showValue('exclusion_reason', row.exclusionReason ?? ''),
      },
      { label: '補足', field: 'note', now: row.exclusionNote },
    ],
  });
}

function valuesOf(personId: number, before: Exclusion, after: Exclusion) {
  return (
    [
      ['excluded_on', before.excludedOn, after.excludedOn],
      ['exclusion_reason', before.exclusionReason, after.exclusionReason],
      ['exclusion_note', before.exclusionNote, after.exclusionNote],
    ] as const
  )
    .map(([field, from, to]) => ({ personId, field, oldValue: from ?? '', newValue: to ?? '' }))
    .filter(({ oldValue, newValue }) => oldValue !== newValue);
}

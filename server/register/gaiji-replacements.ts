import { type Actor, recordEvent } from '../audit/record-event.ts';
import type { Database, Trx } from '../db/schema.ts';
import { inTransaction, isDuplicate } from '../db/transaction.ts';
import { Invalid, Refused } from '../errors.ts';
import { findUnencodable } from '../names/cp932.ts';
import { gaijiFromHostCode, isGaiji } from '../names/gaiji.ts';

// How a 外字 that no font has is written instead (外字の置き換え): by the host's code, F040–F9FC.

const LONGEST_REPLACEMENT = 10;
const LONGEST_NOTE = 100;

export interface GaijiReplacement {
  code: string;
  replacement: string;
  note: string;
}

/** Every registered replacement, by host code. */
export async function replacementsOf(db: Database | Trx): Promise<Map<string, string>> {
  const rows = await db.selectFrom('gaijiReplacement').select(['code', 'replacement']).execute();
  return new Map(rows.map(({ code, replacement }) => [code, replacement]));
}

/** Every registered replacement as its page shows it. */
export async function listReplacements(db: Database) {
  return await db.selectFrom('gaijiReplacement').selectAll().orderBy('code').execute();
}

/**
 * Registers or changes a replacement; `version` is what the page showed, 0 for a new one. Throws Invalid for
 * what is no 外字 code or cannot be printed, Refused when a colleague was quicker.
 */
export async function saveReplacement(
  db: Database,
  actor: Actor,
  given: GaijiReplacement & { version: number },
): Promise<void> {
  const { code, replacement, note } = checked(given);
  const changes = { replacement, note, changedAt: actor.at.toISOString(), changedBy: actor.accountId };
  const refusal = new Refused(
    '表示してから今までの間に別の職員が同じ外字を登録または変更したため、保存しませんでした。今の内容を確かめてください。',
  );
  try {
    await inTransaction(db, async (trx) => {
      const before = await trx
        .selectFrom('gaijiReplacement')
        .select(['replacement', 'version'])
        .where('code', '=', code)
        .executeTakeFirst();
      if (before === undefined && given.version === 0) {
        await trx
          .insertInto('gaijiReplacement')
          .values({ code, ...changes })
          .execute();
      } else {
        const { numUpdatedRows } = await trx
          .updateTable('gaijiReplacement')
          .set({ ...changes, version: given.version + 1 })
          .where('code', '=', code)
          .where('version', '=', given.version)
          .executeTakeFirst();
        if (numUpdatedRows === 0n) throw refusal;
      }
      recordEvent(trx, actor, { kind: 'gaiji.changed', code, to: replacement });
    });
  } catch (error) {
    throw isDuplicate(error) ? refusal : error;
  }
}

function checked({ code, replacement, note }: GaijiReplacement): GaijiReplacement {
  const faults: Record<string, string> = {};
  const upper = code.normalize('NFKC').trim().toUpperCase();
  try {
    gaijiFromHostCode(upper);
  } catch {
    faults.code = '外字のコードは F040 から F9FC までの4桁の16進数で入力してください。例）F040';
  }
  const text = replacement.trim();
  const characters = [...text];
  if (characters.length === 0 || characters.length > LONGEST_REPLACEMENT) {
    faults.replacement = `置き換える文字は1文字から${LONGEST_REPLACEMENT}文字までで入力してください。`;
  } else if (characters.some((one) => isGaiji(one.codePointAt(0)!))) {
    faults.replacement = '置き換える文字に外字が入っています。印字できる文字にしてください。';
  } else {
    const missing = findUnencodable(text);
    if (missing !== undefined)
      faults.replacement = `「${missing}」は印字できないことがある文字です。別の文字にしてください。`;
  }
  if (note.trim().length > LONGEST_NOTE) faults.note = `備考は${LONGEST_NOTE}文字までにしてください。`;
  if (Object.keys(faults).length > 0) throw new Invalid(faults);
  return { code: upper, replacement: text, note: note.trim() };
}

import { describeLastAct } from '../audit/last-act.ts';
import type { Trx } from '../db/schema.ts';
import { ChangedMeanwhile, NotFound } from '../errors.ts';
import { lockPerson } from '../register/lock-person.ts';
import { PASS_STATUS_NAMES } from './pass.ts';
import { formatPassNumber } from './pass-number.ts';
import { RETURN_REASON_NAMES, RETURN_STAGE_NAMES } from './return-stages.ts';

/**
 * A pass as it stands, its person locked, for an act on the `version` a clerk saw. Throws NotFound, and
 * ChangedMeanwhile when a colleague acted on it in between.
 */
export async function getSeenPass(trx: Trx, passId: number, version: number) {
  const before = await trx.selectFrom('pass').select('personId').where('id', '=', passId).executeTakeFirst();
  if (before === undefined) {
    throw new NotFound('この入浴証は記録にありません。個人票を開き直してください。');
  }
  await lockPerson(trx, before.personId);
  const pass = await trx.selectFrom('pass').selectAll().where('id', '=', passId).executeTakeFirstOrThrow();
  if (pass.version === version) return pass;
  throw new ChangedMeanwhile({
    what: `整理番号${formatPassNumber(pass.fiscalYear, pass.passNumber)}の入浴証`,
    version: pass.version,
    by: await describeLastAct(trx, pass.personId),
    back: `/passes/${pass.id}`,
    rows: [
      { label: '状態', field: '', now: PASS_STATUS_NAMES[pass.status] },
      { label: '状態の理由', field: 'reason', words: RETURN_REASON_NAMES, now: pass.statusReason },
      {
        label: '返戻の段階',
        field: 'stage',
        words: RETURN_STAGE_NAMES,
        now: pass.returnStage === null ? '' : RETURN_STAGE_NAMES[pass.returnStage],
      },
      { label: '返戻日', field: 'returnedOn', now: pass.returnedOn ?? '' },
      { label: '返戻の補足', field: 'note', now: pass.returnNote },
    ],
  });
}

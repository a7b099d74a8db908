import { type Actor, recordEvent } from '../../audit/record-event.ts';
import { businessDay } from '../../calendar/local-date.ts';
import type { Config } from '../../config.ts';
import type { Database } from '../../db/schema.ts';
import { inTransaction } from '../../db/transaction.ts';
import { Invalid, Refused } from '../../errors.ts';
import type { LetterFrame } from '../cover-letter.ts';
import { readFrame, readTemplates } from '../frame.ts';
import { recordPrintRun } from '../print-run.ts';
import { getPrinter, offsetOf } from '../printers.ts';
import { sha256 } from '../render-letter.ts';
import { fillTemplate, PLACEHOLDERS } from '../template.ts';
import { composePostcard, type PostcardRun } from './postcard-run.ts';
import { renderRun } from './render-run.ts';
import { type Composed, part, recordPeople, settlePeople, valuesOf } from './run-people.ts';
import { isMonth, listTurningSixty, type TurningSixty } from './turning-sixty.ts';

export interface PostcardRequest {
  /** 'YYYY-MM' in which 60 is reached. */
  month: string;
  reason: string;
  printerId?: number;
}

const MOST_CARDS = 1000;

/**
 * Prints the postcards for those who reach 60 in a month. Returns the id in the print log, where those stand as well
 * who were left out because their address cannot be printed or must be handled singly. Throws Invalid, and Refused
 * when nobody reaches 60.
 */
export async function printPostcards(
  db: Database,
  config: Pick<Config, 'municipalityFont'>,
  actor: Actor,
  { month, reason, printerId }: PostcardRequest,
): Promise<number> {
  if (!isMonth(month)) throw new Invalid({ month: '60歳になる年月を選んでください。' });
  if (reason === '') throw new Invalid({ reason: '印刷の目的を入力してください。印刷記録に残ります。' });
  const on = businessDay(actor.at);
  const printer = printerId === undefined ? undefined : await getPrinter(db, printerId);
  const frame = await readFrame(db, config, on);
  const people = part(composeCards(await listTurningSixty(db, month, on), frame));
  const template = (await readTemplates(db)).get('postcard')!;
  const { title, blocks } = fillTemplate(template, PLACEHOLDERS);
  const { sender } = frame;
  const cards = people.ready.map(({ card }) => card);
  const run: PostcardRun = { kind: 'postcards', title, blocks, sender, offset: offsetOf(printer), cards };
  const fileName = `postcards-${month}.pdf`;
  const addressees = cards.length;
  const pdf = await renderRun(run, title, actor.at, config.municipalityFont);
  return await inTransaction(db, async (trx) => {
    await settlePeople(trx, actor, 'postcards', people);
    const printRunId = await recordPrintRun(trx, actor, {
      kind: 'postcards',
      title: `60歳到達者へのはがき（${month}）`,
      fileName,
      pages: addressees * 2,
      addressees,
      templateVersion: template.version,
      sha256: addressees === 0 ? '' : sha256(pdf),
      content: JSON.stringify(run),
      reason,
      printerName: printer?.name ?? '',
    });
    await recordPeople(trx, printRunId, people);
    const event = { kind: 'postcards.printed' as const, printRunId, month, addressees, reason };
    recordEvent(trx, actor, event, valuesOf(people.ready, fileName));
    return printRunId;
  });
}

function composeCards(
  people: readonly TurningSixty[],
  frame: LetterFrame,
): Composed<PostcardRun['cards'][number]>[] {
  if (people.length === 0) {
    throw new Refused('この月に60歳になる人で、はがきを送れる人はいません。年月を確かめてください。');
  }
  if (people.length > MOST_CARDS) {
    throw new Refused(`${people.length}人は一度に印刷できる${MOST_CARDS}人を超えています。`);
  }
  return people.map(({ personId, isProtected, ...destination }) => {
    const to = { personId, passId: null };
    if (isProtected === 1) return { ...to, problem: 'protected', sentence: PROTECTED };
    const card = composePostcard(destination, frame);
    if (!('problem' in card)) return { ...to, card };
    return { ...to, problem: card.problem.kind, sentence: card.problem.sentence };
  });
}

const PROTECTED =
  '支援措置等の注意のある人のため、はがきは印刷しませんでした。お知らせするときは、個人票で送付先を確かめてください。';

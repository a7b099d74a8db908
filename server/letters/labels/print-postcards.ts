import { type Actor, recordEvent } from '../../audit/record-event.ts';
import { businessDay } from '../../calendar/local-date.ts';
import type { Config } from '../../config.ts';
import type { Database } from '../../db/schema.ts';
import { inTransaction } from '../../db/transaction.ts';
import { Invalid, Refused } from '../../errors.ts';
import { readFrame, readTemplates } from '../frame.ts';
import { recordPrintRun } from '../print-run.ts';
import { getPrinter, offsetOf } from '../printers.ts';
import { sha256 } from '../render-letter.ts';
import { fillTemplate, PLACEHOLDERS } from '../template.ts';
import { composePostcard, type PostcardRun } from './postcard-run.ts';
import { renderRun } from './render-run.ts';
import { isMonth, listTurningSixty } from './turning-sixty.ts';

export interface PostcardRequest {
  /** 'YYYY-MM' in which 60 is reached. */
  month: string;
  reason: string;
  printerId?: number;
}

const MOST_CARDS = 1000;

/**
 * Prints the postcards for those who reach 60 in a month. Returns the id in the print log and how many were left out
 * because their address cannot be printed. Throws Invalid, and Refused when there is nobody.
 */
export async function printPostcards(
  db: Database,
  config: Pick<Config, 'municipalityFont'>,
  actor: Actor,
  { month, reason, printerId }: PostcardRequest,
): Promise<{ printRunId: number; leftOut: number }> {
  if (!isMonth(month)) throw new Invalid({ month: '60歳になる年月を選んでください。' });
  if (reason === '') throw new Invalid({ reason: '印刷の目的を入力してください。印刷記録に残ります。' });
  const on = businessDay(actor.at);
  return await inTransaction(db, async (trx) => {
    const printer = printerId === undefined ? undefined : await getPrinter(trx, printerId);
    const frame = await readFrame(trx, config, on);
    const people = await listTurningSixty(trx, month, on);
    if (people.length > MOST_CARDS)
      throw new Refused(`${people.length}人は一度に印刷できる${MOST_CARDS}人を超えています。`);
    const cards: PostcardRun['cards'] = [];
    for (const person of people) {
      const card = composePostcard(person, frame);
      if (!('problem' in card)) cards.push(card);
    }
    if (cards.length === 0) {
      throw new Refused('この月に60歳になる人で、はがきを送れる人はいません。年月を確かめてください。');
    }
    const template = (await readTemplates(trx)).get('postcard')!;
    const { title, blocks } = fillTemplate(template, PLACEHOLDERS);
    const run: PostcardRun = {
      kind: 'postcards',
      title,
      blocks,
      sender: frame.sender,
      offset: offsetOf(printer),
      cards,
    };
    const pdf = await renderRun(run, title, actor.at, config.municipalityFont);
    const printRunId = await recordPrintRun(trx, actor, {
      kind: 'postcards',
      title: `60歳到達者へのはがき（${month}）`,
      fileName: `postcards-${month}.pdf`,
      pages: cards.length * 2,
      addressees: cards.length,
      templateVersion: template.version,
      sha256: sha256(pdf),
      content: JSON.stringify(run),
      reason,
      printerName: printer?.name ?? '',
    });
    recordEvent(trx, actor, {
      kind: 'postcards.printed',
      printRunId,
      month,
      addressees: cards.length,
      reason,
    });
    return { printRunId, leftOut: people.length - cards.length };
  });
}

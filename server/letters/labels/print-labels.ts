import { type Actor, recordEvent } from '../../audit/record-event.ts';
import { businessDay, type LocalDate } from '../../calendar/local-date.ts';
import type { Config } from '../../config.ts';
import type { Database } from '../../db/schema.ts';
import { inTransaction } from '../../db/transaction.ts';
import { Invalid, Refused } from '../../errors.ts';
import { formatPassNumber } from '../../passes/pass-number.ts';
import { type ListRequest, listPassesForPost, requireDays } from '../batches/list-passes.ts';
import { readFrame } from '../frame.ts';
import { findPrintProblem } from '../print-problem.ts';
import { recordPrintRun } from '../print-run.ts';
import { getPrinter, offsetOf } from '../printers.ts';
import { sha256 } from '../render-letter.ts';
import { destinationOf } from '../subject.ts';
import type { AddressCard } from './address-card.ts';
import { composeLabel, type LabelRun, sheetsOf } from './label-run.ts';
import { renderRun } from './render-run.ts';
import { type Composed, part, recordPeople, settlePeople, valuesOf } from './run-people.ts';
import { LABEL_SHEETS, type LabelFormat } from './sheets.ts';

export interface LabelRequest extends ListRequest {
  format: LabelFormat;
  /** The first label still on the sheet, counted in rows from 1. */
  startAt: number;
  /** Why labels are printed; it stands in the print log. */
  reason: string;
  printerId?: number;
}

// A run is kept as one text and drawn at once.
const MOST_LABELS = 1000;

/**
 * Prints the labels of a list. Returns the id in the print log, where those stand as well who were left out because
 * their address cannot be printed or must be handled singly. Throws Invalid, and Refused when nobody is on the list.
 */
export async function printLabels(
  db: Database,
  config: Pick<Config, 'municipalityFont'>,
  actor: Actor,
  request: LabelRequest,
): Promise<number> {
  requireLabelRequest(request);
  const on = businessDay(actor.at);
  requireDays(request, on);
  const { format, reason, printerId, startAt } = request;
  const printer = printerId === undefined ? undefined : await getPrinter(db, printerId);
  const people = part(await composeLabels(db, config, on, request));
  const labels = people.ready.map(({ card }) => card);
  const run: LabelRun = { kind: 'labels', format, skipped: startAt - 1, offset: offsetOf(printer), labels };
  const title = `宛名ラベル ${LABEL_SHEETS[format].name}`;
  const fileName = `labels-${on.replaceAll('-', '')}.pdf`;
  const addressees = labels.length;
  const pdf = await renderRun(run, title, actor.at, config.municipalityFont);
  return await inTransaction(db, async (trx) => {
    await settlePeople(trx, actor, 'labels', people);
    const printRunId = await recordPrintRun(trx, actor, {
      kind: 'labels',
      title,
      fileName,
      pages: sheetsOf(run),
      addressees,
      sha256: addressees === 0 ? '' : sha256(pdf),
      content: JSON.stringify(run),
      reason,
      printerName: printer?.name ?? '',
    });
    await recordPeople(trx, printRunId, people);
    const event = { kind: 'labels.printed' as const, printRunId, format, addressees, reason };
    recordEvent(trx, actor, event, valuesOf(people.ready, fileName));
    return printRunId;
  });
}

async function composeLabels(
  db: Database,
  config: Pick<Config, 'municipalityFont'>,
  on: LocalDate,
  request: LabelRequest,
): Promise<Composed<AddressCard>[]> {
  const frame = await readFrame(db, config, on);
  const subjects = await listPassesForPost(db, request, on);
  if (subjects.length === 0)
    throw new Refused('宛名ラベルを印字できる人がいません。一覧の種類と日付を確かめてください。');
  if (subjects.length > MOST_LABELS) {
    throw new Refused(
      `${subjects.length}人の宛名ラベルは一度に印刷できません。日付を分けて${MOST_LABELS}人までにしてください。`,
    );
  }
  return subjects.map((subject) => {
    const { personId, passId } = subject;
    const refused = findPrintProblem(subject, 'bulk');
    if (refused !== undefined) return { personId, passId, problem: 'protected', sentence: refused };
    const number = formatPassNumber(subject.fiscalYear, subject.passNumber);
    const card = composeLabel(destinationOf(subject), number, frame, request.format);
    if (!('problem' in card)) return { personId, passId, card };
    return { personId, passId, problem: card.problem.kind, sentence: card.problem.sentence };
  });
}

function requireLabelRequest({ format, startAt, reason }: LabelRequest): void {
  const faults: Record<string, string> = {};
  const sheet = LABEL_SHEETS[format];
  if (sheet === undefined) throw new Invalid({ format: '用紙の種類を選んでください。' });
  const most = sheet.columns * sheet.rows;
  if (!Number.isInteger(startAt) || startAt < 1 || startAt > most) {
    faults.startAt = `印字を始める面は1から${most}までの数で入力してください。左上が1で、右へ数えます。`;
  }
  if (reason === '') faults.reason = '印刷の目的を入力してください。印刷記録に残ります。';
  if (Object.keys(faults).length > 0) throw new Invalid(faults);
}

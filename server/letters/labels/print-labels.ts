import { type Actor, recordEvent } from '../../audit/record-event.ts';
import { businessDay } from '../../calendar/local-date.ts';
import type { Config } from '../../config.ts';
import type { Database, Trx } from '../../db/schema.ts';
import { inTransaction } from '../../db/transaction.ts';
import { Invalid, Refused } from '../../errors.ts';
import { formatPassNumber } from '../../passes/pass-number.ts';
import { type ListRequest, listPassesForPost, requireDays } from '../batches/list-passes.ts';
import { readFrame } from '../frame.ts';
import { holdLetter } from '../held.ts';
import { findPrintProblem } from '../print-problem.ts';
import { recordPrintRun } from '../print-run.ts';
import { getPrinter, offsetOf } from '../printers.ts';
import { sha256 } from '../render-letter.ts';
import { destinationOf } from '../subject.ts';
import { composeLabel, type LabelRun, sheetsOf } from './label-run.ts';
import { renderRun } from './render-run.ts';
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
 * Prints the labels of a list. Returns the id in the print log and how many people were left out because their
 * address cannot be printed or must be handled singly. Throws Invalid, and Refused when there is nobody.
 */
export async function printLabels(
  db: Database,
  config: Pick<Config, 'municipalityFont'>,
  actor: Actor,
  request: LabelRequest,
): Promise<{ printRunId: number; leftOut: number }> {
  requireLabelRequest(request);
  const on = businessDay(actor.at);
  requireDays(request, on);
  return await inTransaction(db, async (trx) => {
    const printer = request.printerId === undefined ? undefined : await getPrinter(trx, request.printerId);
    const { labels, leftOut } = await composeLabels(trx, config, actor, request);
    if (labels.length === 0)
      throw new Refused('宛名ラベルを印字できる人がいません。一覧の種類と日付を確かめてください。');
    const run: LabelRun = {
      kind: 'labels',
      format: request.format,
      skipped: request.startAt - 1,
      offset: offsetOf(printer),
      labels,
    };
    const title = `宛名ラベル ${LABEL_SHEETS[request.format].name}`;
    const pdf = await renderRun(run, title, actor.at, config.municipalityFont);
    const printRunId = await recordPrintRun(trx, actor, {
      kind: 'labels',
      title,
      fileName: `labels-${on.replaceAll('-', '')}.pdf`,
      pages: sheetsOf(run),
      addressees: labels.length,
      sha256: sha256(pdf),
      content: JSON.stringify(run),
      reason: request.reason,
      printerName: printer?.name ?? '',
    });
    const { format, reason } = request;
    recordEvent(trx, actor, {
      kind: 'labels.printed',
      printRunId,
      format,
      addressees: labels.length,
      reason,
    });
    return { printRunId, leftOut };
  });
}

async function composeLabels(
  trx: Trx,
  config: Pick<Config, 'municipalityFont'>,
  actor: Actor,
  request: LabelRequest,
): Promise<{ labels: LabelRun['labels']; leftOut: number }> {
  const on = businessDay(actor.at);
  const frame = await readFrame(trx, config, on);
  const subjects = await listPassesForPost(trx, request, on);
  if (subjects.length > MOST_LABELS) {
    throw new Refused(
      `${subjects.length}人の宛名ラベルは一度に印刷できません。日付を分けて${MOST_LABELS}人までにしてください。`,
    );
  }
  const labels: LabelRun['labels'] = [];
  for (const subject of subjects) {
    if (findPrintProblem(subject, 'bulk') !== undefined) continue;
    const number = formatPassNumber(subject.fiscalYear, subject.passNumber);
    const label = composeLabel(destinationOf(subject), number, frame, request.format);
    if ('problem' in label) await holdLetter(trx, actor, subject, label.problem);
    else labels.push(label);
  }
  return { labels, leftOut: subjects.length - labels.length };
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

import { type Actor, recordEvent, recordEventWithStoredValues } from '../audit/record-event.ts';
import type { AppContext } from '../context.ts';
import { HELD_ELSEWHERE, withLock } from '../db/lock.ts';
import type { Trx } from '../db/schema.ts';
import { inTransaction } from '../db/transaction.ts';
import { readSettings } from '../settings/queries.ts';
import { applyToRegister, storedChanges } from './apply.ts';
import { type Comparison, compareWithRegister, findDuplicates } from './compare.ts';
import { completeDifferences, forgetUnknown, keepDifferences, keepHeldDifferences } from './differences.ts';
import { requireNoDuplicates, requireTotals } from './guard.ts';
import { describeOver } from './guard-names.ts';
import { LayoutFault, readLayout } from './layout.ts';
import { type ImportOutcome, outcomeOf } from './outcome.ts';
import { type GuardFigure, measure } from './plausibility.ts';
import { COMPARE_PERCENT, keepProgress, type Progress, READ_PERCENT } from './progress.ts';
import { keepOriginal, type ReceivedFile, receiveFile, requireHostFile } from './receive.ts';
import { FileRefused, NothingToDo, WaitsAlready } from './refusal.ts';
import {
  requireExpectedCount,
  requireNewer,
  requireNotTaken,
  requireRightKindOfData,
} from './require-new.ts';
import {
  closeInterruptedRuns,
  closeRun,
  noteReceived,
  openRun,
  type RunStatus,
  waitAgain,
  wasApplied,
} from './run-row.ts';
import { clearStaging, type Staged, stageExtract } from './stage.ts';

export type { ImportOutcome } from './outcome.ts';

export interface ImportOptions {
  /** The same code, undone at the end. */
  dryRun?: boolean;
  /** How many people the host's processing sheet states, where a person typed it. */
  expectedCount?: number | undefined;
  /** Hears the share of the file that has been read, 0 to 1. */
  onProgress?: (share: number) => void;
  /** The name the file came with, when it lies under another. */
  fileName?: string;
  /** The run row that was opened for it already. */
  runId?: number;
  /** What a second person has approved: only exactly these differences, from exactly this file, are applied. */
  approved?: { comparison: string; sha256: string };
}

/** What one run has come to know; it grows as the run goes on. */
interface Going {
  context: AppContext;
  actor: Actor;
  options: ImportOptions;
  runId: number;
  file: ReceivedFile;
  progress: Progress;
  laps: ReturnType<typeof stopwatch>;
  staged?: Staged;
  comparison?: Comparison;
  figures?: GuardFigure[];
}

/** Ends a dry run's transaction; `held` says that a real one would have been. */
class Undo extends Error {
  readonly held: boolean;
  constructor(held: boolean, message: string) {
    super(message);
    this.held = held;
  }
}

/**
 * Takes a host extract through the whole run: receive, decode, check, stage, compare, measure against the
 * limits, apply or hold, record. Always gives an outcome; whatever is not `applied` left the register as it
 * was. Throws only when the file cannot be read at all or the run could not even be noted down.
 */
export async function importHostExtract(
  context: AppContext,
  actor: Actor,
  path: string,
  options: ImportOptions = {},
): Promise<ImportOutcome> {
  const file = await receiveFile(path, options.fileName);
  const { expectedCount } = options;
  const run = { fileName: file.name, fileSize: file.size, expectedCount };
  const runId = options.runId ?? (await openRun(context.db, actor, run));
  const progress = keepProgress(context, runId);
  const going: Going = { context, actor, options, runId, file, progress, laps: stopwatch() };
  const outcome = await withLock(context.db, 'import', () => runLocked(going));
  if (outcome !== HELD_ELSEWHERE) return outcome;
  const busy =
    '別の取込が動いているため、始めませんでした。台帳は変わっていません。終わってからもう一度取り込んでください。';
  return await notApplied(going, new FileRefused(busy));
}

async function runLocked(going: Going): Promise<ImportOutcome> {
  const { context, actor, options, runId, file, progress } = going;
  const { db } = context;
  try {
    await closeInterruptedRuns(db, actor.at.toISOString(), runId);
    await clearStaging(db);
    requireAsApproved(file, options);
    await noteReceived(db, actor, runId, file);
    await requireNotTaken(db, file, runId);
    if (!options.dryRun) await keepOriginal(file, context.config.receivedDirectory);
    const layout = readLayout(context.config.hostLayoutFile);
    requireHostFile(file, layout);
    going.staged = await stageExtract(
      db,
      runId,
      file.path,
      layout,
      ({ baseOn }) => requireNewer(db, baseOn),
      (bytes) => {
        options.onProgress?.(bytes / file.size);
        progress.show((bytes / file.size) * READ_PERCENT);
      },
    );
    going.laps.lap('stage');
    requireTotals(going.staged.summary);
    requireExpectedCount(going.staged, options.expectedCount);
    requireRightKindOfData(context.config.mode, going.staged);
    progress.show(COMPARE_PERCENT);
    await progress.settle();
    return await inTransaction(db, (trx) => decide(trx, going, going.staged!));
  } catch (error) {
    return await notApplied(going, error);
  } finally {
    await clearStaging(db);
  }
}

/** Compares with the register as it stands in this transaction, and applies the rows or holds them. */
async function decide(trx: Trx, going: Going, staged: Staged): Promise<ImportOutcome> {
  const { runId, options, laps } = going;
  const { baseOn } = staged.header;
  requireNoDuplicates(await findDuplicates(trx));
  // Tried again after a deadlock, the scratch table is as it was: empty.
  const comparison = await compareWithRegister(trx, runId);
  requireEveryRowCounted(staged, comparison);
  going.comparison = comparison;
  const { counted, rejected } = staged.summary;
  const settings = await readSettings(trx);
  going.figures = await measure(trx, { rows: counted.rows, rejected }, comparison, settings);
  await keepDifferences(trx, baseOn);
  laps.lap('compare');
  const over = going.figures.filter(({ isOver }) => isOver);
  if (over.length > 0) {
    const hash = await completeDifferences(trx);
    if (hash !== options.approved?.comparison) return await hold(trx, going, over, hash);
    await forgetUnknown(trx);
  }
  return await apply(trx, going, staged, comparison);
}

async function apply(trx: Trx, going: Going, staged: Staged, comparison: Comparison): Promise<ImportOutcome> {
  const { actor, runId, options, laps } = going;
  const { baseOn } = staged.header;
  await applyToRegister(trx, { runId, baseOn, at: actor.at.toISOString() }, comparison);
  laps.lap('apply');
  const outcome = outcomeOf('applied', '', runId, staged, comparison);
  const { outcome: _, reason: __, baseDate: ___, warnings: ____, runId: importRunId, ...counts } = outcome;
  const changes = await storedChanges(trx, { ofNewFrom: runId });
  const event = { kind: 'import.applied' as const, importRunId, baseOn, ...counts };
  recordEventWithStoredValues(trx, actor, event, {
    ...changes,
    writeValues: async (sequence) => {
      await changes.writeValues(sequence);
      await trx.updateTable('importRun').set({ appliedSequence: sequence }).where('id', '=', runId).execute();
    },
  });
  laps.lap('record');
  if (options.dryRun) throw new Undo(false, '試行のため、反映せずに元に戻しました。');
  await trx.deleteFrom('importHeldDifference').where('runId', '=', runId).execute();
  await close(trx, going, 'applied', outcome);
  return outcome;
}

async function hold(
  trx: Trx,
  going: Going,
  over: readonly GuardFigure[],
  comparisonHash: string,
): Promise<ImportOutcome> {
  const { actor, runId, options, staged, comparison } = going;
  const what = over.map(describeOver).join('。');
  if (options.dryRun)
    throw new Undo(
      true,
      `試行のため、反映せずに元に戻しました。本番では、次の限度を超えるため承認を待ちます。${what}。`,
    );
  const again =
    options.approved === undefined
      ? ''
      : '承認の前に台帳が変わり、差分が承認したものと違うため、比べ直しました。';
  const reason = `${again}反映していません。台帳は変わっていません。次の限度を超えるため、別の職員の承認を待っています。${what}。`;
  const outcome = outcomeOf('held', reason, runId, staged, comparison);
  await keepHeldDifferences(trx, runId);
  await close(trx, going, 'held', outcome, comparisonHash);
  const nobody = { answeredBy: null, answeredAt: null, answerReason: '' };
  await trx.updateTable('importRun').set(nobody).where('id', '=', runId).execute();
  const guards = over.map(({ guard }) => guard).join(' ');
  recordEvent(trx, actor, { kind: 'import.held', importRunId: runId, guards, comparison: comparisonHash });
  return outcome;
}

async function close(
  trx: Trx,
  { context, file, staged, figures = [], laps }: Going,
  status: RunStatus,
  outcome: ImportOutcome,
  comparisonHash?: string,
): Promise<void> {
  const totals = staged?.summary.counted;
  const report = { millisecondsBy: laps.laps, bytes: file.size, totals, figures };
  const hash = comparisonHash === undefined ? {} : { comparisonHash };
  await closeRun(trx, context, { status, outcome, staged, report, ...hash });
}

const FAILED = '取込の途中で障害が起きたため、反映していません。台帳は変わっていません。';

async function notApplied(going: Going, error: unknown): Promise<ImportOutcome> {
  const { context, actor, options, runId, progress } = going;
  const [outcome, known] = outcomeOfError(error);
  if (!known) {
    context.log.error({ err: error, runId }, 'import failed');
    // The line may break after the commit was made: the run's own row, written with it, says what happened.
    if (await wasApplied(context.db, runId)) {
      return outcomeOf('applied', '', runId, going.staged, going.comparison);
    }
  }
  const reason = known ? sentenceOf(error as Error) : FAILED;
  const told = outcomeOf(outcome, reason, runId, going.staged, going.comparison);
  await progress.settle();
  await inTransaction(context.db, async (trx) => {
    if (outcome === 'failed' && options.approved !== undefined) return await waitAgain(trx, runId, reason);
    await close(trx, going, statusOfError(error, outcome), told);
    if (outcome === 'refused')
      recordEvent(trx, actor, { kind: 'import.refused', importRunId: runId, reason });
  });
  return told;
}

function outcomeOfError(error: unknown): [ImportOutcome['outcome'], known: boolean] {
  if (error instanceof Undo) return [error.held ? 'held' : 'dry-run', true];
  if (error instanceof NothingToDo) return ['nothing', true];
  if (error instanceof WaitsAlready) return ['held', true];
  if (error instanceof FileRefused || error instanceof LayoutFault) return ['refused', true];
  return ['failed', false];
}

function sentenceOf(error: Error): string {
  if (!(error instanceof LayoutFault)) return error.message;
  return `レイアウトファイルに誤りがあるため、取り込みませんでした。台帳は変わっていません。システム管理者に伝えてください。${error.message}`;
}

/** That another run waits already is nothing to do in this one. */
function statusOfError(error: unknown, outcome: ImportOutcome['outcome']): RunStatus {
  if (error instanceof Undo) return 'dry_run';
  if (error instanceof WaitsAlready) return 'nothing';
  return outcome as 'nothing' | 'refused' | 'failed';
}

function requireAsApproved(file: ReceivedFile, { approved }: ImportOptions): void {
  if (approved === undefined || approved.sha256 === file.sha256) return;
  throw new FileRefused(
    '保管した元のファイルが受領したときの内容と違うため、取り込みませんでした。台帳は変わっていません。システム管理者に伝えてください。',
  );
}

/** Every row that was read is exactly one of new, changed, returned, ended, same or rejected. */
function requireEveryRowCounted(staged: Staged, comparison: Comparison): void {
  const { counted, rejected } = staged.summary;
  const { changed, returned, ended, same } = comparison;
  const sum = comparison.new + changed + returned + ended + same + rejected;
  if (sum !== counted.rows) throw new Error(`${counted.rows} rows were read but ${sum} are accounted for`);
}

function stopwatch(): { lap(name: string): void; laps: Record<string, number> } {
  let from = performance.now();
  const laps: Record<string, number> = {};
  return {
    laps,
    lap(name) {
      const now = performance.now();
      laps[name] = Math.round(now - from);
      from = now;
    },
  };
}

import { type Actor, recordEvent } from '../audit/record-event.ts';
import type { AppContext } from '../context.ts';
import { withLock } from '../db/lock.ts';
import type { Database, ImportRunTable, Instant, Trx } from '../db/schema.ts';
import { inTransaction } from '../db/transaction.ts';
import type { ImportOutcome } from './outcome.ts';
import type { GuardFigure } from './plausibility.ts';
import type { ReceivedFile } from './receive.ts';
import type { Staged } from './stage.ts';

/** What a run's page shows beside its counts; kept as JSON. */
export interface RunReport {
  millisecondsBy?: Record<string, number>;
  bytes?: number;
  totals?: Staged['summary']['counted'] | undefined;
  figures?: readonly GuardFigure[];
}

export type RunStatus = ImportRunTable['status'];

export interface NewRun {
  fileName: string;
  fileSize: number;
  expectedCount?: number | undefined;
}

const LONGEST_NAME = 200;

/** Opens the row of a run, before anything of its file is read. Returns the run's number. */
export async function openRun(db: Database, actor: Actor, run: NewRun): Promise<number> {
  return await inTransaction(db, async (trx) => {
    const { id } = await trx
      .insertInto('importRun')
      .values({
        fileName: run.fileName.slice(0, LONGEST_NAME),
        fileSha256: '',
        fileSize: run.fileSize,
        startedAt: actor.at.toISOString(),
        progressAt: actor.at.toISOString(),
        status: 'running',
        actor: actor.name,
        accountId: actor.accountId,
        expectedCount: run.expectedCount ?? null,
        report: '{}',
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    return id;
  });
}

/** Notes what file the run has received, and that it is under way. */
export async function noteReceived(
  db: Database,
  actor: Actor,
  runId: number,
  file: ReceivedFile,
): Promise<void> {
  await inTransaction(db, async (trx) => {
    // A held run that is taken through again finds its faults anew.
    await trx.deleteFrom('importRowFault').where('runId', '=', runId).execute();
    await trx
      .updateTable('importRun')
      .set({ fileSha256: file.sha256, fileSize: file.size, status: 'running' })
      .where('id', '=', runId)
      .execute();
    recordEvent(trx, actor, { kind: 'import.received', importRunId: runId, sha256: file.sha256 });
  });
}

/** Notes how far a run has come, in per cent. */
export async function noteProgress(
  db: Database,
  runId: number,
  progress: number,
  progressAt: Instant,
): Promise<void> {
  await inTransaction(db, async (trx) => {
    await trx.updateTable('importRun').set({ progress, progressAt }).where('id', '=', runId).execute();
  });
}

export interface Closing {
  status: RunStatus;
  outcome: ImportOutcome;
  staged: Staged | undefined;
  report: RunReport;
  comparisonHash?: string;
}

/** Closes the row of a run with everything that stays of it. */
export async function closeRun(
  trx: Trx,
  { clock }: AppContext,
  { status, outcome, staged, report, comparisonHash }: Closing,
): Promise<void> {
  await trx
    .updateTable('importRun')
    .set({
      status,
      reason: outcome.reason,
      finishedAt: clock.now().toISOString(),
      baseOn: outcome.baseDate,
      extractedAt: staged?.header.extractedAt ?? '',
      readCount: outcome.read,
      newCount: outcome.new,
      changedCount: outcome.changed,
      returnedCount: outcome.returned,
      goneCount: outcome.gone,
      endedCount: outcome.ended,
      sameCount: outcome.same,
      rejectedCount: outcome.rejected,
      warningCount: outcome.warnings,
      gaijiCount: staged?.summary.withGaiji ?? 0,
      isDummy: staged !== undefined && staged.summary.dummies > 0 ? 1 : 0,
      report: JSON.stringify(report),
      progress: 100,
      ...(comparisonHash === undefined ? {} : { comparisonHash }),
    })
    .where('id', '=', outcome.runId)
    .execute();
}

/** Whether a run's changes were committed, as its own row says. */
export async function wasApplied(db: Database, runId: number): Promise<boolean> {
  const run = await db.selectFrom('importRun').select('status').where('id', '=', runId).executeTakeFirst();
  return run?.status === 'applied';
}

const INTERRUPTED = '取込の途中でプログラムが止まったため、反映していません。台帳は変わっていません。';

/**
 * Closes what a killed process left open: an approved run waits for its approval again, any other has
 * failed. Only whoever holds the import lock may call this; `exceptId` is the caller's own run.
 */
export async function closeInterruptedRuns(db: Database, at: Instant, exceptId: number): Promise<void> {
  await inTransaction(db, async (trx) => {
    await trx
      .updateTable('importRun')
      .set({
        status: 'held',
        reason: `${INTERRUPTED}もう一度承認してください。`,
        answeredBy: null,
        answeredAt: null,
      })
      .where('status', '=', 'running')
      .where('id', '<>', exceptId)
      .where('comparisonHash', '<>', '')
      .execute();
    await trx
      .updateTable('importRun')
      .set({ status: 'failed', finishedAt: at, reason: INTERRUPTED })
      .where('status', '=', 'running')
      .where('id', '<>', exceptId)
      .execute();
  });
}

/** Puts an approved run that broke off back among those that wait; its figures and differences are still there. */
export async function waitAgain(trx: Trx, runId: number, reason: string): Promise<void> {
  await trx
    .updateTable('importRun')
    .set({ status: 'held', reason, answeredBy: null, answeredAt: null, answerReason: '', progress: 100 })
    .where('id', '=', runId)
    .execute();
}

/** Closes a run whose file could not even be read. */
export async function failRun({ db, clock }: AppContext, runId: number): Promise<void> {
  const reason =
    '元のファイルを読めないため、取り込みませんでした。台帳は変わっていません。もう一度ファイルを指定してください。';
  await inTransaction(db, async (trx) => {
    await trx
      .updateTable('importRun')
      .set({ status: 'failed', reason, finishedAt: clock.now().toISOString() })
      .where('id', '=', runId)
      .where('status', '=', 'running')
      .execute();
  });
}

const SILENT_MS = 60_000;

/**
 * Closes runs that say they are going on but have not moved for a minute, unless somebody really holds the
 * import lock: the process that did them is gone.
 */
export async function closeAbandonedRuns({ db, clock }: AppContext): Promise<void> {
  const before = new Date(clock.now().getTime() - SILENT_MS).toISOString();
  const abandoned = await db
    .selectFrom('importRun')
    .select('id')
    .where('status', '=', 'running')
    .where('progressAt', '<', before)
    .limit(1)
    .executeTakeFirst();
  if (abandoned === undefined) return;
  await withLock(db, 'import', () => closeInterruptedRuns(db, clock.now().toISOString(), 0));
}

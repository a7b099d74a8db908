import { type Actor, recordEvent, recordEventWithStoredValues } from '../audit/record-event.ts';
import type { LocalDate } from '../calendar/local-date.ts';
import type { AppContext } from '../context.ts';
import { HELD_ELSEWHERE, withLock } from '../db/lock.ts';
import type { Database } from '../db/schema.ts';
import { inTransaction } from '../db/transaction.ts';
import { applyToRegister, storedChanges } from './apply.ts';
import { type Comparison, compareWithRegister, findDuplicates } from './compare.ts';
import { requireNoDuplicates, requirePlausible, requireTotals } from './guard.ts';
import { keepOriginal, type ReceivedFile, receiveFile, requireHostFile } from './receive.ts';
import { FileRefused, NothingToDo } from './refusal.ts';
import { clearStaging, type Staged, stageExtract } from './stage.ts';

export interface ImportOptions {
  /** The same code, undone at the end. */
  dryRun?: boolean;
  /** How many people the host's processing sheet states, where a person typed it. */
  expectedCount?: number;
  /** Hears the share of the file that has been read, 0 to 1. */
  onProgress?: (share: number) => void;
}

/** What became of a run, as the job prints it and the screens show it. */
export interface ImportOutcome {
  outcome: 'applied' | 'nothing' | 'dry-run' | 'refused' | 'failed';
  runId: number;
  baseDate: LocalDate | null;
  read: number;
  new: number;
  changed: number;
  returned: number;
  gone: number;
  ended: number;
  same: number;
  rejected: number;
  warnings: number;
  reason: string;
}

class Undo extends Error {}

/**
 * Takes a host extract through the whole run: receive, decode, check, stage, compare, apply, record.
 * Always gives an outcome; whatever is not `applied` left the register as it was. Throws only when
 * another run is going on, or the run could not even be noted down.
 */
export async function importHostExtract(
  context: AppContext,
  actor: Actor,
  path: string,
  options: ImportOptions = {},
): Promise<ImportOutcome> {
  const outcome = await withLock(context.db, 'import', () => runLocked(context, actor, path, options));
  if (outcome === HELD_ELSEWHERE) {
    throw new FileRefused(
      '別の取込が動いているため、始めませんでした。終わってからもう一度実行してください。',
    );
  }
  return outcome;
}

async function runLocked(
  context: AppContext,
  actor: Actor,
  path: string,
  options: ImportOptions,
): Promise<ImportOutcome> {
  const { db } = context;
  await closeInterruptedRuns(db, actor);
  await clearStaging(db);
  const file = await receiveFile(path);
  const runId = await openRun(db, actor, file);
  const timings = stopwatch();
  let staged: Staged | undefined;
  let comparison: Comparison | undefined;
  const report = (outcome: ImportOutcome['outcome'], reason = ''): ImportOutcome => ({
    outcome,
    runId,
    baseDate: staged?.header.baseOn ?? null,
    read: staged?.summary.counted.rows ?? 0,
    new: comparison?.new ?? 0,
    changed: comparison?.changed ?? 0,
    returned: comparison?.returned ?? 0,
    gone: comparison?.gone ?? 0,
    ended: comparison?.ended ?? 0,
    same: comparison?.same ?? 0,
    rejected: staged?.summary.rejected ?? 0,
    warnings: staged?.summary.warnings ?? 0,
    reason,
  });
  try {
    await requireNotTaken(db, file);
    requireHostFile(file);
    staged = await stageExtract(
      db,
      runId,
      path,
      ({ baseOn }) => requireNewer(db, baseOn),
      (bytes) => options.onProgress?.(bytes / file.size),
    );
    timings.lap('stage');
    requireTotals(staged.summary);
    requireExpectedCount(staged, options.expectedCount);
    requireRightKindOfData(context.config.mode, staged);
    await keepOriginal(file, context.config.receivedDirectory);
    const { baseOn } = staged.header;
    await inTransaction(db, async (trx) => {
      requireNoDuplicates(await findDuplicates(trx));
      comparison = await compareWithRegister(trx, runId);
      requireEveryRowCounted(staged!, comparison);
      requirePlausible(comparison);
      timings.lap('compare');
      await applyToRegister(trx, { runId, baseOn, at: actor.at.toISOString() }, comparison);
      timings.lap('apply');
      const {
        outcome: _,
        reason: __,
        baseDate: ___,
        warnings: ____,
        runId: importRunId,
        ...counts
      } = report('applied');
      const event = { kind: 'import.applied' as const, importRunId, baseOn, ...counts };
      recordEventWithStoredValues(trx, actor, event, await storedChanges(trx, runId));
      timings.lap('record');
      if (options.dryRun) throw new Undo();
      await closeRun(trx, context, file, staged!, report('applied'), 'applied', timings.laps);
    });
    return report('applied');
  } catch (error) {
    return await notApplied(context, actor, file, staged, report, error, timings.laps);
  } finally {
    await clearStaging(db);
  }
}

async function notApplied(
  context: AppContext,
  actor: Actor,
  file: ReceivedFile,
  staged: Staged | undefined,
  report: (outcome: ImportOutcome['outcome'], reason?: string) => ImportOutcome,
  error: unknown,
  timings: Record<string, number>,
): Promise<ImportOutcome> {
  const reason = error instanceof Error ? error.message : String(error);
  const outcome =
    error instanceof Undo
      ? report('dry-run', '試行のため、反映せずに元に戻しました。')
      : error instanceof NothingToDo
        ? report('nothing', reason)
        : error instanceof FileRefused
          ? report('refused', reason)
          : report('failed', '取込の途中で障害が起きたため、反映していません。台帳は変わっていません。');
  if (outcome.outcome === 'failed') context.log.error({ err: error, runId: outcome.runId }, 'import failed');
  const status = outcome.outcome === 'dry-run' ? 'dry_run' : outcome.outcome;
  await inTransaction(context.db, async (trx) => {
    await closeRun(trx, context, file, staged, outcome, status, timings);
    if (outcome.outcome === 'refused') {
      recordEvent(trx, actor, { kind: 'import.refused', importRunId: outcome.runId, reason });
    }
  });
  return outcome;
}

async function closeInterruptedRuns(db: Database, actor: Actor): Promise<void> {
  await inTransaction(db, async (trx) => {
    await trx
      .updateTable('importRun')
      .set({
        status: 'failed',
        finishedAt: actor.at.toISOString(),
        reason: '取込の途中でプログラムが止まったため、反映していません。台帳は変わっていません。',
      })
      .where('status', '=', 'running')
      .execute();
  });
}

async function openRun(db: Database, actor: Actor, file: ReceivedFile): Promise<number> {
  return await inTransaction(db, async (trx) => {
    const { id } = await trx
      .insertInto('importRun')
      .values({
        fileName: file.name.slice(0, 200),
        fileSha256: file.sha256,
        fileSize: file.size,
        startedAt: actor.at.toISOString(),
        status: 'running',
        actor: actor.name,
        accountId: actor.accountId,
        report: '{}',
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    return id;
  });
}

async function closeRun(
  trx: Parameters<typeof applyToRegister>[0],
  context: AppContext,
  file: ReceivedFile,
  staged: Staged | undefined,
  outcome: ImportOutcome,
  status: 'applied' | 'nothing' | 'refused' | 'failed' | 'dry_run',
  timings: Record<string, number>,
): Promise<void> {
  await trx
    .updateTable('importRun')
    .set({
      status,
      reason: outcome.reason,
      finishedAt: context.clock.now().toISOString(),
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
      isDummy: staged !== undefined && staged.dummies > 0 ? 1 : 0,
      report: JSON.stringify({ millisecondsBy: timings, bytes: file.size, totals: staged?.summary.counted }),
    })
    .where('id', '=', outcome.runId)
    .execute();
}

async function requireNotTaken(db: Database, file: ReceivedFile): Promise<void> {
  const earlier = await db
    .selectFrom('importRun')
    .select(['id', 'baseOn'])
    .where('fileSha256', '=', file.sha256)
    .where('status', '=', 'applied')
    .executeTakeFirst();
  if (earlier === undefined) return;
  throw new NothingToDo(
    `同じ内容のファイルを取込番号${earlier.id}（抽出基準日 ${earlier.baseOn}）で取り込み済みのため、何も変えていません。`,
  );
}

async function requireNewer(db: Database, baseOn: LocalDate): Promise<void> {
  const latest = await db
    .selectFrom('importRun')
    .select(['id', 'baseOn'])
    .where('status', '=', 'applied')
    .orderBy('baseOn', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (latest?.baseOn == null || latest.baseOn < baseOn) return;
  throw new FileRefused(
    `抽出基準日 ${baseOn} が、取り込み済みの取込番号${latest.id}（抽出基準日 ${latest.baseOn}）より新しくないため、` +
      '取り込みませんでした。台帳は変わっていません。新しい抽出基準日のファイルを指定してください。',
  );
}

function requireExpectedCount(staged: Staged, expected: number | undefined): void {
  const { rows } = staged.summary.counted;
  if (expected === undefined || expected === rows) return;
  throw new FileRefused(
    `指定された件数${expected}件とファイルの件数${rows}件が合わないため、取り込みませんでした。` +
      '台帳は変わっていません。ホストの処理票の件数と、ファイルが正しいことを確かめてください。',
  );
}

function requireRightKindOfData(mode: AppContext['config']['mode'], staged: Staged): void {
  const accepted = staged.summary.counted.rows - staged.summary.rejected;
  if (mode === 'production' && staged.dummies > 0) {
    throw new FileRefused(
      `本番の環境ですが、ダミーデータの印のある行が${staged.dummies}行あるため、取り込みませんでした。台帳は変わっていません。ホストから届いたファイルを指定してください。`,
    );
  }
  if (mode !== 'production' && staged.dummies !== accepted) {
    throw new FileRefused(
      `試験・デモの環境ですが、ダミーデータの印のない行が${accepted - staged.dummies}行あるため、取り込みませんでした。台帳は変わっていません。実在の人のデータを本番以外で使わないでください。`,
    );
  }
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

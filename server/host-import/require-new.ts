import type { LocalDate } from '../calendar/local-date.ts';
import type { AppContext } from '../context.ts';
import type { Database } from '../db/schema.ts';
import type { ReceivedFile } from './receive.ts';
import { FileRefused, NothingToDo, WaitsAlready } from './refusal.ts';
import type { Staged } from './stage.ts';

// Whether a file may be taken at all, given the runs before it and what the caller said of it.

/** Throws NothingToDo when the same bytes were applied before, WaitsAlready when they wait for approval. */
export async function requireNotTaken(db: Database, file: ReceivedFile, runId: number): Promise<void> {
  const earlier = await db
    .selectFrom('importRun')
    .select(['id', 'baseOn', 'status'])
    .where('fileSha256', '=', file.sha256)
    .where('status', 'in', ['applied', 'held'])
    .where('id', '<>', runId)
    .orderBy('id')
    .limit(1)
    .executeTakeFirst();
  if (earlier === undefined) return;
  const which = `取込番号${earlier.id}（抽出基準日 ${earlier.baseOn}）`;
  if (earlier.status === 'applied')
    throw new NothingToDo(`同じ内容のファイルを${which}で取り込み済みのため、何も変えていません。`);
  throw new WaitsAlready(
    `同じ内容のファイルが${which}で承認を待っているため、何も変えていません。取込番号${earlier.id}の画面で承認または却下してください。`,
  );
}

/** Throws FileRefused unless the base date is later than every applied one. */
export async function requireNewer(db: Database, baseOn: LocalDate): Promise<void> {
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

/**
 * Throws FileRefused when the file has another number of rows than the host's processing sheet says, or
 * when neither the sheet nor a trailer says any.
 */
export function requireExpectedCount(staged: Staged, expected: number | undefined): void {
  const { counted, stated } = staged.summary;
  const { rows } = counted;
  if (expected === undefined && stated?.rows === undefined) {
    throw new FileRefused(
      `このファイルにはトレーラーの件数がないため、ホストの処理票の件数の入力が必要です。取り込みませんでした。台帳は変わっていません。読み込んだ件数は${rows}件です。`,
    );
  }
  if (expected === undefined || expected === rows) return;
  throw new FileRefused(
    `指定された件数${expected}件とファイルの件数${rows}件が合わないため、取り込みませんでした。` +
      '台帳は変わっていません。ホストの処理票の件数と、ファイルが正しいことを確かめてください。',
  );
}

/** Throws FileRefused for dummy people in production, and for real ones anywhere else. */
export function requireRightKindOfData(mode: AppContext['config']['mode'], staged: Staged): void {
  const accepted = staged.summary.counted.rows - staged.summary.rejected;
  if (mode === 'production' && staged.summary.dummies > 0) {
    throw new FileRefused(
      `本番の環境ですが、ダミーデータの印のある行が${staged.summary.dummies}行あるため、取り込みませんでした。台帳は変わっていません。ホストから届いたファイルを指定してください。`,
    );
  }
  if (mode !== 'production' && staged.summary.dummies !== accepted) {
    throw new FileRefused(
      `試験・デモの環境ですが、ダミーデータの印のない行が${accepted - staged.summary.dummies}行あるため、取り込みませんでした。台帳は変わっていません。実在の人のデータを本番以外で使わないでください。`,
    );
  }
}

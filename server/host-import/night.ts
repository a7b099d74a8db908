import { rm } from 'node:fs/promises';
import type { Actor } from '../audit/record-event.ts';
import { businessDay } from '../calendar/local-date.ts';
import { formatWareki } from '../calendar/wareki.ts';
import type { AppContext } from '../context.ts';
import { HELD_ELSEWHERE, withLock } from '../db/lock.ts';
import { inTransaction } from '../db/transaction.ts';
import { judgeDay } from '../register/judge-day.ts';
import { eraseExpiredOriginals } from './erase-originals.ts';
import { digestOf, type InboxFile, listInbox, settledFiles } from './inbox.ts';
import { readLayout } from './layout.ts';
import { EXIT, HEADLINES, type ImportOutcome } from './outcome.ts';
import { findSilence } from './queries.ts';
import { importHostExtract } from './run.ts';

// What happens every night (夜間処理): new files of the inbox are imported, what hangs on dates is
// judged anew, what has expired is erased.

export interface Night {
  exitCode: number;
  files: ({ file: string } & ImportOutcome)[];
  /** One sentence a line, for the operator and the home page. */
  lines: string[];
}

const DAY_MS = 86_400_000;
const BUSY = '別の夜間処理が動いているため、何もしませんでした。';
const LONGEST_SUMMARY = 400;

/** Runs the night once, whatever else is running. Files are taken in order; the first that is not a success ends it. */
export async function runNight(context: AppContext, actor: Actor, quietMs?: number): Promise<Night> {
  const night = await withLock(context.db, 'nightly', async () => {
    const id = await openNight(context);
    const done = await workThroughNight(context, actor, quietMs).catch(async (error: unknown) => {
      await closeNight(context, id, 1, '夜間処理が障害で止まりました。記録（ログ）を確かめてください。');
      throw error;
    });
    await closeNight(context, id, done.exitCode, done.lines.join(' '));
    return done;
  });
  return night === HELD_ELSEWHERE ? { exitCode: 1, files: [], lines: [BUSY] } : night;
}

async function workThroughNight(context: AppContext, actor: Actor, quietMs?: number): Promise<Night> {
  const { config } = context;
  const layout = readLayout(config.hostLayoutFile);
  const night: Night = { exitCode: 0, files: [], lines: [] };
  const { settled, beingWritten } = await settledFiles(
    await listInbox(config.inboxDirectory, layout),
    quietMs,
  );
  for (const { name } of beingWritten) night.lines.push(`${name} は書き込みの途中のため、次の夜に回します。`);
  for (const file of settled) {
    const known = await answeredEarlier(context, file);
    if (known !== undefined) {
      night.lines.push(known.sentence);
      night.exitCode ||= known.exitCode;
      continue;
    }
    const outcome = await importHostExtract(context, actor, file.path);
    night.files.push({ file: file.name, ...outcome });
    night.lines.push(
      `${file.name}: ${HEADLINES[outcome.outcome]}（取込番号${outcome.runId}）。${outcome.reason}`,
    );
    night.exitCode ||= EXIT[outcome.outcome];
    if (EXIT[outcome.outcome] !== 0) break;
  }
  if (settled.length + beingWritten.length === 0)
    night.lines.push('受信フォルダーに抽出ファイルはありません。取り込むものはありません。');
  await sayIfSilent(context, night);
  await sayWhatDayChanged(context, night);
  const erased = await eraseExpiredOriginals(context, actor);
  if (erased.length > 0)
    night.lines.push(`保管期間の過ぎた元のファイルを消去しました（取込番号${erased.join('、')}）。`);
  return night;
}

const ANSWERED = {
  applied: { said: '取り込み済みです', exitCode: 0 },
  held: { said: '承認を待っています', exitCode: EXIT.held },
  rejected: { said: '却下されています。取り込むときは画面から指定してください', exitCode: 0 },
  undone: { said: '取り消されています。もう一度取り込むときは画面から指定してください', exitCode: 0 },
  refused: { said: '拒否されています', exitCode: 0 },
} as const;

/**
 * What an earlier run with the same bytes came to. The night takes nothing up again that a person has
 * answered; a file that has been dealt with for a day leaves the inbox, since its original is kept.
 */
async function answeredEarlier(
  { db, clock, log }: AppContext,
  file: InboxFile,
): Promise<{ sentence: string; exitCode: number } | undefined> {
  const sha256 = await digestOf(file.path);
  const earlier = await db
    .selectFrom('importRun')
    .select(['id', 'status'])
    .where('fileSha256', '=', sha256)
    .where('status', 'in', Object.keys(ANSWERED) as (keyof typeof ANSWERED)[])
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (earlier === undefined) return undefined;
  const { said, exitCode } = ANSWERED[earlier.status as keyof typeof ANSWERED];
  if (earlier.status !== 'held' && file.modifiedMs < clock.now().getTime() - DAY_MS) {
    await rm(file.path).catch((err: unknown) => log.warn({ err }, 'a file could not leave the inbox'));
  }
  return { sentence: `${file.name} は取込番号${earlier.id}で${said}。`, exitCode };
}

/** Says so when the newest list is older than two of them should be apart. */
async function sayIfSilent({ db, clock }: AppContext, night: Night): Promise<void> {
  const silence = await findSilence(db, clock.now());
  if (silence === undefined) return;
  night.lines.push(
    `${formatWareki(silence.sinceOn)}を最後に、${silence.days}日間、新しい抽出ファイルを取り込んでいません。情報システム課に確かめてください。`,
  );
}

async function sayWhatDayChanged({ db, clock }: AppContext, { lines }: Night): Promise<void> {
  const day = await judgeDay(db, businessDay(clock.now()));
  if (day.childrenEnded > 0)
    lines.push(
      `児童の該当終了予定日を過ぎ、ほかの区分に該当しない人が${day.childrenEnded}人います。次の抽出ファイルで資格が終わるかを確かめてください。`,
    );
  if (day.protectedOverdue > 0)
    lines.push(
      `終了日を過ぎた支援措置等が${day.protectedOverdue}件あります。日付だけでは終わらないため、延長か終了を確かめて登録してください。`,
    );
  if (day.circumstancesEnded > 0)
    lines.push(`送付先などの個別事由${day.circumstancesEnded}件が、昨日で終わりました。`);
}

async function openNight({ db, clock }: AppContext): Promise<number> {
  return await inTransaction(db, async (trx) => {
    const { id } = await trx
      .insertInto('nightlyRun')
      .values({ startedAt: clock.now().toISOString() })
      .returning('id')
      .executeTakeFirstOrThrow();
    return id;
  });
}

async function closeNight(
  { db, clock }: AppContext,
  id: number,
  exitCode: number,
  summary: string,
): Promise<void> {
  const closing = {
    finishedAt: clock.now().toISOString(),
    exitCode,
    summary: summary.slice(0, LONGEST_SUMMARY),
  };
  await inTransaction(db, async (trx) => {
    await trx.updateTable('nightlyRun').set(closing).where('id', '=', id).execute();
  });
}

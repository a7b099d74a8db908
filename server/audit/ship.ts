import { type FileHandle, open, readFile, rename, writeFile } from 'node:fs/promises';
import type { Database } from '../db/schema.ts';
import { Refused } from '../errors.ts';
import { type Anchor, CHAIN_START } from './chain.ts';
import { readShippedLine, shippedLine } from './shipped.ts';

const ROWS_AT_ONCE = 1000;
const TAIL_BYTES = 64 * 1024;
const LINE_END = 0x0a;

/**
 * Appends the events that `path` does not have yet, a JSON object a line, and gives their number and the
 * last one's place. What was shipped is known from the file's last line, or when the file was rotated away
 * from `PATH.state`; a line cut by a crash is taken back first. Repeating it adds nothing.
 * Throws Refused when the record no longer holds what was shipped: it was cut back, rewritten, or
 * an old copy was restored.
 */
export async function shipEvents(db: Database, path: string): Promise<{ shipped: number; last: Anchor }> {
  const file = await open(path, 'a+', 0o600);
  try {
    let last = (await lastLine(file)) ?? (await readState(path)) ?? { sequence: 0, hash: CHAIN_START };
    await requireStillThere(db, last);
    let shipped = 0;
    for (;;) {
      const rows = await db
        .selectFrom('auditEvent')
        .selectAll()
        .where('sequence', '>', last.sequence)
        .orderBy('sequence')
        .limit(ROWS_AT_ONCE)
        .execute();
      const end = rows.at(-1);
      if (end !== undefined) {
        await file.appendFile(`${rows.map(shippedLine).join('\n')}\n`);
        last = { sequence: end.sequence, hash: end.hash };
        shipped += rows.length;
      }
      if (rows.length < ROWS_AT_ONCE) break;
    }
    await file.sync();
    await writeState(path, last);
    return { shipped, last };
  } finally {
    await file.close();
  }
}

async function requireStillThere(db: Database, last: Anchor): Promise<void> {
  if (last.sequence === 0) return;
  const row = await db
    .selectFrom('auditEvent')
    .select('hash')
    .where('sequence', '=', last.sequence)
    .executeTakeFirst();
  if (row?.hash === last.hash) return;
  throw new Refused(
    `操作記録${last.sequence}番が、送付済みのものと違うか、なくなっているため、送りませんでした。記録の書き換えか、古い複製への差し替えがあります。操作記録を検証してください。`,
  );
}

/** The place of the last whole line; what a crash left behind it is cut off. */
async function lastLine(file: FileHandle): Promise<Anchor | undefined> {
  const { size } = await file.stat();
  const tail = Buffer.alloc(Math.min(size, TAIL_BYTES));
  await file.read(tail, 0, tail.length, size - tail.length);
  const end = tail.lastIndexOf(LINE_END);
  if (end === -1) {
    if (size > tail.length)
      throw new Refused('送付先のファイルが操作記録のものではないため、送りませんでした。');
    await file.truncate(0);
    return undefined;
  }
  await file.truncate(size - tail.length + end + 1);
  const start = tail.lastIndexOf(LINE_END, end - 1) + 1;
  const row = readShippedLine(tail.toString('utf8', start, end));
  if (row === undefined)
    throw new Refused('送付先のファイルが操作記録のものではないため、送りませんでした。');
  return { sequence: row.sequence, hash: row.hash };
}

async function readState(path: string): Promise<Anchor | undefined> {
  try {
    const { sequence, hash } = JSON.parse(await readFile(`${path}.state`, 'utf8')) as Partial<Anchor>;
    if (typeof sequence === 'number' && typeof hash === 'string') return { sequence, hash };
    throw new Refused(`${path}.state が読めないため、送りませんでした。`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function writeState(path: string, last: Anchor): Promise<void> {
  await writeFile(`${path}.state.new`, JSON.stringify(last), { mode: 0o600, flush: true });
  await rename(`${path}.state.new`, `${path}.state`);
}

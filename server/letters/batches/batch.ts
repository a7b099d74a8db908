import { join } from 'node:path';
import type { LetterBatchTable } from '../../db/schema.ts';

// Batches of cover letters (一括印刷): a list of passes, sorted by postal code, printed into files of so many letters.

export const LIST_KINDS = ['posts', 'annual', 'resends'] as const;
export type ListKind = LetterBatchTable['listKind'];
export const LIST_NAMES: Readonly<Record<ListKind, string>> = {
  posts: '郵送で交付した人（新規・再交付）',
  annual: '年度更新で郵送する人',
  resends: '返戻後に再発送する人',
};
/** What the days of a list are days of. */
export const LIST_DAYS: Readonly<Record<ListKind, string>> = {
  posts: '交付日',
  annual: '交付日',
  resends: '返戻日',
};

export type BatchStatus = LetterBatchTable['status'];
export const BATCH_STATUS_NAMES: Readonly<Record<BatchStatus, string>> = {
  made: '印刷前',
  running: '印刷中',
  cancelled: '中止',
  finished: '印刷済み',
  failed: '失敗',
};

/** One batch is printed at a time on a database; whoever prints holds this lock. */
export const BATCH_LOCK = 'letter-batch';

/** The file of a batch, such as letters-12-003.pdf. */
export function batchFileName(batchId: number, fileNumber: number): string {
  return `letters-${batchId}-${String(fileNumber).padStart(3, '0')}.pdf`;
}

export function batchFilePath(letterDirectory: string, fileName: string): string {
  return join(letterDirectory, fileName);
}

import type { AuditEventTable } from '../db/schema.ts';
import { type Anchor, CHAIN_START, hashOfEvent } from './chain.ts';

// The record as a log host gets it: one JSON object a line with every column of the chain and none of
// the residents' values, so that the receiver can check it without the database.

const TEXTS = ['occurredAt', 'businessOn', 'kind', 'actor', 'officeCode', 'terminal', 'requestId'] as const;
const HASHES = ['details', 'valuesHash', 'previousHash', 'hash'] as const;
const NUMBERS = ['accountId', 'personId', 'passId'] as const;

/** One event as a line, without the line end. */
export function shippedLine(row: AuditEventTable): string {
  return JSON.stringify(row);
}

/** The event of a line; undefined when it is none. */
export function readShippedLine(line: string): AuditEventTable | undefined {
  let row: Partial<Record<keyof AuditEventTable, unknown>> | null;
  try {
    row = JSON.parse(line) as typeof row;
  } catch {
    return undefined;
  }
  if (typeof row !== 'object' || row === null || !Number.isSafeInteger(row.sequence)) return undefined;
  const isWhole =
    [...TEXTS, ...HASHES].every((name) => typeof row[name] === 'string') &&
    NUMBERS.every((name) => row[name] === null || Number.isSafeInteger(row[name]));
  return isWhole ? (row as unknown as AuditEventTable) : undefined;
}

export type ShippedVerdict =
  | { whole: true; first: number; last: Anchor | undefined; lines: number }
  | { whole: false; line: number; problem: ShippedProblem; expected: number | undefined };

/** What can be wrong with a line that was received. */
export const SHIPPED_PROBLEMS = {
  unreadable: '操作記録の行として読めません',
  gap: '通し番号が続いていません',
  unlinked: '一つ前の行につながっていません',
  altered: '行の内容が書き換えられています',
} as const;
export type ShippedProblem = keyof typeof SHIPPED_PROBLEMS;

/**
 * Checks received lines, rotated files one after the other: sequences without a gap, each line hashed
 * and linked to the one before. The first line may be of any sequence. Lines count from 1.
 */
export async function checkShipped(lines: AsyncIterable<string>): Promise<ShippedVerdict> {
  let first = 0;
  let last: Anchor | undefined;
  let number = 0;
  for await (const line of lines) {
    number += 1;
    const row = readShippedLine(line);
    const problem = row === undefined ? 'unreadable' : problemOf(row, last);
    if (row === undefined || problem !== undefined) {
      const expected = last === undefined ? undefined : last.sequence + 1;
      return { whole: false, line: number, problem: problem ?? 'unreadable', expected };
    }
    if (last === undefined) first = row.sequence;
    last = { sequence: row.sequence, hash: row.hash };
  }
  return { whole: true, first, last, lines: number };
}

function problemOf(row: AuditEventTable, last: Anchor | undefined): ShippedProblem | undefined {
  if (last !== undefined && row.sequence !== last.sequence + 1) return 'gap';
  if (last !== undefined && row.previousHash !== last.hash) return 'unlinked';
  if (row.sequence === 1 && row.previousHash !== CHAIN_START) return 'unlinked';
  return hashOfEvent(row) === row.hash ? undefined : 'altered';
}

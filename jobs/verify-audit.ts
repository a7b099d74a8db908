import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import type { Anchor } from '../server/audit/chain.ts';
import { readShippedLine } from '../server/audit/shipped.ts';
import { PROBLEMS, type Verdict, verifyChain } from '../server/audit/verify.ts';
import { openJobContext, runJob } from './job-context.ts';

// node jobs/verify-audit.ts [--expect-head HASH --at SEQUENCE] [--against FILE] [--json]
// Checks the whole record of acts. Only a place known from elsewhere shows that its end was cut off or that
// an old copy was restored: the number and hash printed on a daily list, or the file of a log host.
// Exit: 0 whole · 2 broken, with the first place · 1 the job could not be done.

/** The places a file of shipped lines holds. Throws on a line that is none. */
async function* anchorsIn(path: string): AsyncGenerator<Anchor> {
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    const row = readShippedLine(line);
    if (row === undefined) throw new Error(`${path} に、操作記録の行として読めない行があります`);
    yield { sequence: row.sequence, hash: row.hash };
  }
}

function readExpected(hash: string | undefined, at: string | undefined): Anchor[] {
  if (hash === undefined && at === undefined) return [];
  if (!/^[0-9a-f]{64}$/i.test(hash ?? '') || !/^[1-9]\d*$/.test(at ?? '')) {
    throw new Error('--expect-head には64桁のハッシュを、--at にはその通し番号を指定してください');
  }
  return [{ sequence: Number(at), hash: hash!.toLowerCase() }];
}

/** What a person reads of a verdict. */
export function describeVerdict(verdict: Verdict): string {
  if (verdict.whole) {
    return `操作記録${verdict.events}件は完全です。末尾 ${verdict.events}番 ${verdict.lastHash}`;
  }
  return `操作記録が${verdict.brokenAt}番で壊れています: ${PROBLEMS[verdict.problem]}`;
}

if (import.meta.main) {
  await runJob(async () => {
    const { values } = parseArgs({
      options: {
        'expect-head': { type: 'string' },
        at: { type: 'string' },
        against: { type: 'string' },
        json: { type: 'boolean', default: false },
      },
    });
    const expected = readExpected(values['expect-head'], values.at);
    const { db } = openJobContext();
    try {
      let verdict = await verifyChain(db, expected);
      if (verdict.whole && values.against !== undefined) {
        verdict = await verifyChain(db, anchorsIn(values.against));
      }
      const text = values.json ? JSON.stringify(verdict) : describeVerdict(verdict);
      if (verdict.whole || values.json) console.log(text);
      else console.error(text);
      return verdict.whole ? 0 : 2;
    } finally {
      await db.destroy();
    }
  });
}

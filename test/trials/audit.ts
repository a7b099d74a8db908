import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createRandom } from '../../jobs/dummy/random.ts';
import { verifyChain } from '../../server/audit/verify.ts';
import { connect } from '../../server/db/connect.ts';
import { migrate } from '../../server/db/migrate.ts';
import { makeRecord } from '../audit/sample.ts';
import { ATTACKS, attempt } from '../audit/tamper.ts';

// npm run trials -- audit [--seed N] [--rounds N] [--events N]
// Makes a record, tampers with it in every way at seeded places, and holds the verifier to the exact place.

const EVERY = 500;

/** Returns 0 when every tampering was found at its place, and nothing else was reported. */
export async function trial(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      rounds: { type: 'string', default: '1000' },
      events: { type: 'string', default: '60' },
    },
  });
  const random = createRandom(`audit/${values.seed}`);
  const folder = mkdtempSync(join(tmpdir(), 'fnt-trial-audit-'));
  const db = connect(`sqlite:${join(folder, 'register.sqlite')}`);
  const wrong: string[] = [];
  let anchoredOnly = 0;
  const rounds = Number(values.rounds);
  try {
    await migrate(db, () => '2026-04-01T00:00:00.000Z');
    await db
      .insertInto('account')
      .values({
        loginName: 'somebody',
        displayName: 'だれか',
        officeCode: '00',
        role: 'clerk',
        validFromOn: '2026-04-01',
        createdAt: '2026-04-01T00:00:00.000Z',
      })
      .execute();
    await makeRecord(db, Number(values.events), random);
    for (let round = 0; round < rounds; round += 1) {
      if (round % EVERY === 0 && !(await verifyChain(db)).whole) wrong.push(`round ${round}: false alarm`);
      const attack = round < ATTACKS.length ? ATTACKS[round]! : random.pick(ATTACKS);
      const { expected, alone, anchored } = await attempt(db, attack, random);
      const isFound = !anchored.whole && anchored.brokenAt === expected.brokenAt;
      const isSeenAlone = !alone.whole && alone.brokenAt === expected.brokenAt;
      if (expected.needsAnchor) anchoredOnly += 1;
      if (!isFound || (expected.needsAnchor ? !alone.whole : !isSeenAlone)) {
        wrong.push(`round ${round}: ${attack.name}: ${JSON.stringify({ expected, alone, anchored })}`);
      }
    }
    if (!(await verifyChain(db)).whole) wrong.push('at the end: false alarm');
  } finally {
    await db.destroy();
    rmSync(folder, { recursive: true, force: true });
  }
  for (const line of wrong.slice(0, 20)) console.error(line);
  console.log(
    `audit: seed ${values.seed}, ${rounds} tamperings of ${ATTACKS.length} kinds, ${rounds - wrong.length} found at their place ` +
      `(${anchoredOnly} of them only by an anchor from outside), ${wrong.length} wrong`,
  );
  return wrong.length === 0 ? 0 : 1;
}

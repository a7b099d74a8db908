import { randomUUID } from 'node:crypto';
import { createRandom } from '../../jobs/dummy/random.ts';
import type { AppContext } from '../../server/context.ts';
import { Invalid, Refused } from '../../server/errors.ts';
import { ACTS, type Done } from './desk-acts.ts';
import { checkHistory } from './desk-history.ts';

export interface DeskTrial {
  seed: string;
  clerks: number;
  /** Acts a clerk tries, unless the time is up first. */
  rounds: number;
  seconds?: number;
  people: readonly number[];
  accounts: readonly number[];
  /** Somebody else at work beside the clerks, through the pages; what it did. */
  beside?: () => Promise<Done[]>;
}

export interface DeskOutcome {
  tried: number;
  done: number;
  refused: number;
  wrong: string[];
}

/** Lets clerks act at once on the same few people, then holds the register to every rule. */
export async function runDesk(context: AppContext, trial: DeskTrial): Promise<DeskOutcome> {
  const { lastSequence: since } = await context.db
    .selectFrom('auditHead')
    .select('lastSequence')
    .executeTakeFirstOrThrow();
  const end =
    trial.seconds === undefined ? Number.POSITIVE_INFINITY : performance.now() + trial.seconds * 1000;
  const history: Done[] = [];
  const wrong: string[] = [];
  const outcome = { tried: 0, done: 0, refused: 0 };
  const names = Object.keys(ACTS);

  const clerk = async (number: number) => {
    const random = createRandom(`desk/${trial.seed}/${number}`);
    for (let round = 0; round < trial.rounds && performance.now() < end; round += 1) {
      const name = random.pick(names);
      const actor = {
        accountId: trial.accounts[number % trial.accounts.length]!,
        name: `clerk-${number}`,
        officeCode: String(number % 11).padStart(2, '0'),
        terminal: '192.0.2.1',
        requestId: randomUUID(),
        at: context.clock.now(),
      };
      outcome.tried += 1;
      try {
        const done = await ACTS[name]!({ context, actor, random, personId: random.pick(trial.people) });
        if (done !== undefined) history.push(done);
      } catch (error) {
        if (error instanceof Refused || error instanceof Invalid) outcome.refused += 1;
        else wrong.push(`clerk ${number}, round ${round}, ${name}: ${String(error)}`);
      }
    }
  };
  const [besides] = await Promise.all([
    trial.beside?.() ?? [],
    ...Array.from({ length: trial.clerks }, (_, number) => clerk(number)),
  ]);
  history.push(...besides);
  outcome.done = history.length;
  return { ...outcome, wrong: [...wrong, ...(await checkHistory(context.db, history, since))] };
}

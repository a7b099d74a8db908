import { parentPort, workerData } from 'node:worker_threads';
import type { Actor } from '../../audit/record-event.ts';
import { systemClock } from '../../clock.ts';
import type { Config } from '../../config.ts';
import { connect } from '../../db/connect.ts';
import { runBatch } from './run-batch.ts';

// The thread in which a batch is printed, with a connection of its own, so that the web server goes on answering.

export interface BatchThreadData {
  databaseUrl: string;
  config: Pick<Config, 'letterDirectory' | 'municipalityFont'>;
  actor: Actor;
  batchId: number;
}

const { databaseUrl, config, actor, batchId } = workerData as BatchThreadData;
const db = connect(databaseUrl, { requestTimeoutMs: 300_000 });
try {
  await runBatch({ db, config, clock: systemClock }, actor, batchId);
} finally {
  await db.destroy();
  parentPort?.close();
}

import type { AddressInfo } from 'node:net';
import { createApp } from './app.ts';
import { systemClock } from './clock.ts';
import { type Config, requireServable } from './config.ts';
import type { AppContext } from './context.ts';
import { connect } from './db/connect.ts';
import { requireCurrentSchema } from './db/migrate.ts';
import { isUnavailable } from './db/unavailable.ts';
import { requireDummyData, requireRealData } from './host-import/dummy-data.ts';
import { watchClocks } from './http/health.ts';
import { listen } from './http/listen.ts';
import { fontFaults } from './letters/font-faults.ts';
import { openLog } from './log.ts';

const FINISH_WITHIN_MS = 10_000;

/** Connects, listens, and closes cleanly on SIGTERM, SIGINT or a fault nobody caught. Throws ConfigFault. */
export async function serve(config: Config): Promise<void> {
  const log = openLog(config);
  const db = connect(config.databaseUrl, {
    onConnectionError: (err) => log.error({ err }, 'a connection to the database failed'),
  });
  const context: AppContext = { db, config, clock: systemClock, log };
  requireServable(config, [...fontFaults(config.municipalityFont), ...(await databaseFaults(context))]);
  await watchClocks(context);
  const { server, stop } = await listen(createApp(context), config);
  const { port } = server.address() as AddressInfo;
  log.info({ host: config.host, port, mode: config.mode }, 'listening');

  let isClosing = false;
  const close = async (exitCode: number) => {
    if (isClosing) return;
    isClosing = true;
    // Whatever hangs while closing, the process ends: whoever watches it starts it anew.
    setTimeout(() => process.exit(1), FINISH_WITHIN_MS + 5_000).unref();
    const { cut } = await stop(FINISH_WITHIN_MS);
    await db.destroy();
    log.info({ cut }, 'closed');
    process.exit(exitCode);
  };
  process.on('SIGTERM', () => void close(0));
  process.on('SIGINT', () => void close(0));
  // After a fault nobody caught nothing is known of the state in memory: finish what runs, then end.
  process.on('uncaughtException', (err) => {
    log.fatal({ err }, 'a fault nobody caught');
    void close(1);
  });
}

/** What speaks against serving this database: it cannot be reached, lacks scripts, holds data of the other kind. */
async function databaseFaults({ db, config }: AppContext): Promise<string[]> {
  try {
    await requireCurrentSchema(db);
    await (config.mode === 'production' ? requireRealData(db) : requireDummyData(db));
    return [];
  } catch (error) {
    return [`DATABASE_URL: ${isUnavailable(error) ? 'cannot be reached' : (error as Error).message}`];
  }
}

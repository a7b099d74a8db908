import { once } from 'node:events';
import { createServer } from 'node:http';
import { createApp } from './app.ts';
import { systemClock } from './clock.ts';
import { ConfigFault, readConfig, requireServable } from './config.ts';
import { connect } from './db/connect.ts';
import { requireCurrentSchema } from './db/migrate.ts';
import { requireRealData } from './host-import/dummy-data.ts';
import { openLog } from './log.ts';

const CLOSE_WITHIN_MS = 10_000;

/** Reads the settings, connects, listens, and closes cleanly on SIGTERM or SIGINT. */
async function main(): Promise<void> {
  const config = readConfig(process.env);
  requireServable(config);
  const log = openLog(config);
  const db = connect(config.databaseUrl);
  await requireCurrentSchema(db);
  if (config.mode === 'production') await requireRealData(db);
  const server = createServer(createApp({ db, config, clock: systemClock, log }));
  server.listen(config.port, config.host);
  await once(server, 'listening');
  log.info({ address: server.address(), mode: config.mode }, 'listening');
  const close = () => {
    setTimeout(() => process.exit(1), CLOSE_WITHIN_MS).unref();
    server.close(async () => {
      await db.destroy();
      process.exit(0);
    });
    server.closeIdleConnections();
  };
  process.once('SIGTERM', close);
  process.once('SIGINT', close);
}

try {
  await main();
} catch (error) {
  console.error(error instanceof ConfigFault ? error.message : `cannot start: ${(error as Error).message}`);
  process.exitCode = 1;
}

import type { Logger } from 'pino';
import type { Clock } from './clock.ts';
import type { Config } from './config.ts';
import type { Database } from './db/schema.ts';

/** Everything a route or a job is given; nothing else travels. */
export interface AppContext {
  db: Database;
  config: Config;
  clock: Clock;
  log: Logger;
}

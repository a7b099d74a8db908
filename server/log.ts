import { pino } from 'pino';
import type { Config } from './config.ts';

/** The log of the running system, one JSON object a line on stderr; the record of acts is kept elsewhere. */
export function openLog(config: Pick<Config, 'logLevel'>) {
  return pino({ level: config.logLevel }, pino.destination({ dest: 2, sync: true }));
}

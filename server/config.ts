import { z } from 'zod';
import { readDatabaseUrl } from './db/connect.ts';

const MODES = ['production', 'demo', 'test'] as const;
const flag = z.enum(['true', 'false']).transform((value) => value === 'true');
const wholeNumber = (from: number, to: number) =>
  z
    .string()
    .regex(/^\d+$/, 'must be a whole number')
    .transform(Number)
    .refine((value) => value >= from && value <= to, `must be from ${from} to ${to}`);

const VARIABLES = z.object({
  APP_MODE: z.enum(MODES).default('production'),
  DATABASE_URL: z
    .string()
    .default('sqlite:data/register.sqlite')
    .superRefine((url, refinement) => {
      try {
        readDatabaseUrl(url);
      } catch (error) {
        refinement.addIssue({ code: 'custom', message: (error as Error).message });
      }
    }),
  HOST: z.string().default('127.0.0.1'),
  PORT: wholeNumber(0, 65_535).default(3000),
  SESSION_SECRET: z.string().optional(),
  COOKIE_SECURE: flag.optional(),
  TRUSTED_PROXY_HOPS: wholeNumber(0, 5).default(0),
  SESSION_IDLE_MINUTES: wholeNumber(5, 120).default(45),
  SESSION_HOURS: wholeNumber(1, 12).default(10),
  INBOX_DIRECTORY: z.string().default('data/inbox'),
  RECEIVED_DIRECTORY: z.string().default('data/received'),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
});

export interface Config {
  mode: (typeof MODES)[number];
  databaseUrl: string;
  host: string;
  port: number;
  sessionSecret: string;
  cookieSecure: boolean;
  trustedProxyHops: number;
  sessionIdleMinutes: number;
  sessionHours: number;
  inboxDirectory: string;
  receivedDirectory: string;
  logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
}

/** Every fault of the settings at once, one a line. */
export class ConfigFault extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(`the settings cannot be used:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
    this.faults = faults;
  }
}

const SECRET_LENGTH = 32;

/**
 * Reads the settings from environment variables; the only reader of them.
 * Throws a ConfigFault that lists every fault and contradiction, never repeating a secret.
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = VARIABLES.safeParse(given);
  const faults = parsed.success
    ? contradictions(parsed.data)
    : parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  if (!parsed.success || faults.length > 0) throw new ConfigFault(faults);
  const values = parsed.data;
  return {
    mode: values.APP_MODE,
    databaseUrl: values.DATABASE_URL,
    host: values.HOST,
    port: values.PORT,
    sessionSecret: values.SESSION_SECRET ?? '',
    cookieSecure: values.COOKIE_SECURE ?? values.APP_MODE === 'production',
    trustedProxyHops: values.TRUSTED_PROXY_HOPS,
    sessionIdleMinutes: values.SESSION_IDLE_MINUTES,
    sessionHours: values.SESSION_HOURS,
    inboxDirectory: values.INBOX_DIRECTORY,
    receivedDirectory: values.RECEIVED_DIRECTORY,
    logLevel: values.LOG_LEVEL,
  };
}

function contradictions(values: z.output<typeof VARIABLES>): string[] {
  const faults: string[] = [];
  const secret = values.SESSION_SECRET;
  if (secret !== undefined && secret.length < SECRET_LENGTH) {
    faults.push(`SESSION_SECRET: must have at least ${SECRET_LENGTH} characters`);
  }
  if (values.SESSION_IDLE_MINUTES > values.SESSION_HOURS * 60) {
    faults.push('SESSION_IDLE_MINUTES: is longer than SESSION_HOURS, so it could never take effect');
  }
  if (values.COOKIE_SECURE === false && values.APP_MODE === 'production' && !isLoopback(values.HOST)) {
    faults.push('COOKIE_SECURE: may be false only in the demo, or when HOST is a loopback address');
  }
  return faults;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}

/** What a production server needs beyond a readable configuration. Throws a ConfigFault. */
export function requireServable(config: Config): void {
  if (config.sessionSecret === '') {
    throw new ConfigFault([`SESSION_SECRET: is missing; give at least ${SECRET_LENGTH} random characters`]);
  }
}

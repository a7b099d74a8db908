import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { readDatabaseUrl } from './db/connect.ts';
import { productionFaults } from './production-faults.ts';

const SECRET_LENGTH = 32;
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
  ALLOW_UNVERIFIED_DATABASE: flag.default(false),
  SESSION_SECRET: z.string().min(SECRET_LENGTH, `must have at least ${SECRET_LENGTH} characters`).optional(),
  TLS_CERT_FILE: z.string().default(''),
  TLS_KEY_FILE: z.string().default(''),
  COOKIE_SECURE: flag.optional(),
  TRUSTED_PROXY_HOPS: wholeNumber(0, 5).default(0),
  REQUESTS_PER_MINUTE: wholeNumber(60, 1_000_000).default(1200),
  SIGN_INS_PER_MINUTE: wholeNumber(10, 1_000_000).default(120),
  INBOX_DIRECTORY: z.string().default('data/inbox'),
  RECEIVED_DIRECTORY: z.string().default('data/received'),
  LETTER_DIRECTORY: z.string().default('data/letters'),
  MUNICIPALITY_FONT_FILE: z.string().default(''),
  MUNICIPALITY_FONT_MAP_FILE: z.string().default(''),
  HOST_LAYOUT_FILE: z.string().default(''),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
});

/** A font of the municipality for its 外字; both empty when it has none. */
export interface MunicipalityFont {
  file: string;
  /** A table of which character of the font draws which 外字; without one they stand at U+E000–U+E757. */
  mapFile: string;
}

export interface Config {
  mode: (typeof MODES)[number];
  databaseUrl: string;
  /** Production may use a SQL Server whose connection is not encrypted or whose certificate is not checked. */
  allowUnverifiedDatabase: boolean;
  host: string;
  port: number;
  sessionSecret: string;
  /** PEM files of our own certificate; both empty when a proxy in front ends the TLS. */
  tlsCertFile: string;
  tlsKeyFile: string;
  cookieSecure: boolean;
  trustedProxyHops: number;
  /** How many requests a minute one signed-in account, or one terminal that is not signed in, may send. */
  requestsPerMinute: number;
  /** How many attempts to sign in a minute may come from one terminal. */
  signInsPerMinute: number;
  inboxDirectory: string;
  receivedDirectory: string;
  /** Where the PDF files of batches lie. */
  letterDirectory: string;
  municipalityFont: MunicipalityFont;
  /** The layout of the host extract; the empty text is the built-in edition 01. */
  hostLayoutFile: string;
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

// Settings that hold a secret may also be given as the path of a file, so that no process list shows them.
const FROM_FILE = ['SESSION_SECRET', 'DATABASE_URL'] as const;

/**
 * Reads the settings from environment variables and the files they name; the only reader of them.
 * Throws a ConfigFault that lists every fault and contradiction, never repeating a secret.
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const fileFaults = FROM_FILE.flatMap((name) => readFromFile(given, name));
  const parsed = VARIABLES.safeParse(given);
  const faults = [
    ...fileFaults,
    ...(parsed.success
      ? contradictions(parsed.data)
      : parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)),
  ];
  if (!parsed.success || faults.length > 0) throw new ConfigFault(faults);
  const values = parsed.data;
  return {
    mode: values.APP_MODE,
    databaseUrl: values.DATABASE_URL,
    allowUnverifiedDatabase: values.ALLOW_UNVERIFIED_DATABASE,
    host: values.HOST,
    port: values.PORT,
    sessionSecret: values.SESSION_SECRET ?? '',
    tlsCertFile: values.TLS_CERT_FILE,
    tlsKeyFile: values.TLS_KEY_FILE,
    cookieSecure: values.COOKIE_SECURE ?? (values.APP_MODE === 'production' || values.TLS_CERT_FILE !== ''),
    trustedProxyHops: values.TRUSTED_PROXY_HOPS,
    requestsPerMinute: values.REQUESTS_PER_MINUTE,
    signInsPerMinute: values.SIGN_INS_PER_MINUTE,
    inboxDirectory: values.INBOX_DIRECTORY,
    receivedDirectory: values.RECEIVED_DIRECTORY,
    letterDirectory: values.LETTER_DIRECTORY,
    municipalityFont: { file: values.MUNICIPALITY_FONT_FILE, mapFile: values.MUNICIPALITY_FONT_MAP_FILE },
    hostLayoutFile: values.HOST_LAYOUT_FILE,
    logLevel: values.LOG_LEVEL,
  };
}

function contradictions(values: z.output<typeof VARIABLES>): string[] {
  const faults: string[] = [];
  if ((values.TLS_CERT_FILE === '') !== (values.TLS_KEY_FILE === '')) {
    faults.push('TLS_CERT_FILE, TLS_KEY_FILE: give both or neither');
  }
  if (values.COOKIE_SECURE === false && values.TLS_CERT_FILE !== '') {
    faults.push('COOKIE_SECURE: is false although there is a certificate');
  }
  if (values.MUNICIPALITY_FONT_MAP_FILE !== '' && values.MUNICIPALITY_FONT_FILE === '') {
    faults.push('MUNICIPALITY_FONT_MAP_FILE: is of no use without MUNICIPALITY_FONT_FILE');
  }
  return faults;
}

/** Puts what NAME_FILE holds in the place of NAME. Returns what is wrong with it, without its contents. */
function readFromFile(given: Record<string, string | undefined>, name: (typeof FROM_FILE)[number]): string[] {
  const path = given[`${name}_FILE`];
  if (path === undefined) return [];
  if (given[name] !== undefined) return [`${name}, ${name}_FILE: give one of them`];
  try {
    given[name] = readFileSync(path, 'utf8').replace(/\r?\n$/, '');
    return [];
  } catch (error) {
    return [`${name}_FILE: cannot be read (${(error as NodeJS.ErrnoException).code})`];
  }
}

/** What a server needs beyond a readable configuration. Throws a ConfigFault that lists all that is missing or weak. */
export function requireServable(config: Config, faults: readonly string[] = []): void {
  const missing =
    config.sessionSecret === ''
      ? [`SESSION_SECRET: is missing; give at least ${SECRET_LENGTH} random characters`]
      : [];
  const all = [...missing, ...(config.mode === 'production' ? productionFaults(config) : []), ...faults];
  if (all.length > 0) throw new ConfigFault(all);
}

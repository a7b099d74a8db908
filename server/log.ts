import { sep } from 'node:path';
import { type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino';
import type { Config } from './config.ts';

const ROOT = `${import.meta.dirname.slice(0, -'/server'.length)}${sep}`;
const FRAMES = 12;

// A second net below the rule that nothing of a resident is ever handed to the log.
const NEVER_LOGGED = new Set(
  [
    ['name', 'kana', 'birth', 'birthEarliestOn', 'address', 'building', 'phone', 'postalCode'],
    ['residentNumber', 'passNumber', 'terms', 'proxyName', 'addressee', 'ground', 'note'],
    ['password', 'passwordAgain', 'passwordHash', 'code', 'codeHash', 'secret', 'sessionSecret'],
    ['databaseUrl', 'cookie', 'session', 'sessionID', '_csrf', 'csrfToken', 'body', 'query', 'params'],
    ['url', 'originalUrl'],
  ].flat(),
);
const LEVELS_SEARCHED = 2;

/** The log of the running system, one JSON object a line on stderr; the record of acts is kept elsewhere. */
export function openLog({ logLevel }: Pick<Config, 'logLevel'>, destination = stderr()): Logger {
  return pino(
    {
      level: logLevel,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { log: (entry) => withhold(entry) },
      serializers: { err: describeError },
      hooks: { streamWrite: onOneLine },
    },
    destination,
  );
}

/** pino's own redaction looks for each of the names in each line, and took a sixteenth of the time of a page. */
function withhold(entry: object, levels = LEVELS_SEARCHED): Record<string, unknown> {
  const safe: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(entry)) {
    if (NEVER_LOGGED.has(key)) safe[key] = '(withheld)';
    else safe[key] = levels > 1 && holdsNames(value) ? withhold(value, levels - 1) : value;
  }
  return safe;
}

/** Whether a value may hold something under a name: an error has its own words, and so has a date. */
function holdsNames(value: unknown): value is object {
  return (
    value instanceof Object && !(value instanceof Error || value instanceof Date || Array.isArray(value))
  );
}

/** JSON leaves these two as they are, and some viewers begin a new line at them. */
function onOneLine(line: string): string {
  return line.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
}

/** The lines of one turn of the event loop go out together, in one write. */
function stderr(): DestinationStream {
  const destination = pino.destination({ dest: 2, sync: true });
  // A full disk behind the log must not end the service; the record of acts does not pass through here.
  destination.on('error', () => {});
  let lines = '';
  const flush = () => {
    if (lines !== '') destination.write(lines);
    lines = '';
  };
  process.once('exit', flush);
  return {
    write(line) {
      if (lines === '') setImmediate(flush);
      lines += line;
    },
  };
}

export interface ErrorDescription {
  type: string;
  code?: string | number;
  message?: string;
  frames: string[];
  cause?: ErrorDescription;
}

/**
 * An error without the values it carries. Database engines put rows into their messages ("the duplicate
 * key value is (…)", "truncated value: …"), parsers put the input: so a message is withheld unless it is the
 * language's own about identifiers. Kind, number and the places in the code say what is to be mended.
 */
export function describeError(thrown: unknown): ErrorDescription {
  const first: unknown = Array.isArray(thrown) ? thrown[0] : thrown;
  if (!(first instanceof Error)) return { type: typeof first, frames: [] };
  const one: Error & Numbered = first;
  const code = one.number ?? one.errcode ?? one.code;
  const isOfTheLanguage = [TypeError, ReferenceError].some((kind) => one.constructor === kind);
  return {
    type: one.constructor.name,
    ...(code === undefined ? {} : { code }),
    ...(isOfTheLanguage && code === undefined ? { message: one.message } : {}),
    frames: framesOf(one),
    ...(one.cause === undefined ? {} : { cause: describeError(one.cause) }),
  };
}

/** What engines and Node number their errors by. */
interface Numbered {
  number?: number;
  errcode?: number;
  code?: string;
}

function framesOf({ stack = '', message = '' }: Error): string[] {
  return stack
    .replace(message, '')
    .split('\n')
    .filter((line) => /^ {4}at .*(:\d+:\d+\)?|\(native\)|<anonymous>\)?)$/.test(line))
    .slice(0, FRAMES)
    .map((line) => line.trim().slice('at '.length).replaceAll('file://', '').replaceAll(ROOT, ''));
}

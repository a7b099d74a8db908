import { sep } from 'node:path';
import { type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino';
import type { Config } from './config.ts';

const ROOT = `${import.meta.dirname.slice(0, -'/server'.length)}${sep}`;
const FRAMES = 12;

// A second net below the rule that nothing of a resident is ever handed to the log.
const NEVER_LOGGED = [
  ['name', 'kana', 'birth', 'birthEarliestOn', 'address', 'building', 'phone', 'postalCode'],
  ['residentNumber', 'passNumber', 'terms', 'proxyName', 'addressee', 'ground', 'note'],
  ['password', 'passwordAgain', 'passwordHash', 'code', 'codeHash', 'secret', 'sessionSecret', 'databaseUrl'],
  ['cookie', 'session', 'sessionID', '_csrf', 'csrfToken', 'body', 'query', 'params', 'url', 'originalUrl'],
].flat();

/** The log of the running system, one JSON object a line on stderr; the record of acts is kept elsewhere. */
export function openLog({ logLevel }: Pick<Config, 'logLevel'>, destination = stderr()): Logger {
  return pino(
    {
      level: logLevel,
      timestamp: stdTimeFunctions.isoTime,
      redact: { paths: NEVER_LOGGED.flatMap((key) => [`["${key}"]`, `*["${key}"]`]), censor: '(withheld)' },
      serializers: { err: describeError },
      hooks: { streamWrite: onOneLine },
    },
    destination,
  );
}

/** JSON leaves these two as they are, and some viewers begin a new line at them. */
function onOneLine(line: string): string {
  return line.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
}

function stderr(): DestinationStream {
  const destination = pino.destination({ dest: 2, sync: true });
  // A full disk behind the log must not end the service; the record of acts does not pass through here.
  destination.on('error', () => {});
  return destination;
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

import { argon2, type BinaryLike, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

// argon2id with OWASP's parameters (m = 19,456 KiB, t = 2, p = 1), about 20 ms each. Written in the
// PHC string format, so that a later, stronger setting is recognised and old hashes are renewed.

const MEMORY_KIB = 19_456;
const PASSES = 2;
const PARALLELISM = 1;
const TAG_BYTES = 32;
const PREFIX = `$argon2id$v=19$m=${MEMORY_KIB},t=${PASSES},p=${PARALLELISM}$`;
const AT_ONCE = 2;

const derive = promisify(argon2) as (
  algorithm: 'argon2id',
  parameters: {
    message: BinaryLike;
    nonce: BinaryLike;
    parallelism: number;
    tagLength: number;
    memory: number;
    passes: number;
  },
) => Promise<Buffer>;

// Each hash takes 19 MiB; a storm of sign-ins must not take all memory and all threads.
let running = 0;
const waiting: (() => void)[] = [];

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
  running += 1;
  try {
    return await work();
  } finally {
    running -= 1;
    waiting.shift()?.();
  }
}

function tag(
  password: string,
  nonce: Buffer,
  memory: number,
  passes: number,
  parallelism: number,
): Promise<Buffer> {
  return inTurn(() =>
    derive('argon2id', {
      message: password.normalize('NFKC'),
      nonce,
      parallelism,
      tagLength: TAG_BYTES,
      memory,
      passes,
    }),
  );
}

/** The PHC string of a password: `$argon2id$v=19$m=…,t=…,p=…$salt$hash`. Characters are NFKC-normalised. */
export async function hashPassword(password: string): Promise<string> {
  const nonce = randomBytes(16);
  const made = await tag(password, nonce, MEMORY_KIB, PASSES, PARALLELISM);
  return `${PREFIX}${nonce.toString('base64url')}$${made.toString('base64url')}`;
}

const PHC = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([\w-]+)\$([\w-]+)$/;
// Compared against when there is no such account, so that both cases take the same time.
const NOBODYS = `${PREFIX}${randomBytes(16).toString('base64url')}$${randomBytes(TAG_BYTES).toString('base64url')}`;

/**
 * Whether a password is the one behind a stored hash. Takes as long for null (no account, no password
 * yet), which never matches.
 */
export async function isPassword(password: string, stored: string | null): Promise<boolean> {
  const parts = PHC.exec(stored ?? NOBODYS);
  if (parts === null) return false;
  const [, memory, passes, parallelism, nonce, expected] = parts as unknown as string[];
  const made = await tag(
    password,
    Buffer.from(nonce!, 'base64url'),
    Number(memory),
    Number(passes),
    Number(parallelism),
  );
  return timingSafeEqual(made, Buffer.from(expected!, 'base64url')) && stored !== null;
}

/** Whether a stored hash was made with weaker parameters than today's. */
export function needsRehash(stored: string): boolean {
  return !stored.startsWith(PREFIX);
}

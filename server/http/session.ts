import { hash, randomBytes } from 'node:crypto';
import type { Request, RequestHandler } from 'express';
import type { AppContext } from '../context.ts';
import { prepared } from '../db/prepared.ts';
import type { Trx } from '../db/schema.ts';
import { inTransaction } from '../db/transaction.ts';
import { readSetting, settingColumn, settingFrom } from '../settings/queries.ts';
import { beforeEnd } from './before-end.ts';

// Sessions in the database, under the hash of their id, so that a copy of the table opens none. The cookie holds the
// id and nothing else, and lives as long as the browser; it is the server that ends sessions.

/** What the server keeps of a browser from one request to the next, as JSON; areas add their own. */
export interface SessionData {
  accountId?: number;
  /** When and from where this account had signed in before; absent at its first time. */
  previousSignIn?: { at: string; terminal: string };
}

declare module 'express-serve-static-core' {
  interface Request {
    session: SessionData;
  }
}

/** The session of a request as the database has it. */
interface Held {
  readonly context: AppContext;
  /** Undefined while there is nothing to keep. */
  id: string | undefined;
  /** False for one that the database has not seen; one that has ended there meanwhile is not written again. */
  isStored: boolean;
  text: string;
  seenAt: string;
}

const ID_BYTES = 32;
// A page only moves the time of its session forward when this much has passed: most pages write nothing.
const MOVED_EVERY_MS = 60_000;
/** How long what remains of an ended session stays, for a form that was still being filled in. */
const HOURS_KEPT = 1;
const NOTHING = '{}';

const held = new WeakMap<Request, Held>();

/** Gives each request its session, and keeps before the answer is out what the request changed of it. */
export function sessions(context: AppContext): RequestHandler {
  const { cookieSecure } = context.config;
  const name = cookieSecure ? '__Host-session' : 'session';
  const idInCookies = new RegExp(`(?:^|;)\\s*${name}=([\\w-]{43})\\s*(?:;|$)`);
  const attributes = `Path=/; HttpOnly; ${cookieSecure ? 'Secure; ' : ''}SameSite=Strict`;
  return async (request, response, next) => {
    const sent = idInCookies.exec(request.headers.cookie ?? '')?.[1];
    const stored = sent === undefined ? undefined : await findSession(context, sent);
    request.session = stored?.data ?? {};
    const session: Held = {
      context,
      id: stored && sent,
      isStored: stored !== undefined,
      text: JSON.stringify(request.session),
      seenAt: stored?.seenAt ?? '',
    };
    held.set(request, session);
    beforeEnd(response, () => {
      const keeping = keep(session, request.session);
      if (session.id !== undefined && session.id !== sent && !response.headersSent) {
        response.setHeader('Set-Cookie', `${name}=${session.id}; ${attributes}`);
      }
      return keeping?.catch((error: unknown) => {
        context.log.error({ err: error, requestId: request.requestId }, 'a session was not kept');
      });
    });
    next();
  };
}

/**
 * Begins a session of an account under a new id, with nothing of what the browser had before: an id
 * planted before the sign-in is worth nothing after it, and nobody finds another one's traces.
 */
export async function beginSession(request: Request, data: SessionData): Promise<void> {
  const session = held.get(request)!;
  const text = JSON.stringify(data);
  const id = newId();
  await inTransaction(session.context.db, async (trx) => {
    await remove(trx, session.id);
    await insert(trx, session.context, id, data, text);
  });
  request.session = { ...data };
  Object.assign(session, { id, isStored: true, text, seenAt: session.context.clock.now().toISOString() });
}

/** Ends the session of a request, here and in the database. */
export async function endSession(request: Request): Promise<void> {
  const session = held.get(request)!;
  await inTransaction(session.context.db, async (trx) => await remove(trx, session.id));
  request.session = {};
  Object.assign(session, { id: undefined, isStored: false, text: NOTHING });
}

interface StoredSession {
  data: string;
  seenAt: string;
  createdAt: string;
  idleMinutes: string | null;
  hours: string | null;
}

const storedSession = prepared<{ idHash: string }, StoredSession>((db, value) =>
  db
    .selectFrom('session')
    .select(['data', 'seenAt', 'createdAt'])
    .select(settingColumn('session.idle-minutes', 'idleMinutes'))
    .select(settingColumn('session.hours', 'hours'))
    .where('idHash', '=', value('idHash')),
);

async function findSession({ db, clock }: AppContext, id: string) {
  const [row] = await storedSession(db, { idHash: hash('sha256', id) });
  if (row === undefined) return undefined;
  const now = clock.now().getTime();
  const idleMs = settingFrom('session.idle-minutes', row.idleMinutes) * 60_000;
  const wholeMs = settingFrom('session.hours', row.hours) * 3_600_000;
  const data = JSON.parse(row.data) as SessionData;
  const hasEnded = now - Date.parse(row.seenAt) > idleMs || now - Date.parse(row.createdAt) >= wholeMs;
  if (!hasEnded) return { data, seenAt: row.seenAt };
  const remains = remainsOf(data);
  return remains && { data: remains, seenAt: row.seenAt };
}

/**
 * What a session that ran out still is: nobody's, but with the token of its forms and whose it was, so that a form
 * sent too late can be kept for its owner (see unsent.ts). Undefined when it never was anybody's.
 */
function remainsOf({ csrfToken, accountId, endedAccountId, unsent }: SessionData): SessionData | undefined {
  const owner = accountId ?? endedAccountId;
  if (owner === undefined) return undefined;
  return { ...(csrfToken && { csrfToken }), endedAccountId: owner, ...(unsent && { unsent }) };
}

/** Writes a session that was changed, and moves one forward that was not; undefined when there is nothing to do. */
function keep(session: Held, data: SessionData): Promise<void> | undefined {
  const text = JSON.stringify(data);
  const now = session.context.clock.now();
  const isChanged = text !== session.text;
  const isRecent = session.seenAt > new Date(now.getTime() - MOVED_EVERY_MS).toISOString();
  // A session that has run out is not brought back to life by being looked at.
  if (!isChanged && (data.accountId === undefined || isRecent)) return undefined;
  session.id ??= newId();
  const { context, id, isStored } = session;
  return inTransaction(context.db, async (trx) => {
    if (!isStored) return await insert(trx, context, id, data, text);
    // What another tab changed meanwhile stays as it is, unless this one changed something as well.
    const changes = isChanged ? { data: text, accountId: data.accountId ?? null } : {};
    await trx
      .updateTable('session')
      .set({ ...changes, seenAt: now.toISOString() })
      .where('idHash', '=', hash('sha256', id))
      .execute();
  });
}

async function insert(trx: Trx, { clock }: AppContext, id: string, data: SessionData, text: string) {
  const now = clock.now();
  const hours = await readSetting(trx, 'session.hours');
  const ended = new Date(now.getTime() - (hours + HOURS_KEPT) * 3_600_000).toISOString();
  await trx.deleteFrom('session').where('createdAt', '<', ended).execute();
  const row = { idHash: hash('sha256', id), data: text, accountId: data.accountId ?? null };
  await trx
    .insertInto('session')
    .values({ ...row, seenAt: now.toISOString(), createdAt: now.toISOString() })
    .execute();
}

async function remove(trx: Trx, id: string | undefined): Promise<void> {
  if (id === undefined) return;
  await trx.deleteFrom('session').where('idHash', '=', hash('sha256', id)).execute();
}

function newId(): string {
  return randomBytes(ID_BYTES).toString('base64url');
}

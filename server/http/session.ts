import { hash } from 'node:crypto';
import type { Request, RequestHandler } from 'express';
import session from 'express-session';
import type { AppContext } from '../context.ts';
import { prepared } from '../db/prepared.ts';
import { inTransaction } from '../db/transaction.ts';
import { readSetting, settingColumn, settingFrom } from '../settings/queries.ts';

declare module 'express-session' {
  interface SessionData {
    accountId: number;
    /** When and from where this account had signed in before; absent at its first time. */
    previousSignIn?: { at: string; terminal: string };
    /** Whether the session came out of the database: one that has ended there is not written again. */
    isStored?: boolean;
    /** When it was last moved forward, as the database has it. */
    seenAt?: string;
  }
}

// A page only moves the time of its session forward when this much has passed: most pages write nothing.
const TOUCH_EVERY_MS = 60_000;

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

/** How long what remains of an ended session stays, for a form that was still being filled in. */
const HOURS_KEPT = 1;

type SessionContent = session.SessionData & { csrfToken?: string };

/**
 * What a session that ran out still is: nobody's, but with the token of its forms and whose it was, so that a form
 * sent too late can be kept for its owner (see unsent.ts). Null when it never was anybody's.
 */
function remainsOf(data: Partial<SessionContent>): session.SessionData | null {
  const { cookie, csrfToken, accountId, endedAccountId, unsent } = data;
  const owner = accountId ?? endedAccountId;
  if (owner === undefined) return null;
  const remains = { cookie, csrfToken, endedAccountId: owner, isStored: true, ...(unsent && { unsent }) };
  return remains as unknown as session.SessionData;
}

/** Sessions in the database, under the hash of their id, so that a copy of the table opens none. */
class DatabaseStore extends session.Store {
  readonly #context: AppContext;

  constructor(context: AppContext) {
    super();
    this.#context = context;
  }

  override get(id: string, done: (error: unknown, data?: session.SessionData | null) => void): void {
    this.#read(id).then((data) => done(null, data), done);
  }

  override set(id: string, data: session.SessionData, done: (error?: unknown) => void = () => {}): void {
    this.#write(id, data).then(() => done(), done);
  }

  override touch(id: string, data: session.SessionData, done: (error?: unknown) => void = () => {}): void {
    this.#touch(id, data).then(() => done(), done);
  }

  override destroy(id: string, done: (error?: unknown) => void = () => {}): void {
    inTransaction(this.#context.db, async (trx) => {
      await trx.deleteFrom('session').where('idHash', '=', hash('sha256', id)).execute();
    }).then(() => done(), done);
  }

  async #read(id: string): Promise<session.SessionData | null> {
    const { db, clock } = this.#context;
    const [row] = await storedSession(db, { idHash: hash('sha256', id) });
    if (row === undefined) return null;
    const now = clock.now().getTime();
    const idleMs = settingFrom('session.idle-minutes', row.idleMinutes) * 60_000;
    const wholeMs = settingFrom('session.hours', row.hours) * 3_600_000;
    const data = JSON.parse(row.data) as SessionContent;
    const hasEnded = now - Date.parse(row.seenAt) > idleMs || now - Date.parse(row.createdAt) >= wholeMs;
    return hasEnded ? remainsOf(data) : { ...data, isStored: true, seenAt: row.seenAt };
  }

  async #write(id: string, { isStored = false, seenAt: _, ...data }: session.SessionData): Promise<void> {
    const { db, clock } = this.#context;
    const now = clock.now();
    const idHash = hash('sha256', id);
    const changes = {
      data: JSON.stringify(data),
      accountId: data.accountId ?? null,
      seenAt: now.toISOString(),
    };
    await inTransaction(db, async (trx) => {
      const { numUpdatedRows } = await trx
        .updateTable('session')
        .set(changes)
        .where('idHash', '=', idHash)
        .executeTakeFirst();
      if (numUpdatedRows > 0n || isStored) return;
      const hours = await readSetting(trx, 'session.hours');
      const ended = new Date(now.getTime() - (hours + HOURS_KEPT) * 3_600_000).toISOString();
      await trx.deleteFrom('session').where('createdAt', '<', ended).execute();
      await trx
        .insertInto('session')
        .values({ idHash, ...changes, createdAt: now.toISOString() })
        .execute();
    });
  }

  async #touch(id: string, { accountId, seenAt = '' }: session.SessionData): Promise<void> {
    // A session that has run out is not brought back to life by being looked at.
    if (accountId === undefined) return;
    const { db, clock } = this.#context;
    const now = clock.now();
    if (seenAt > new Date(now.getTime() - TOUCH_EVERY_MS).toISOString()) return;
    const idHash = hash('sha256', id);
    await inTransaction(db, async (trx) => {
      await trx
        .updateTable('session')
        .set({ seenAt: now.toISOString() })
        .where('idHash', '=', idHash)
        .execute();
    });
  }
}

/** express-session over the database. The cookie lives as long as the browser; the server ends sessions. */
export function sessions(context: AppContext): RequestHandler {
  const { cookieSecure, sessionSecret } = context.config;
  return session({
    name: cookieSecure ? '__Host-session' : 'session',
    secret: sessionSecret,
    store: new DatabaseStore(context),
    resave: false,
    saveUninitialized: false,
    rolling: false,
    cookie: { httpOnly: true, sameSite: 'strict', secure: cookieSecure, path: '/' },
  });
}

/**
 * Begins a session of an account under a new id, with nothing of what the browser had before: an id
 * planted before the sign-in is worth nothing after it, and nobody finds another one's traces.
 */
export async function beginSession(
  request: Request,
  data: Pick<session.SessionData, 'accountId' | 'previousSignIn' | 'unsent'>,
): Promise<void> {
  await done((end) => request.session.regenerate(end));
  Object.assign(request.session, data);
  await done((end) => request.session.save(end));
}

/** Ends the session of a request, here and in the database. */
export async function endSession(request: Request): Promise<void> {
  await done((end) => request.session.destroy(end));
}

function done(act: (end: (error: unknown) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => act((error) => (error ? reject(error) : resolve())));
}

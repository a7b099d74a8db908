import { hash } from 'node:crypto';
import type { RequestHandler } from 'express';
import session from 'express-session';
import type { AppContext } from '../context.ts';
import { inTransaction } from '../db/transaction.ts';

declare module 'express-session' {
  interface SessionData {
    accountId: number;
    signedInAt: string;
  }
}

// A page only moves the time of its session forward when this much has passed: most pages write nothing.
const TOUCH_EVERY_MS = 60_000;

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

  override touch(id: string, _data: session.SessionData, done: (error?: unknown) => void = () => {}): void {
    this.#touch(id).then(() => done(), done);
  }

  override destroy(id: string, done: (error?: unknown) => void = () => {}): void {
    inTransaction(this.#context.db, async (trx) => {
      await trx.deleteFrom('session').where('idHash', '=', hash('sha256', id)).execute();
    }).then(() => done(), done);
  }

  async #read(id: string): Promise<session.SessionData | null> {
    const { db, clock, config } = this.#context;
    const row = await db
      .selectFrom('session')
      .select(['data', 'seenAt', 'expiresAt'])
      .where('idHash', '=', hash('sha256', id))
      .executeTakeFirst();
    if (row === undefined) return null;
    const now = clock.now().getTime();
    const isIdle = now - Date.parse(row.seenAt) > config.sessionIdleMinutes * 60_000;
    if (isIdle || Date.parse(row.expiresAt) <= now) return null;
    return JSON.parse(row.data) as session.SessionData;
  }

  async #write(id: string, data: session.SessionData): Promise<void> {
    const { db, clock, config } = this.#context;
    const now = clock.now();
    const idHash = hash('sha256', id);
    const changes = {
      data: JSON.stringify(data),
      accountId: data.accountId ?? null,
      seenAt: now.toISOString(),
    };
    const expiresAt = new Date(now.getTime() + config.sessionHours * 3_600_000).toISOString();
    await inTransaction(db, async (trx) => {
      const { numUpdatedRows } = await trx
        .updateTable('session')
        .set(changes)
        .where('idHash', '=', idHash)
        .executeTakeFirst();
      if (numUpdatedRows > 0n) return;
      await trx.deleteFrom('session').where('expiresAt', '<', now.toISOString()).execute();
      await trx
        .insertInto('session')
        .values({ idHash, ...changes, createdAt: now.toISOString(), expiresAt })
        .execute();
    });
  }

  async #touch(id: string): Promise<void> {
    const { db, clock } = this.#context;
    const now = clock.now();
    const idHash = hash('sha256', id);
    const before = new Date(now.getTime() - TOUCH_EVERY_MS).toISOString();
    const row = await db
      .selectFrom('session')
      .select('seenAt')
      .where('idHash', '=', idHash)
      .executeTakeFirst();
    if (row === undefined || row.seenAt > before) return;
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

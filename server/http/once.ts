import { setTimeout as sleep } from 'node:timers/promises';
import type { Request, RequestHandler, Response } from 'express';
import type { AppContext } from '../context.ts';
import { inTransaction, isDuplicate } from '../db/transaction.ts';
import { Refused } from '../errors.ts';
import { formKeyOf } from './csrf.ts';
import { keyedHash } from './seal.ts';
import { forgetUnsent, readUnsent } from './unsent.ts';

// One form, one effect. The key of a form is taken in the database before its act and kept when the act led on
// to another page; an act that was refused gives it back, so that the mended form may be sent again.

/** Forms that only ask: sent twice, they answer twice, and the desk's searches write nothing for it. */
const ONLY_ASK: ReadonlySet<string> = new Set([
  '/search',
  '/lookup',
  '/returned-mail',
  '/sign-in',
  '/sign-out',
]);

const KEPT_HOURS = 24;
const WAIT_MS = 10_000;
const LOOK_EVERY_MS = 50;

const STILL_RUNNING =
  '先に送った同じ内容をまだ処理しています。もう一度は行いませんでした。少し待ってから、記録されたかどうかを画面で確かめてください。';
const OTHER_CONTENT =
  'この画面の内容はすでに受け付けたため、変えた内容は保存しませんでした。画面を開き直して、今の内容を確かめてから入力してください。';

/** Lets each form act once: a second submission is shown the first one's result (二重送信). */
export function oncePerForm(context: AppContext): RequestHandler {
  const { db, clock, config, log } = context;
  return async (request, response, next) => {
    const key = formKeyOf(request);
    const { account } = request;
    if (request.method !== 'POST' || key === '' || account === undefined || ONLY_ASK.has(request.path)) {
      return next();
    }
    const receipt = {
      formKey: keyedHash(config.sessionSecret, 'form key', `${key} ${request.path}`),
      accountId: account.id,
      path: request.path.slice(0, 200),
      contentHash: keyedHash(config.sessionSecret, 'form content', contentOf(request)),
      createdAt: clock.now().toISOString(),
    };
    if (await take(context, receipt)) {
      beforeEnd(response, async () => {
        const location = response.statusCode === 303 ? String(response.get('Location') ?? '') : '';
        if (location !== '' && readUnsent(request, context)?.path === request.path) forgetUnsent(request);
        await settle(context, receipt.formKey, location).catch((error: unknown) => {
          log.error({ err: error, requestId: request.requestId }, 'a form was not settled');
        });
      });
      return next();
    }
    const first = await firstResult(receipt.formKey);
    if (first === undefined) return next();
    if (first.contentHash !== receipt.contentHash || first.accountId !== account.id)
      throw new Refused(OTHER_CONTENT);
    if (first.location === '') throw new Refused(STILL_RUNNING);
    response.redirect(303, first.location);
  };

  /** What became of the form that was first: waits for one that is still running. Undefined when it was refused. */
  async function firstResult(formKey: string) {
    for (let waited = 0; ; waited += LOOK_EVERY_MS) {
      const row = await db
        .selectFrom('formReceipt')
        .select(['location', 'contentHash', 'accountId'])
        .where('formKey', '=', formKey)
        .executeTakeFirst();
      if (row === undefined || row.location !== '' || waited >= WAIT_MS) return row;
      await sleep(LOOK_EVERY_MS);
    }
  }
}

interface Receipt {
  formKey: string;
  accountId: number;
  path: string;
  contentHash: string;
  createdAt: string;
}

/** Takes the key of a form; false when it was taken before. */
async function take({ db, clock }: AppContext, receipt: Receipt): Promise<boolean> {
  const old = new Date(clock.now().getTime() - KEPT_HOURS * 3_600_000).toISOString();
  try {
    await inTransaction(db, async (trx) => {
      await trx.deleteFrom('formReceipt').where('createdAt', '<', old).execute();
      await trx.insertInto('formReceipt').values(receipt).execute();
    });
    return true;
  } catch (error) {
    if (isDuplicate(error)) return false;
    throw error;
  }
}

/** Keeps where the act led, or gives the key back when it led nowhere. */
async function settle({ db }: AppContext, formKey: string, location: string): Promise<void> {
  await inTransaction(db, async (trx) => {
    if (location === '') await trx.deleteFrom('formReceipt').where('formKey', '=', formKey).execute();
    else await trx.updateTable('formReceipt').set({ location }).where('formKey', '=', formKey).execute();
  });
}

function contentOf(request: Request): string {
  const { _csrf, ...fields } = { ...(request.body as Record<string, unknown>) };
  return JSON.stringify(Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Has `work` done before the last of the answer goes out, so that whoever saw the answer finds it done. */
function beforeEnd(response: Response, work: () => Promise<void>): void {
  const end = response.end.bind(response) as (...given: unknown[]) => Response;
  let isEnding = false;
  response.end = ((...given: unknown[]) => {
    if (isEnding) return response;
    isEnding = true;
    work().finally(() => end(...given));
    return response;
  }) as typeof response.end;
}

import { type Actor, recordEvent } from '../audit/record-event.ts';
import { businessDay } from '../calendar/local-date.ts';
import type { Config } from '../config.ts';
import type { Database, Trx } from '../db/schema.ts';
import { inTransaction, isDuplicate } from '../db/transaction.ts';
import { Invalid, Refused } from '../errors.ts';
import { composeCoverLetter } from './cover-letter.ts';
import { readFrame } from './frame.ts';
import { composePostcard, drawPostcards } from './labels/postcard-run.ts';
import { pdfBytes, renderLetter } from './render-letter.ts';
import {
  fillTemplate,
  PLACEHOLDERS,
  type TemplateKind,
  type TemplateText,
  templateProblems,
} from './template.ts';

// The wordings (文面) that the administrator keeps. A wording is never changed: a new version is added, and a printed letter keeps the number of the one it was printed from.

const SAMPLE = {
  addressee: PLACEHOLDERS.氏名,
  postalCode: '1600022',
  address: '新宿一丁目２番３号',
  building: 'コーポラス御苑３０２号',
} as const;

/** A PDF of a wording with sample values, marked 見本. Throws Invalid when it cannot be used. */
export async function previewTemplate(
  db: Database | Trx,
  config: Pick<Config, 'municipalityFont'>,
  at: Date,
  on: string,
  kind: TemplateKind,
  text: TemplateText,
): Promise<Buffer> {
  const problems = templateProblems(text);
  if (problems.length > 0) throw new Invalid({ body: problems.join('') });
  const frame = await readFrame(db, config, on);
  const { ownFont } = frame;
  try {
    if (kind === 'postcard') {
      const card = composePostcard(SAMPLE, frame);
      if ('problem' in card) throw new Invalid({ body: card.problem.sentence });
      const filled = fillTemplate(text, PLACEHOLDERS);
      const { sender } = frame;
      const run = { kind: 'postcards' as const, ...filled, sender, offset: frame.offset, cards: [card] };
      const facts = { title: filled.title, author: sender.join(''), createdAt: at, ownFont };
      return await pdfBytes(facts, (pen) => drawPostcards(pen, run, ownFont));
    }
    const facts = {
      ...SAMPLE,
      kind,
      fiscalYear: 2026,
      passNumber: 123,
      issuedOn: on,
      returnedOn: on,
      printedOn: on,
      serial: '見本',
      isReprint: false,
    };
    const { letter, problem } = composeCoverLetter(facts, text, frame);
    if (problem !== undefined) throw new Invalid({ body: problem.sentence });
    return await renderLetter(letter, at, ownFont, '見本');
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new Invalid({
      body: '文面が1枚に収まらないか、印字できない文字が入っています。短くするか、文字を替えてください。',
    });
  }
}

/** The wording of a kind in all its versions, newest first. */
export async function listVersions(db: Database, kind: TemplateKind) {
  return await db
    .selectFrom('letterTemplate')
    .leftJoin('account', 'account.id', 'letterTemplate.createdBy')
    .select([
      'letterTemplate.version',
      'letterTemplate.title',
      'letterTemplate.body',
      'letterTemplate.createdAt',
    ])
    .select('account.displayName as createdByName')
    .where('letterTemplate.kind', '=', kind)
    .orderBy('letterTemplate.version', 'desc')
    .execute();
}

/**
 * Adds a version of a wording, `seen` being the newest the administrator saw. Throws Invalid when the wording cannot
 * be used or is longer than its sheet, Refused when a colleague was faster.
 */
export async function saveTemplate(
  db: Database,
  config: Pick<Config, 'municipalityFont'>,
  actor: Actor,
  kind: TemplateKind,
  text: TemplateText,
  seen: number,
): Promise<void> {
  if (text.title.length > 100) throw new Invalid({ title: '表題は100文字までにしてください。' });
  const on = businessDay(actor.at);
  await previewTemplate(db, config, actor.at, on, kind, text);
  const faster = 'ほかの職員がこの文面を変えたため、登録しませんでした。開き直して確かめてください。';
  try {
    await inTransaction(db, async (trx) => {
      const { version } = await trx
        .selectFrom('letterTemplate')
        .select('version')
        .where('kind', '=', kind)
        .orderBy('version', 'desc')
        .limit(1)
        .executeTakeFirstOrThrow();
      if (version !== seen) throw new Refused(faster);
      await trx
        .insertInto('letterTemplate')
        .values({
          kind,
          version: version + 1,
          ...text,
          createdAt: actor.at.toISOString(),
          createdBy: actor.accountId,
        })
        .execute();
      recordEvent(trx, actor, { kind: 'letter.template-changed', letterKind: kind, version: version + 1 });
    });
  } catch (error) {
    if (isDuplicate(error)) throw new Refused(faster);
    throw error;
  }
}

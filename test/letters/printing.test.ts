import { beforeEach, describe, expect, test } from 'vitest';
import type { AppContext } from '../../server/context.ts';
import { inTransaction } from '../../server/db/transaction.ts';
import { previewLetter, printLetter } from '../../server/letters/print-letter.ts';
import { savePrinter } from '../../server/letters/printers.ts';
import { getLetter } from '../../server/letters/queries.ts';
import { renderLetter, sha256 } from '../../server/letters/render-letter.ts';
import { testActor, testContext } from '../support/app.ts';
import { databases, useDatabase } from '../support/databases.ts';
import { readPdf } from '../support/pdf.ts';
import { makePerson } from '../support/people.ts';
import { NO_FONT } from './letter-samples.ts';
import { makePass } from './make-pass.ts';

describe.each(databases)('printing is an act, on %s', (engine) => {
  const used = useDatabase(engine);
  let context: AppContext;
  let personId: number;
  let passId: number;
  beforeEach(async () => {
    context = testContext(used.db);
    personId = await makePerson(context);
    passId = await makePass(context, personId);
  });

  const print = (over: Partial<Parameters<typeof printLetter>[3]> = {}) =>
    printLetter(context.db, context.config, testActor(context), { passId, reprintReason: '', ...over });
  const runs = () => used.db.selectFrom('printRun').selectAll().orderBy('id').execute();
  const countOf = async (table: 'letter' | 'printRun' | 'auditEvent' | 'letterSerialCounter') => {
    const { rows } = await used.db
      .selectFrom(table)
      .select((count) => count.fn.countAll<number>().as('rows'))
      .executeTakeFirstOrThrow();
    return rows;
  };

  test('a letter gets a number, stands in the print log with the hash of its PDF, and reprints byte for byte', async () => {
    const id = await print();
    const { letter, printedAt, serial } = await getLetter(used.db, id);
    expect(serial).toMatch(/^20261120-00-\d{5}$/);
    const run = (await runs()).at(-1)!;
    expect(run).toMatchObject({
      kind: 'letter',
      fileName: `cover-letter-${serial}.pdf`,
      pages: 1,
      templateVersion: 1,
      terminal: '192.0.2.1',
      reason: '',
    });
    expect(sha256(await renderLetter(letter, printedAt, NO_FONT))).toBe(run.sha256);
  });

  test('a second print needs a reason, says 再発行 and keeps the reason', async () => {
    const first = await getLetter(used.db, await print());
    await expect(print()).rejects.toThrow(first.serial);
    const second = await getLetter(used.db, await print({ reprintReason: '紙詰まり' }));
    expect(second.letter.heading).toBe('再発行');
    expect((await runs()).at(-1)!.reason).toBe('紙詰まり');
    expect(second.serial > first.serial).toBe(true);
  });

  test('a preview changes nothing', async () => {
    const before = [await countOf('letter'), await countOf('printRun'), await countOf('letterSerialCounter')];
    const { letter } = await previewLetter(used.db, context.config, context.clock.now(), passId);
    const pdf = await readPdf(await renderLetter(letter, context.clock.now(), NO_FONT, '見本'));
    expect(pdf.text).toContain('見本');
    expect([
      await countOf('letter'),
      await countOf('printRun'),
      await countOf('letterSerialCounter'),
    ]).toEqual(before);
  });

  test('after a returned letter the next one is a resend, to the alternative address', async () => {
    await print();
    await inTransaction(used.db, async (trx) => {
      await trx.updateTable('pass').set({ returnedOn: '2026-11-20' }).where('id', '=', passId).execute();
      const { id: createdBy } = await trx
        .insertInto('account')
        .values({
          loginName: `c-${passId}`,
          displayName: '試験',
          officeCode: '00',
          role: 'clerk',
          passwordHash: null,
          codeHash: null,
          codeExpiresAt: null,
          validFromOn: '2026-04-01',
          validUntilOn: null,
          stoppedAt: null,
          lastSignInAt: null,
          passwordChangedAt: null,
          createdAt: '2026-04-01T00:00:00.000Z',
        })
        .returning('id')
        .executeTakeFirstOrThrow();
      await trx
        .insertInto('circumstance')
        .values({
          personId,
          kind: 'mailing_address',
          startsOn: '2026-11-01',
          endsOn: null,
          ground: '入院中',
          addressee: '病院方　新宿　太郎',
          postalCode: '0640804',
          address: '北海道札幌市中央区南四条西二十九丁目１５２４番２３号',
          building: '',
          createdAt: '2026-11-01T00:00:00.000Z',
          createdBy,
          endedAt: null,
        })
        .execute();
    });
    const { letter } = await getLetter(used.db, await print());
    expect(letter.title).toContain('再送付');
    const block = letter.address.map(({ text }) => text).join(' ');
    expect(block).toContain('〒064-0804');
    expect(block).toContain('病院方　新宿　太郎　様');
    expect(block).not.toContain('新宿区');
    await expect(print()).rejects.toThrow('印刷済み');
  });

  test('letters printed at the same moment get different numbers', async () => {
    const passes = await Promise.all(
      Array.from({ length: 6 }, async () => makePass(context, await makePerson(context))),
    );
    const at = new Date('2026-12-01T01:00:00.000Z');
    const ids = await Promise.all(
      passes.map((one) =>
        printLetter(used.db, context.config, testActor(context, { at }), { passId: one, reprintReason: '' }),
      ),
    );
    const serials = (await Promise.all(ids.map((id) => getLetter(used.db, id)))).map(({ serial }) => serial);
    expect(serials.sort()).toEqual(passes.map((_one, n) => `20261201-00-0000${n + 1}`));
  });

  test('a letter that is held takes no number, is on the list, and leaves it when it was printed after all', async () => {
    const gaiji = await makePass(context, await makePerson(context, { name: '\ue005田　花子' }));
    const counters = () => used.db.selectFrom('letterSerialCounter').selectAll().execute();
    const before = await counters();
    await expect(print({ passId: gaiji })).rejects.toThrow('F045');
    expect(await counters()).toEqual(before);
    const held = () =>
      used.db
        .selectFrom('letterHeld')
        .select('problem')
        .where('passId', '=', gaiji)
        .where('settledAt', 'is', null)
        .execute();
    expect(await held()).toEqual([{ problem: 'character' }]);
    await used.db
      .insertInto('gaijiReplacement')
      .values({ code: 'F045', replacement: '髙', changedAt: '2026-11-01T00:00:00.000Z', changedBy: null })
      .execute();
    const { letter } = await getLetter(used.db, await print({ passId: gaiji }));
    expect(letter.note).not.toBe('');
    expect(await held()).toEqual([]);
  });

  test.each([
    ['a pass that is not valid', { status: 'lost' as const }, {}, '有効でない'],
    ['a person who is gone', {}, { goneOn: '2026-11-15' }, '要確認'],
  ])('%s gets no letter', async (_note, pass, person, sentence) => {
    const one = await makePass(context, await makePerson(context, person), pass);
    await expect(print({ passId: one })).rejects.toThrow(sentence);
    await expect(previewLetter(used.db, context.config, context.clock.now(), one)).rejects.toThrow(sentence);
  });

  test('the deputy signs for his term, the printer of the office is set off', async () => {
    await used.db
      .insertInto('senderTitle')
      .values({
        startsOn: '2026-12-10',
        endsOn: '2026-12-20',
        lines: '新宿区福祉部\n地域包括ケア推進課長職務代理者',
        createdAt: '2026-11-20T00:00:00.000Z',
        createdBy: null,
        removedAt: null,
      })
      .execute();
    await savePrinter(used.db, testActor(context), {
      id: 0,
      name: `課-${passId}`,
      officeCode: '00',
      right: '-1.5',
      down: '２',
    });
    const signed = async (day: string) => {
      const at = new Date(`${day}T01:00:00.000Z`);
      const request = { passId, reprintReason: '試験' };
      const id = await printLetter(used.db, context.config, testActor(context, { at }), request);
      return (await getLetter(used.db, id)).letter;
    };
    const during = await signed('2026-12-20');
    expect(during.sender).toEqual(['新宿区福祉部', '地域包括ケア推進課長職務代理者']);
    expect(during.offset).toEqual({ right: -1.5, down: 2 });
    await used.db.updateTable('printer').set({ isActive: 0 }).execute();
    expect((await signed('2026-12-21')).sender).toEqual(['新宿区福祉部', '地域包括ケア推進課長']);
  });
});

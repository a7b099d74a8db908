import { beforeEach, describe, expect, test } from 'vitest';
import { AGE_RULES, type AgeRule } from '../../server/calendar/age.ts';
import type { AppContext } from '../../server/context.ts';
import { inTransaction } from '../../server/db/transaction.ts';
import { drawRun } from '../../server/letters/labels/draw-run.ts';
import { printLabels } from '../../server/letters/labels/print-labels.ts';
import { printPostcards } from '../../server/letters/labels/print-postcards.ts';
import { renderRun } from '../../server/letters/labels/render-run.ts';
import { listRunPeople } from '../../server/letters/labels/run-people.ts';
import { LABEL_FORMATS, LABEL_SHEETS, labelPlace } from '../../server/letters/labels/sheets.ts';
import { listTurningSixty } from '../../server/letters/labels/turning-sixty.ts';
import { printLetter } from '../../server/letters/print-letter.ts';
import { getRun } from '../../server/letters/print-log.ts';
import { sha256 } from '../../server/letters/render-letter.ts';
import { testActor, testContext } from '../support/app.ts';
import { databases, useDatabase } from '../support/databases.ts';
import { readPdf } from '../support/pdf.ts';
import { makePerson } from '../support/people.ts';
import { NO_FONT } from './letter-samples.ts';
import { makePass } from './make-pass.ts';

describe('用紙', () => {
  test.each(LABEL_FORMATS)('%sの面はすべて紙の中にあり、重ならない', (format) => {
    const sheet = LABEL_SHEETS[format];
    const count = sheet.columns * sheet.rows;
    const last = labelPlace(sheet, count - 1);
    expect(last.page).toBe(0);
    expect(last.left + sheet.width).toBeLessThanOrEqual(210);
    expect(last.top + sheet.height).toBeLessThanOrEqual(297);
    expect(sheet.stepRight).toBeGreaterThanOrEqual(sheet.width);
    expect(sheet.stepDown).toBeGreaterThanOrEqual(sheet.height);
    expect(labelPlace(sheet, count)).toEqual({ page: 1, left: sheet.left, top: sheet.top });
  });
});

describe.each(databases)('labels and postcards, on %s', (engine) => {
  const used = useDatabase(engine);
  let context: AppContext;
  beforeEach(() => {
    context = testContext(used.db);
  });

  const held = async (paper: 'labels' | 'postcards', passId?: number) => {
    let query = used.db.selectFrom('letterHeld').selectAll().where('paper', '=', paper);
    if (passId !== undefined) query = query.where('passId', '=', passId);
    return await query.where('settledAt', 'is', null).execute();
  };
  const pdfOf = async (printRunId: number) => {
    const run = await getRun(used.db, printRunId);
    const content = JSON.parse(run.content);
    const title = content.kind === 'labels' ? run.title : content.title;
    const bytes = await renderRun(content, title, new Date(run.printedAt), NO_FONT);
    expect(sha256(bytes)).toBe(run.sha256);
    return { run, content, pdf: await readPdf(bytes) };
  };

  test('labels begin at the label asked for, each inside its own, with a barcode under the name', async () => {
    const issuedOn = '2026-10-01';
    for (let at = 0; at < 11; at += 1) {
      const personId = await makePerson(context, { name: `新宿　${'一二三四五六七八九十百'[at]}子` });
      await makePass(context, personId, { issuedOn });
    }
    const hidden = await makePerson(context, { isProtected: 1 });
    const gaiji = await makePerson(context, { name: '\ue000' });
    const passOf = [
      await makePass(context, hidden, { issuedOn }),
      await makePass(context, gaiji, { issuedOn }),
    ];
    const days = { listKind: 'posts' as const, fromOn: issuedOn, untilOn: issuedOn };
    const request = { ...days, format: 'a4-12' as const, startAt: 4, reason: '10月1日分の発送' };
    const printRunId = await printLabels(used.db, context.config, testActor(context), request);
    const people = await listRunPeople(used.db, printRunId);
    expect(people.slice(0, 11).map(({ problem }) => problem)).toEqual(Array(11).fill(''));
    expect(new Set(people.map(({ personId }) => personId)).size).toBe(13);
    expect(people.slice(11).map(({ personId, problem }) => [personId, problem])).toEqual([
      [hidden, 'protected'],
      [gaiji, 'character'],
    ]);
    const beside = used.db
      .selectFrom('auditValue')
      .innerJoin('auditEvent', 'auditEvent.sequence', 'auditValue.eventSequence')
      .where('auditEvent.kind', '=', 'labels.printed')
      .select(['auditValue.personId', 'auditValue.newValue']);
    expect((await beside.execute()).map(({ newValue }) => newValue)).toEqual(
      Array(11).fill('labels-20261120.pdf'),
    );
    expect((await held('labels')).map(({ passId, problem }) => [passId, problem])).toEqual([
      [passOf[1], 'character'],
    ]);
    const { run, content, pdf } = await pdfOf(printRunId);
    expect(run).toMatchObject({ kind: 'labels', pages: 2, addressees: 11, reason: '10月1日分の発送' });
    expect(pdf.pages).toBe(2);
    const sheet = LABEL_SHEETS['a4-12'];
    const first = labelPlace(sheet, 3);
    const piece = pdf.pieces[0]!;
    expect(piece.text).toBe('〒160-0022');
    expect([piece.left > first.left, piece.top > first.top - 0.5]).toEqual([true, true]);
    for (const { barcode, lines } of content.labels) {
      expect(barcode.codes).toHaveLength(23);
      expect(barcode.top).toBeGreaterThan(lines.at(-1).baseline + 2);
      expect(barcode.top + 3.24 + 2).toBeLessThanOrEqual(sheet.height);
      expect(barcode.left + 71.82 + 2).toBeLessThanOrEqual(sheet.width);
    }
  });

  test('what nobody’s label could be printed for is kept and named; printed after all, it leaves the list', async () => {
    const issuedOn = '2026-10-02';
    const building = 'とても長い名前の集合住宅'.repeat(9);
    const personId = await makePerson(context, { name: '文字　超過子', building });
    const passId = await makePass(context, personId, { issuedOn });
    const days = { listKind: 'posts' as const, fromOn: issuedOn, untilOn: issuedOn };
    const request = { ...days, format: 'a4-24' as const, startAt: 2, reason: '発送' };
    const print = () => printLabels(used.db, context.config, testActor(context), request);
    const printRunId = await print();
    expect(await getRun(used.db, printRunId)).toMatchObject({ addressees: 0, pages: 0, sha256: '' });
    expect(await listRunPeople(used.db, printRunId)).toMatchObject([{ personId, problem: 'overflow' }]);
    expect(await held('labels', passId)).toMatchObject([{ personId, problem: 'overflow' }]);
    await used.db.updateTable('person').set({ building: '' }).where('id', '=', personId).execute();
    expect((await getRun(used.db, await print())).addressees).toBe(1);
    expect(await held('labels', passId)).toEqual([]);
  });

  test('a label that does not fit leaves the list as well when its letter is printed', async () => {
    const issuedOn = '2026-10-03';
    const building = 'コーポラス新宿御苑パークサイドテラス二番館'.repeat(2);
    const personId = await makePerson(context, { building });
    const passId = await makePass(context, personId, { issuedOn });
    const days = { listKind: 'posts' as const, fromOn: issuedOn, untilOn: issuedOn };
    const request = { ...days, format: 'a4-24' as const, startAt: 1, reason: '発送' };
    await printLabels(used.db, context.config, testActor(context), request);
    expect(await held('labels', passId)).toHaveLength(1);
    await used.db.updateTable('person').set({ building: '' }).where('id', '=', personId).execute();
    await printLetter(used.db, context.config, testActor(context), { passId, reprintReason: '' });
    expect(await held('labels', passId)).toEqual([]);
  });

  test('many labels are drawn beside the server, the same as here, and after one another', async () => {
    const personId = await makePerson(context, { name: '新宿　百子' });
    await makePass(context, personId, { issuedOn: '2026-10-04' });
    const days = { listKind: 'posts' as const, fromOn: '2026-10-04', untilOn: '2026-10-04' };
    const request = { ...days, format: 'a4-12' as const, startAt: 1, reason: '発送' };
    const { content } = await pdfOf(await printLabels(used.db, context.config, testActor(context), request));
    const run = { ...content, labels: Array(150).fill(content.labels[0]) };
    const printed = { run, title: '宛名ラベル', printedAt: context.clock.now(), ownFont: NO_FONT };
    const beside = () => renderRun(run, printed.title, printed.printedAt, NO_FONT);
    const [first, second, here] = await Promise.all([beside(), beside(), drawRun(printed)]);
    expect([first.equals(here), second.equals(here)]).toEqual([true, true]);
    expect((await readPdf(first)).pages).toBe(13);
  });

  test('labels need a purpose and a place on the sheet', async () => {
    const days = { listKind: 'posts' as const, fromOn: '2026-10-01', untilOn: '2026-10-01' };
    const faulty = { ...days, format: 'a4-24' as const, startAt: 25, reason: '' };
    await expect(printLabels(used.db, context.config, testActor(context), faulty)).rejects.toMatchObject({
      fields: { startAt: expect.stringContaining('1から24まで'), reason: expect.stringContaining('目的') },
    });
  });

  test('a person belongs to the month in which 60 is legally reached', async () => {
    const born = async (birth: string, over = {}) => {
      const on = { birthEarliestOn: birth, birthLatestOn: birth };
      return await makePerson(context, { name: birth, birthCode: birth.replaceAll('-', ''), ...on, ...over });
    };
    await born('1966-12-01');
    await born('1966-12-02');
    await born('1966-12-31');
    await born('1967-01-01');
    await born('1967-01-02');
    await born('1966-12-15', { goneOn: '2026-11-01' });
    await born('1966-12-16', { isProtected: 1 });
    await born('1966-12-17', { birthLatestOn: '1966-12-31' });
    const holder = await born('1966-12-18');
    await makePass(context, holder, { issuedOn: '2026-05-01' });
    const listed = await listTurningSixty(used.db, '2026-12', '2026-11-20');
    expect(listed.map(({ addressee, isProtected }) => [addressee, isProtected])).toEqual([
      ['1966-12-02', 0],
      ['1966-12-31', 0],
      ['1967-01-01', 0],
      ['1966-12-16', 1],
    ]);
    const february = await listTurningSixty(used.db, '2020-02', '2026-11-20');
    expect(february).toEqual([]);
    await born('1960-02-29');
    await born('1960-03-01');
    const leap = await listTurningSixty(used.db, '2020-02', '2026-11-20');
    expect(leap.map(({ addressee }) => addressee)).toEqual(['1960-02-29', '1960-03-01']);
  });

  test('the rule of the fiscal year says in which month 60 is reached', async () => {
    const born = async (birth: string) =>
      await makePerson(context, { name: birth, birthEarliestOn: birth, birthLatestOn: birth });
    await born('1970-04-01');
    await born('1970-06-01');
    await born('1970-06-02');
    await born('1970-07-01');
    const monthsOf = async (name: string) => {
      const months = ['2029-04', '2030-03', '2030-04', '2030-05', '2030-06', '2030-07', '2031-04'];
      const listed = await Promise.all(months.map((month) => listTurningSixty(used.db, month, '2026-11-20')));
      return months.filter((_month, at) => listed[at]!.some(({ addressee }) => addressee === name));
    };
    const setRule = (ageRule: AgeRule) =>
      inTransaction(used.db, async (trx) => {
        await trx.deleteFrom('fiscalYearRule').where('fiscalYear', '=', 2030).execute();
        await trx
          .insertInto('fiscalYearRule')
          .values({
            ...{ fiscalYear: 2030, lossReissues: 1, issueFromOn: '2030-03-01', ageRule, version: 1 },
            ...{ changedAt: '2026-11-20T00:00:00.000Z', changedBy: null },
          })
          .execute();
      });
    const expected: Record<string, [april: string, first: string, second: string, july: string]> = {
      'legal-previous-day': ['2030-03', '2030-05', '2030-06', '2030-06'],
      birthday: ['2030-03', '2030-06', '2030-06', '2030-07'],
      'month-first': ['2030-03', '2030-06', '2030-06', '2030-07'],
      'fiscal-year-end': ['2030-03', '2030-04', '2030-04', '2030-04'],
      'base-date': ['2030-03', '2031-04', '2031-04', '2031-04'],
    };
    for (const rule of AGE_RULES) {
      await setRule(rule);
      const months = [];
      for (const name of ['1970-04-01', '1970-06-01', '1970-06-02', '1970-07-01']) {
        const [month, ...others] = await monthsOf(name);
        expect(others, `${rule}: one month only`).toEqual([]);
        months.push(month);
      }
      expect(months, rule).toEqual(expected[rule]);
    }
    await used.db.deleteFrom('fiscalYearRule').where('fiscalYear', '=', 2030).execute();
  });

  test('postcards name whom they left out, and hold what cannot be printed', async () => {
    const born = { birthEarliestOn: '1967-08-10', birthLatestOn: '1967-08-10' };
    const hidden = await makePerson(context, { ...born, isProtected: 1 });
    const gaiji = await makePerson(context, { ...born, name: '\ue0f0　花子' });
    const written = await makePerson(context, born);
    const request = { month: '2027-08', reason: '8月の勧奨' };
    const print = () => printPostcards(used.db, context.config, testActor(context), request);
    const people = await listRunPeople(used.db, await print());
    expect(people.map(({ personId, problem }) => [personId, problem])).toEqual([
      [written, ''],
      [hidden, 'protected'],
      [gaiji, 'character'],
    ]);
    expect(await held('postcards')).toMatchObject([{ personId: gaiji, passId: null, problem: 'character' }]);
    await used.db.updateTable('person').set({ name: '新宿　花子' }).where('id', '=', gaiji).execute();
    await print();
    expect(await held('postcards')).toEqual([]);
  });

  test('a postcard has its postal code in the boxes, the barcode under the name, and the wording behind', async () => {
    await makePerson(context, {
      name: '新宿　葉子',
      postalCode: '1690075',
      address: '高田馬場一丁目１番１号',
      birthEarliestOn: '1967-06-10',
      birthLatestOn: '1967-06-10',
    });
    const request = { month: '2027-06', reason: '6月の勧奨' };
    const printRunId = await printPostcards(used.db, context.config, testActor(context), request);
    const { run, content, pdf } = await pdfOf(printRunId);
    expect(run).toMatchObject({ kind: 'postcards', pages: 2, addressees: 1, templateVersion: 1 });
    expect(pdf.pages).toBe(2);
    expect(pdf.text).toContain('ふれあい入浴事業のお知らせ');
    const digits = pdf.pieces.filter(({ top }) => top < 20);
    expect(
      digits
        .map(({ text }) => text)
        .join('')
        .replace(/\s/g, ''),
    ).toBe('1690075');
    expect(digits[0]!.left).toBeGreaterThan(44.3);
    const [card] = content.cards;
    expect(card.barcode.left).toBeGreaterThanOrEqual(10);
    expect(card.barcode.left + 71.82).toBeLessThanOrEqual(90);
  });

  test('nobody to write to is said so', async () => {
    const request = { month: '2099-01', reason: '試験' };
    await expect(printPostcards(used.db, context.config, testActor(context), request)).rejects.toThrow(
      'はがきを送れる人はいません',
    );
  });
});

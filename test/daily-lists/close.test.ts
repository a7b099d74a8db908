import { DatabaseSync } from 'node:sqlite';
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { ACTS } from '../../server/audit/event.ts';
import { recordEvent } from '../../server/audit/record-event.ts';
import { verifyChain } from '../../server/audit/verify.ts';
import { addDays, businessDay } from '../../server/calendar/local-date.ts';
import { getClosedPaper } from '../../server/daily-lists/close.ts';
import { dayPaper } from '../../server/daily-lists/day-paper.ts';
import { drawPaper } from '../../server/daily-lists/paper.ts';
import { getDailyList } from '../../server/daily-lists/queries.ts';
import { renderPaper } from '../../server/daily-lists/render-paper.ts';
import { inTransaction } from '../../server/db/transaction.ts';
import { Refused } from '../../server/errors.ts';
import { sha256 } from '../../server/letters/render-letter.ts';
import { changePhone } from '../../server/register/change-contact.ts';
import { signedIn, testActor, testContext } from '../support/app.ts';
import { databases, useDatabase } from '../support/databases.ts';
import { readPdf } from '../support/pdf.ts';
import { makePerson } from '../support/people.ts';

const DAY = '2026-11-19';
const TODAY = '2026-11-20';
/** More lines than the server draws itself. */
const LONG = 1200;
const GONE_OFFICE = '98';

describe.each(databases)('the daily processing list on %s', (engine) => {
  const used = useDatabase(engine);

  const act = async (
    context: ReturnType<typeof testContext>,
    personId: number,
    phone: string,
    at: string,
  ) => {
    const person = await used.db
      .selectFrom('person')
      .select('version')
      .where('id', '=', personId)
      .executeTakeFirstOrThrow();
    await changePhone(used.db, testActor(context, { at: new Date(at) }), {
      personId,
      version: person.version,
      phone,
    });
  };

  test('a day is checked by one, closed by another, printed again byte for byte, and takes no more acts', async () => {
    const context = testContext(used.db);
    const personId = await makePerson(context, { name: '締切　花子' });
    await act(context, personId, '03-1111-2222', `${DAY}T02:00:00.000Z`);
    const clerk = await signedIn(context, 'clerk');
    const supervisor = await signedIn(context, 'supervisor');
    const page = `/daily-lists/${DAY}`;

    const tooEarly = await supervisor.post(`${page}/close`, {}, page);
    expect([tooEarly.status, tooEarly.text.includes('まだ照合されていません')]).toEqual([409, true]);
    expect((await supervisor.post(`${page}/check`, {}, page)).status).toBe(303);
    const alone = await supervisor.post(`${page}/close`, {}, page);
    expect([alone.status, alone.text.includes('照合をした本人')]).toEqual([403, true]);
    expect((await clerk.post(`${page}/close`, {}, page)).status, 'a clerk has no right to close').toBe(403);

    await act(context, personId, '03-3333-4444', `${DAY}T03:00:00.000Z`);
    expect((await clerk.post(`${page}/check`, {}, page)).status).toBe(303);
    await act(context, personId, '03-5555-6666', `${DAY}T04:00:00.000Z`);
    const grown = await supervisor.post(`${page}/close`, {}, page);
    expect([grown.status, grown.text.includes('照合の後に処理が1件増えた')]).toEqual([409, true]);
    expect((await clerk.post(`${page}/check`, {}, page)).status).toBe(303);
    expect((await supervisor.post(`${page}/close`, {}, page)).status).toBe(303);

    const shown = await clerk.get(page);
    expect(shown.text).toContain('締め済み');
    const first = await clerk.get(`${page}/list.pdf`).responseType('blob');
    await used.db.updateTable('person').set({ name: '改姓　花子' }).where('id', '=', personId).execute();
    context.clock.set('2027-01-15T01:00:00.000Z');
    const later = await signedIn(context, 'clerk');
    const second = await later.get(`${page}/list.pdf`).responseType('blob');
    expect(Buffer.compare(first.body, second.body)).toBe(0);
    const closed = await used.db
      .selectFrom('dailyListClose')
      .selectAll()
      .where('businessOn', '=', DAY)
      .executeTakeFirstOrThrow();
    expect(sha256(second.body)).toBe(closed.sha256);
    expect(shown.text).toContain(closed.sha256!);

    const pdf = await readPdf(second.body);
    expect(pdf).toMatchObject({ language: 'ja', isTagged: true, pages: 1 });
    expect(pdf.title).toContain('日別処理状況リスト');
    expect(pdf.fonts.every(({ isEmbedded }) => isEmbedded)).toBe(true);
    for (const text of [
      '締切　花子',
      '03-3333-4444 → 03-5555-6666',
      closed.headHash!,
      '試験 clerk',
      '試験 supervisor',
    ]) {
      expect(pdf.text.replace(/\s/g, '')).toContain(text.replace(/\s/g, ''));
    }
    expect(pdf.text).toContain(`通し番号 ${closed.headSequence}`);
    const anchor = await used.db
      .selectFrom('auditEvent')
      .select('hash')
      .where('sequence', '=', closed.headSequence!)
      .executeTakeFirstOrThrow();
    expect(anchor.hash).toBe(closed.headHash);

    const late = act(context, personId, '03-7777-8888', `${DAY}T14:59:59.000Z`);
    await expect(late).rejects.toThrow(Refused);
    await expect(act(context, personId, '03-7777-8888', '2026-11-18T05:00:00.000Z')).rejects.toThrow(
      '締めたため',
    );
    const { phone } = await used.db
      .selectFrom('person')
      .select('phone')
      .where('id', '=', personId)
      .executeTakeFirstOrThrow();
    expect(phone, 'nothing of the refused act was written').toBe('03-5555-6666');
    await act(context, personId, '03-7777-8888', '2027-01-15T02:00:00.000Z');
    const again = await (await signedIn(context, 'supervisor')).post(`${page}/close`, {}, page);
    expect([again.status, again.text.includes('締めています')]).toEqual([409, true]);
    expect(await verifyChain(used.db)).toMatchObject({ whole: true });
  });

  test('whoever did every act of the day cannot close it', async () => {
    const context = testContext(used.db, '2027-02-02T01:00:00.000Z');
    const personId = await makePerson(context);
    const doer = await signedIn(context, 'supervisor');
    const checker = await signedIn(context, 'clerk');
    const day = '2027-02-01';
    const actor = testActor(context, { accountId: doer.account.id, at: new Date(`${day}T02:00:00.000Z`) });
    await changePhone(used.db, actor, { personId, version: 1, phone: '03-1111-2222' });
    expect((await checker.post(`/daily-lists/${day}/check`, {}, `/daily-lists/${day}`)).status).toBe(303);
    const closing = await doer.post(`/daily-lists/${day}/close`, {}, `/daily-lists/${day}`);
    expect([closing.status, closing.text.includes('すべてあなたが行っている')]).toEqual([409, true]);
  });

  test('today is closed only from the hour that is set', async () => {
    const context = testContext(used.db, '2027-03-01T08:30:00.000Z');
    const clerk = await signedIn(context, 'clerk');
    const page = '/daily-lists/2027-03-01';
    const early = await clerk.post(`${page}/check`, {}, page);
    expect([early.status, early.text.includes('翌日から')]).toEqual([409, true]);
    const change = { value: '17', changedAt: '2027-03-01T00:00:00.000Z', changedBy: null };
    await used.db
      .insertInto('setting')
      .values({ name: 'daily-list.close-hour', ...change })
      .execute();
    expect((await clerk.post(`${page}/check`, {}, page)).status).toBe(303);
    const tomorrow = await clerk.post('/daily-lists/2027-03-02/check', {}, page);
    expect(tomorrow.text).toContain('まだ来ていない日');
  });

  test('the totals of random days are the acts of the record, whole and by any filter', async () => {
    const context = testContext(used.db, '2027-05-31T01:00:00.000Z');
    const next = seeded(20_270_501);
    const days = Array.from({ length: 6 }, (_, at) => addDays('2027-05-10', at));
    const people = [await makePerson(context), await makePerson(context), await makePerson(context)];
    for (let times = 0; times < 60; times += 1) {
      const at = new Date(`${days[next(days.length)]}T0${next(8)}:00:00.000Z`);
      const actor = testActor(context, { at, officeCode: `0${next(4)}` });
      const personId = people[next(people.length)]!;
      await inTransaction(used.db, async (trx) => {
        if (next(3) === 0) recordEvent(trx, actor, { kind: 'person.viewed', personId });
        else {
          const values = [{ personId, field: 'phone', oldValue: '', newValue: String(times) }];
          recordEvent(trx, actor, { kind: 'person.contact-changed', personId }, values);
        }
      });
    }
    for (const day of days) {
      const recorded = await used.db
        .selectFrom('auditEvent')
        .select(['kind', 'officeCode', 'sequence'])
        .where('businessOn', '=', day)
        .orderBy('sequence')
        .execute();
      const acts = recorded.filter(({ kind }) => (ACTS as readonly string[]).includes(kind));
      const list = await getDailyList(used.db, day);
      expect(list.acts.map(({ sequence }) => sequence)).toEqual(acts.map(({ sequence }) => sequence));
      expect(list.totals.reduce((sum, { all }) => sum + all, 0)).toBe(acts.length);
      for (const officeCode of ['00', '01', '02', '03']) {
        const ofOffice = await getDailyList(used.db, day, { officeCode }, 1);
        expect(ofOffice.count).toBe(acts.filter((one) => one.officeCode === officeCode).length);
      }
    }
  });

  test('a long list is drawn beside the server, which answers meanwhile, and comes out as the server would draw it', async () => {
    const day = '2027-09-01';
    const at = new Date(`${day}T02:00:00.000Z`);
    const context = testContext(used.db);
    const personId = await makePerson(context, { name: '長蛇　列子' });
    await inTransaction(used.db, async (trx) => {
      for (let times = 0; times < LONG; times += 1)
        recordEvent(trx, testActor(context, { at }), { kind: 'person.contact-changed', personId });
    });
    const clerk = await signedIn(context, 'clerk');
    let isDrawn = false;
    const drawing = clerk
      .get(`/daily-lists/${day}/list.pdf`)
      .responseType('blob')
      .then((answer) => {
        isDrawn = true;
        return answer.body as Buffer;
      });
    for (let answers = 0; answers < 10; answers += 1) {
      expect((await clerk.get('/health/live')).text).toBe('ok');
      expect(isDrawn).toBe(false);
    }
    const pdf = await readPdf(await drawing);
    expect(pdf.text.match(/長蛇/g)).toHaveLength(LONG);

    const paper = {
      title: '長いリスト',
      author: '試験',
      head: ['条件'],
      stamps: [],
      tables: [
        {
          caption: '処理',
          columns: [{ heading: '番号', width: 30, isNumber: true }],
          rows: Array.from({ length: LONG }, (_unused, number) => [String(number)]),
        },
      ],
      foot: '長いリスト',
      createdAt: at,
      ownFont: context.config.municipalityFont,
    };
    const [beside, here, again] = await Promise.all([
      renderPaper(paper),
      drawPaper(paper),
      renderPaper(paper),
    ]);
    expect(beside.equals(here)).toBe(true);
    expect(again.equals(here)).toBe(true);
  });

  test('the same list drawn twice is the same file, and its conditions stand on it', async () => {
    const context = testContext(used.db);
    const list = await getDailyList(used.db, '2027-05-12');
    const paper = {
      list,
      conditions: '場所 四谷特別出張所',
      at: context.clock.now(),
      ownFont: context.config.municipalityFont,
    };
    const [one, two] = [await dayPaper(paper), await dayPaper(paper)];
    expect(one.equals(two)).toBe(true);
    const pdf = await readPdf(one);
    expect(pdf.text).toContain('場所 四谷特別出張所');
    expect(pdf.text).toContain('締めていないリスト');
  });

  test('where somebody lives never stands on the list', async () => {
    const context = testContext(used.db, '2027-06-02T01:00:00.000Z');
    const personId = await makePerson(context);
    const actor = testActor(context);
    await inTransaction(used.db, async (trx) =>
      recordEvent(trx, actor, { kind: 'person.contact-changed', personId }, [
        { personId, field: 'circumstance_address', oldValue: '', newValue: '中野区隠れ町一丁目１番' },
        { personId, field: 'phone', oldValue: '', newValue: '03-0000-1111' },
      ]),
    );
    const clerk = await signedIn(context, 'clerk');
    const day = businessDay(context.clock.now());
    const texts = [
      (await clerk.get(`/daily-lists/${day}`)).text,
      (await clerk.get(`/daily-lists/${day}/list.csv`)).text,
      (await readPdf((await clerk.get(`/daily-lists/${day}/list.pdf`).responseType('blob')).body)).text,
    ];
    for (const text of texts) {
      expect(text).toContain('03-0000-1111');
      expect(text).not.toContain('隠れ町');
    }
  });

  test('a list whose lines are not the acts of the record is refused', async () => {
    if (engine !== 'sqlite') return;
    expect((await getDailyList(used.db, '2027-05-12')).count).toBeGreaterThan(0);
    // Somebody takes an office out of the file, past the foreign keys: its acts would drop out of the list.
    const behind = new DatabaseSync(used.url.slice('sqlite:'.length), { enableForeignKeyConstraints: false });
    behind.exec(`update office set code = '${GONE_OFFICE}' where code in ('00', '01', '02', '03')
      and code = (select min(office_code) from audit_event where business_on = '2027-05-12')`);
    await expect(getDailyList(used.db, '2027-05-12')).rejects.toThrow('一致しない');
    await expect(getDailyList(used.db, '2027-05-12', {}, 1)).rejects.toThrow('一致しない');
    behind.exec(`update office set code = (select min(office_code) from audit_event where business_on = '2027-05-12')
      where code = '${GONE_OFFICE}'`);
    behind.close();
  });

  test('a stored list that was changed behind our back is not shown', async () => {
    await expect(getClosedPaper(used.db, TODAY)).rejects.toThrow('締められていません');
    const trigger = engine === 'sqlite' ? 'drop trigger daily_list_close_no_update' : 'select 1 as one';
    await sql.raw(trigger).execute(used.db);
    await used.db
      .updateTable('dailyListClose')
      .set({ content: Buffer.from('%PDF-1.7 forged') })
      .where('businessOn', '=', DAY)
      .execute();
    await expect(getClosedPaper(used.db, DAY)).rejects.toThrow('締めたときのものと異なる');
  });
});

/** A small generator with a seed: whole numbers from 0 below `below`. */
function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}

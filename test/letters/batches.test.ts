import { readFile, rm } from 'node:fs/promises';
import { beforeEach, describe, expect, test } from 'vitest';
import type { AppContext } from '../../server/context.ts';
import { batchFilePath } from '../../server/letters/batches/batch.ts';
import { makeBatch } from '../../server/letters/batches/make-batch.ts';
import { printChunk } from '../../server/letters/batches/print-chunk.ts';
import { purgeLetterFiles } from '../../server/letters/batches/purge-files.ts';
import { remakeFile } from '../../server/letters/batches/remake-file.ts';
import { runBatch } from '../../server/letters/batches/run-batch.ts';
import { cancelBatch, startBatch } from '../../server/letters/batches/start-batch.ts';
import { printLetter } from '../../server/letters/print-letter.ts';
import { requireNoProtected } from '../../server/letters/protected-run.ts';
import { getLetter } from '../../server/letters/queries.ts';
import { renderLetter, sha256 } from '../../server/letters/render-letter.ts';
import { makeAccount, testActor, testContext } from '../support/app.ts';
import { databases, useDatabase } from '../support/databases.ts';
import { readPdf } from '../support/pdf.ts';
import { makePerson } from '../support/people.ts';
import { NO_FONT } from './letter-samples.ts';
import { makePass } from './make-pass.ts';

describe.each(databases)('batches of letters, on %s', (engine) => {
  const used = useDatabase(engine);
  let context: AppContext;
  let day = 0;
  let issuedOn = '';
  let passes: number[] = [];

  // Each test has a day of its own, so that its list is its own.
  beforeEach(async () => {
    context = testContext(used.db);
    Object.assign(context.config, { databaseUrl: used.url });
    day += 1;
    issuedOn = `2026-10-${String(day).padStart(2, '0')}`;
    passes = [];
    for (const [at, postalCode] of ['1690075', '1600022', '1620801', '1600022', '1610033'].entries()) {
      const personId = await makePerson(context, { postalCode, name: `新宿　${'一二三四五'[at]}子` });
      passes.push(await makePass(context, personId, { issuedOn }));
    }
  });

  const make = () =>
    makeBatch(used.db, testActor(context), { listKind: 'posts', fromOn: issuedOn, untilOn: issuedOn });
  const smallFiles = (id: number, chunkSize = 2) =>
    used.db.updateTable('letterBatch').set({ chunkSize }).where('id', '=', id).execute();
  const items = (id: number) =>
    used.db
      .selectFrom('letterBatchItem')
      .select(['ordinal', 'passId', 'postalCode', 'state', 'problem', 'letterId'])
      .where('batchId', '=', id)
      .orderBy('ordinal')
      .execute();
  const files = (id: number) =>
    used.db.selectFrom('printRun').selectAll().where('batchId', '=', id).orderBy('fileNumber').execute();
  const statusOf = async (id: number) =>
    (await used.db.selectFrom('letterBatch').select('status').where('id', '=', id).executeTakeFirstOrThrow())
      .status;
  const read = async (fileName: string) =>
    await readFile(batchFilePath(context.config.letterDirectory, fileName));

  test('sorted by postal code, in files of so many, with numbers in order and hashes that are the files’', async () => {
    const id = await make();
    await smallFiles(id);
    await runBatch(context, testActor(context), id);
    expect(await statusOf(id)).toBe('finished');
    expect((await items(id)).map(({ postalCode, state }) => [postalCode, state])).toEqual([
      ['1600022', 'printed'],
      ['1600022', 'printed'],
      ['1610033', 'printed'],
      ['1620801', 'printed'],
      ['1690075', 'printed'],
    ]);
    const runs = await files(id);
    expect(runs.map(({ pages }) => pages)).toEqual([2, 2, 1]);
    const texts = [];
    for (const run of runs) {
      const bytes = await read(run.fileName);
      expect(sha256(bytes)).toBe(run.sha256);
      const pdf = await readPdf(bytes);
      expect(pdf.pages).toBe(run.pages);
      texts.push(...(pdf.text.match(/\d{8}-\d{2}-\d{5}/g) ?? []));
    }
    expect(texts).toHaveLength(5);
    expect(texts).toEqual([...texts].sort());
    await expect(make()).rejects.toThrow('まだ印刷していない人はいません');
  });

  test('a letter of a batch looks exactly like the same letter printed alone', async () => {
    const id = await make();
    await runBatch(context, testActor(context), id);
    const [run] = await files(id);
    const whole = await readPdf(await read(run!.fileName));
    const first = (await items(id))[0]!;
    const { letter, printedAt } = await getLetter(used.db, first.letterId!);
    const alone = await readPdf(await renderLetter(letter, printedAt, NO_FONT));
    const places = (pieces: typeof whole.pieces) =>
      pieces.map(({ text, left, top, width }) => ({ text, left, top, width }));
    expect(places(whole.pieces)).toEqual(places(alone.pieces));
  });

  test('between list and printing somebody is excluded, printed alone or cannot be printed: held, with the reason', async () => {
    const gaiji = await makePerson(context, { postalCode: '1600001', name: '\ue010田　花子' });
    await makePass(context, gaiji, { issuedOn });
    const id = await make();
    const { personId } = await used.db
      .selectFrom('pass')
      .select('personId')
      .where('id', '=', passes[2]!)
      .executeTakeFirstOrThrow();
    await used.db.updateTable('person').set({ goneOn: '2026-11-15' }).where('id', '=', personId).execute();
    await printLetter(used.db, context.config, testActor(context), { passId: passes[0]!, reprintReason: '' });
    await runBatch(context, testActor(context), id);
    const held = (await items(id)).filter(({ state }) => state === 'held');
    expect(held.map(({ problem }) => problem)).toEqual([
      expect.stringContaining('F050'),
      expect.stringContaining('要確認'),
      expect.stringContaining('印刷済み'),
    ]);
    expect((await files(id)).map(({ pages }) => pages)).toEqual([3]);
  });

  test('a run that broke off between the register and the file is completed by the next, with the same numbers', async () => {
    const id = await make();
    await smallFiles(id);
    const batch = await used.db
      .selectFrom('letterBatch')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    await printChunk(used.db, context.config, testActor(context), batch);
    const [broken] = await files(id);
    expect(broken!.sha256).toBe('');
    await runBatch(context, testActor(context), id);
    const runs = await files(id);
    expect(runs).toHaveLength(3);
    expect(sha256(await read(runs[0]!.fileName))).toBe(runs[0]!.sha256);
    const numbers = await used.db
      .selectFrom('letter')
      .innerJoin('letterBatchItem', 'letterBatchItem.letterId', 'letter.id')
      .select('serial')
      .where('letterBatchItem.batchId', '=', id)
      .orderBy('ordinal')
      .execute();
    expect(new Set(numbers.map(({ serial }) => serial)).size).toBe(5);
  });

  test('a lost file is drawn again, byte for byte', async () => {
    const id = await make();
    await runBatch(context, testActor(context), id);
    const [run] = await files(id);
    const before = await read(run!.fileName);
    await rm(batchFilePath(context.config.letterDirectory, run!.fileName));
    await runBatch(context, testActor(context), id);
    expect((await read(run!.fileName)).equals(before)).toBe(true);
    expect((await files(id))[0]!.sha256).toBe(run!.sha256);
  });

  test('files older than the setting are deleted and recorded; the letters stay', async () => {
    const id = await make();
    await runBatch(context, testActor(context), id);
    const [run] = await files(id);
    expect(await purgeLetterFiles(context, testActor(context))).toBe(0);
    const at = new Date('2027-01-10T00:00:00.000Z');
    expect(await purgeLetterFiles(context, testActor(context, { at }))).toBeGreaterThan(0);
    await expect(read(run!.fileName)).rejects.toThrow('ENOENT');
    const purged = await used.db
      .selectFrom('auditEvent')
      .select('details')
      .where('kind', '=', 'letter.files-purged')
      .execute();
    expect(purged).toHaveLength(1);
    await runBatch(context, testActor(context), id);
    expect(sha256(await read(run!.fileName))).toBe(run!.sha256);
  });

  test('cancelled in the middle, resumed to the end', async () => {
    const id = await make();
    await smallFiles(id);
    await used.db.updateTable('letterBatch').set({ status: 'running' }).where('id', '=', id).execute();
    const batch = await used.db
      .selectFrom('letterBatch')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    await printChunk(used.db, context.config, testActor(context), batch);
    await cancelBatch(used.db, testActor(context), id);
    await runBatch(context, testActor(context), id);
    expect(await statusOf(id)).toBe('cancelled');
    expect((await items(id)).filter(({ state }) => state === 'printed')).toHaveLength(2);
    await (await startBatch(context, testActor(context), id)).done;
    expect(await statusOf(id)).toBe('finished');
    expect((await items(id)).every(({ state }) => state === 'printed')).toBe(true);
  });

  test('a file that somebody’s protection closed is made anew without them, as a 再発行 with its reason', async () => {
    const id = await make();
    await runBatch(context, testActor(context), id);
    const [closed] = await files(id);
    const before = await items(id);
    const remake = (reason: string) => remakeFile(used.db, testActor(context), closed!.id, reason);
    await expect(remake('破損')).rejects.toThrow('開けるため');
    const [first, ...others] = before;
    const personOf = used.db.selectFrom('pass').select('personId').where('id', '=', first!.passId);
    await used.db.updateTable('person').set({ isProtected: 1 }).where('id', 'in', personOf).execute();
    await expect(requireNoProtected(used.db, closed!.id)).rejects.toThrow('1人いるため');
    await rm(batchFilePath(context.config.letterDirectory, closed!.fileName));
    await runBatch(context, testActor(context), id);
    await expect(read(closed!.fileName), 'a closed file is not drawn again').rejects.toThrow('ENOENT');
    await expect(remake('')).rejects.toThrow('理由を入力');

    const again = await remake('印刷の前に申出があったため');
    expect((await items(again)).map(({ passId, state }) => [passId, state])).toEqual([
      [first!.passId, 'held'],
      ...others.map(({ passId }) => [passId, 'waiting']),
    ]);
    expect((await items(again))[0]!.problem).toContain('1通ずつ');
    await runBatch(context, testActor(context), again);
    const [made] = await files(again);
    expect(made).toMatchObject({ pages: 4, reason: '印刷の前に申出があったため' });
    await requireNoProtected(used.db, made!.id);
    const pdf = await readPdf(await read(made!.fileName));
    expect(pdf.text.match(/再発行/g)).toHaveLength(4);
    const reprints = await used.db
      .selectFrom('letter')
      .select(['passId', 'reprintReason'])
      .where('printRunId', '=', made!.id)
      .orderBy('pageNumber')
      .execute();
    expect(reprints).toEqual(
      others.map(({ passId }) => ({ passId, reprintReason: '印刷の前に申出があったため' })),
    );
    await expect(remake('もう一度')).rejects.toThrow(`番号${again}で作り直してあります`);
  });

  test('a large batch is started by a second person', async () => {
    await used.db
      .insertInto('setting')
      .values({
        name: 'letter.second-person-from',
        value: '5',
        changedAt: '2026-11-20T00:00:00.000Z',
        changedBy: null,
      })
      .execute();
    const maker = await makeAccount(context, 'clerk');
    const other = await makeAccount(context, 'supervisor');
    const request = { listKind: 'posts' as const, fromOn: issuedOn, untilOn: issuedOn };
    const id = await makeBatch(used.db, testActor(context, { accountId: maker.id }), request);
    await expect(startBatch(context, testActor(context, { accountId: maker.id }), id)).rejects.toThrow(
      '別の職員',
    );
    await (await startBatch(context, testActor(context, { accountId: other.id, name: other.loginName }), id))
      .done;
    expect(await statusOf(id)).toBe('finished');
    expect((await files(id)).map(({ printedBy }) => printedBy)).toEqual([other.id]);
    await used.db.deleteFrom('setting').where('name', '=', 'letter.second-person-from').execute();
  });

  test('returned mail goes out again, the annual list has its own letter', async () => {
    const returned = await makePass(context, await makePerson(context), { issuedOn, returnedOn: issuedOn });
    const list = (listKind: 'resends' | 'annual') =>
      makeBatch(used.db, testActor(context), { listKind, fromOn: issuedOn, untilOn: issuedOn });
    const resends = await list('resends');
    expect((await items(resends)).map(({ passId }) => passId)).toEqual([returned]);
    const stage = async () =>
      await used.db
        .selectFrom('pass')
        .select(['returnStage', 'returnStageOn'])
        .where('id', '=', returned)
        .executeTakeFirstOrThrow();
    const registered = { returnStage: 'registered' as const, returnStageOn: issuedOn };
    await used.db.updateTable('pass').set(registered).where('id', '=', returned).execute();
    await runBatch(context, testActor(context), resends);
    expect(await stage()).toEqual({ returnStage: 'resent', returnStageOn: '2026-11-20' });
    const advanced = await used.db
      .selectFrom('auditEvent')
      .select(['details', 'requestId'])
      .where('kind', '=', 'pass.return-advanced')
      .where('passId', '=', returned)
      .execute();
    expect(advanced.map(({ details }) => JSON.parse(details))).toMatchObject([{ stage: 'resent' }]);
    const annual = await list('annual');
    await runBatch(context, testActor(context), annual);
    const { letterId } = (await items(annual))[0]!;
    expect((await getLetter(used.db, letterId!)).letter.blocks[0]).toMatchObject({
      text: expect.stringContaining('あらためての申請はいりません'),
    });
  });
});

import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import PDFDocument from 'pdfkit';
import supertest from 'supertest';
import { createApp } from '../../server/app.ts';
import { connect } from '../../server/db/connect.ts';
import { batchFileName } from '../../server/letters/batches/batch.ts';
import { openBatchThread } from '../../server/letters/batches/start-batch.ts';
import type { CoverLetter } from '../../server/letters/cover-letter.ts';
import { FONT_FILES, fontBytes } from '../../server/letters/fonts.ts';
import { BODY, points, SENDER } from '../../server/letters/layout.ts';
import { csrfOf, makeAccount, TEST_PASSWORD, testContext } from '../support/app.ts';

// One measured printing in a process of its own: `node letters-once.ts floor|batch|single DATABASE DIRECTORY BATCH
// LETTERS`. Prints {ms, firstFileMs, peakMiB} without the start of the process; for single, the median of one letter.

const [what, database, directory, batchId, letters] = process.argv.slice(2) as [
  string,
  string,
  string,
  string,
  string,
];
const CHUNK = 500;
const started = performance.now();
let firstFileMs = 0;

async function printBatch(): Promise<void> {
  const at = new Date();
  const actor = {
    accountId: null,
    name: 'job:bench',
    officeCode: '00',
    terminal: '',
    requestId: randomUUID(),
    at,
  };
  const thread = openBatchThread({
    databaseUrl: `sqlite:${database}`,
    config: { letterDirectory: directory, municipalityFont: { file: '', mapFile: '' } },
    actor,
    batchId: Number(batchId),
  });
  await once(thread, 'exit');
  const first = await stat(join(directory, batchFileName(Number(batchId), 1)));
  firstFileMs = first.mtimeMs - performance.timeOrigin - started;
  const db = connect(`sqlite:${database}`);
  const { status } = await db
    .selectFrom('letterBatch')
    .select('status')
    .where('id', '=', Number(batchId))
    .executeTakeFirstOrThrow();
  if (status !== 'finished') throw new Error(`the batch is ${status}`);
  await db.destroy();
}

/**
 * The floor: the same letter line by line through pdfkit alone, where it is known beforehand how every line breaks;
 * no database, no numbers, no record, no structure, no shrinking, no checked characters.
 */
async function drawRaw(count: number): Promise<void> {
  await mkdir(directory, { recursive: true });
  for (let from = 0; from < count; from += CHUNK) {
    const doc = new PDFDocument({ autoFirstPage: false, font: null as never });
    const output = createWriteStream(join(directory, `floor-${from}.pdf`));
    doc.pipe(output);
    doc.font(fontBytes(FONT_FILES.mincho) as never);
    for (let at = from; at < Math.min(from + CHUNK, count); at += 1) drawOne(doc, at);
    doc.end();
    await once(output, 'finish');
    if (from === 0) firstFileMs = performance.now() - started;
  }
}

const NAMES = '一乙二三太花美幸雪夏秋冬春海山川空風鈴桜梅松竹';
const ROWS: [string, string[]][] = [
  ['有効期間', ['令和8年4月1日から令和9年3月31日まで']],
  ['ご利用回数', ['1か月に4回まで']],
  ['ご利用できる方', ['ご本人に限ります。ほかの方に貸したり譲ったり', 'することはできません。']],
  [
    '紛失したとき',
    [
      '再交付は年度内に1回までです。ご本人を確認で',
      'きるものをお持ちのうえ、担当課または特別出張',
      '所へお越しください。',
    ],
  ],
  ['転出などのとき', ['区外に転出されるなど対象でなくなったときは、', '入浴証をお返しください。']],
];
const PARAGRAPHS = [
  '　日ごろから区の事業にご理解とご協力をいただき、ありがとうござ',
  'います。令和8年度のふれあい入浴証をお送りします。',
  '　ご利用の前に、入浴証の裏面の氏名欄にご本人のお名前をご記入く',
  'ださい。',
];
const CONTACT: CoverLetter['sender'] = [
  '【お問い合わせ】',
  '新宿区福祉部 地域包括ケア推進課',
  '〒160-8484 新宿区歌舞伎町1-4-1',
];

function drawOne(doc: PDFKit.PDFDocument, at: number): void {
  const number = String(at).padStart(6, '0');
  const name = `新宿　${NAMES[at % NAMES.length]}${NAMES[(at * 7) % NAMES.length]}`;
  const line = (text: string, left: number, top: number, size: number) =>
    doc.fontSize(size).text(text, points(left), points(top), { lineBreak: false });
  doc.addPage({ size: 'A4', margin: 0 });
  doc.lineWidth(0.4).moveTo(11, 280).lineTo(25, 280).moveTo(11, 561).lineTo(25, 561).stroke('#888888');
  line(`〒160-00${number.slice(4)}`, 20, 12, 10.5);
  line(`新宿区新宿${(at % 9) + 1}丁目${at}番３号`, 20, 16, 10.5);
  line(`コーポラス御苑${at}号`, 20, 20, 10.5);
  line(`${name}　様`, 20, 25, 13);
  line(`整理番号 26-${number}　20261120-00-${number.slice(1)}`, 20, 31, 7);
  ['令和8年11月20日', '新宿区福祉部', '地域包括ケア推進課長'].forEach(
    (text, down) => void line(text, SENDER.left, SENDER.top + down * 6.3, 12),
  );
  line('令和8年度 ふれあい入浴証の送付について', 55, BODY.top, 16);
  let top = BODY.top + 10;
  PARAGRAPHS.forEach((text, down) => void line(text, BODY.left, top + down * 6.3, 12));
  top += PARAGRAPHS.length * 6.3;
  top += 8;
  for (const [label, values] of [['整理番号', [`26-${number}`]] as [string, string[]], ...ROWS]) {
    const height = values.length * 6.3 + 2.6;
    doc.rect(points(BODY.left), points(top), points(36), points(height)).fill('#f2f2f2');
    doc.lineWidth(0.4);
    doc.rect(points(BODY.left), points(top), points(36), points(height));
    doc.rect(points(BODY.left + 36), points(top), points(124), points(height)).stroke('#666666');
    doc.fill('black');
    line(label, BODY.left + 2, top + 2, 12);
    values.forEach((text, down) => void line(text, BODY.left + 38, top + 2 + down * 6.3, 12));
    top += height;
  }
  CONTACT.forEach((text, down) => void line(text, 105, top + (down + 1) * 5.5, 10.5));
}

const WARM_UP = 15;
const MEASURED = 60;

/** Prints letters one by one and opens each, as a clerk does; the median in ms once it is warm. */
async function printSingly(): Promise<number> {
  const db = connect(`sqlite:${database}`);
  const context = testContext(db);
  const account = await makeAccount(context, 'clerk');
  const server = createServer(createApp(context)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const clerk = supertest.agent(server);
  const tokenOn = async (path: string) => csrfOf((await clerk.get(path)).text);
  const signIn = { _csrf: await tokenOn('/sign-in'), loginName: account.loginName, password: TEST_PASSWORD };
  await clerk.post('/sign-in').type('form').send(signIn);
  const took: number[] = [];
  for (let passId = 1; passId <= WARM_UP + MEASURED; passId += 1) {
    const _csrf = await tokenOn('/labels');
    const begun = performance.now();
    const printed = await clerk
      .post(`/passes/${passId}/letters`)
      .type('form')
      .send({ _csrf, reprintReason: '' });
    const { body } = await clerk.get(printed.headers.location!).responseType('blob');
    took.push(performance.now() - begun);
    if (!(body as Buffer).subarray(0, 5).equals(Buffer.from('%PDF-'))) throw new Error('it is no PDF');
  }
  server.close();
  server.closeAllConnections();
  await db.destroy();
  return took.slice(WARM_UP).sort((a, b) => a - b)[MEASURED / 2]!;
}

let ms: number | undefined;
if (what === 'floor') await drawRaw(Number(letters));
else if (what === 'single') ms = await printSingly();
else await printBatch();

const peakMiB = process.resourceUsage().maxRSS / 1024;
console.log(JSON.stringify({ ms: ms ?? performance.now() - started, firstFileMs, peakMiB }));

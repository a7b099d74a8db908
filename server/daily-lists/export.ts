import { stringify } from 'csv-stringify/sync';
import type { TDocumentDefinitions } from 'pdfmake/interfaces.js';
import { businessTime } from '../calendar/local-date.ts';
import { formatWareki } from '../calendar/wareki.ts';
import { fontRuns } from '../letters/fonts.ts';
import { renderPdf } from '../letters/render-pdf.ts';
import type { DailyList } from './queries.ts';

const HEADINGS = ['番号', '時刻', '場所', '担当', '処理', '住民番号', '氏名', '内容'];
// A spreadsheet takes a cell that begins so for a formula; a quote before it makes it text.
const FORMULA = /^[=+\-@\t\r＝＋－＠]/;

function cells(list: DailyList): string[][] {
  return list.acts.map((act) => [
    String(act.sequence),
    businessTime(new Date(act.occurredAt)),
    act.officeName,
    act.actorName,
    act.kindName,
    act.residentNumber,
    act.personName,
    act.what,
  ]);
}

/** The list as CSV in UTF-8 with a byte order mark, so that a spreadsheet opens it as it is. */
export function dailyListCsv(list: DailyList): string {
  const safe = (cell: string) => (FORMULA.test(cell) ? `'${cell}` : cell);
  return stringify(
    cells(list).map((row) => row.map(safe)),
    { header: true, columns: HEADINGS, bom: true, record_delimiter: 'windows' },
  );
}

/** The list as an A4 landscape PDF, with its totals first and page numbers below. */
export async function dailyListPdf(list: DailyList): Promise<Buffer> {
  const title = `日別処理状況リスト ${formatWareki(list.day)}`;
  const totals = list.totals.map(({ kindName, byOffice, all }) => [
    kindName,
    ...list.offices.map(({ code }) => String(byOffice[code])),
    String(all),
  ]);
  const document: TDocumentDefinitions = {
    pageSize: 'A4',
    pageOrientation: 'landscape',
    pageMargins: [30, 36, 30, 40],
    info: { title },
    defaultStyle: { font: 'Mincho', fontSize: 9 },
    footer: (page, pages) => ({ text: `${page} / ${pages}`, alignment: 'center', margin: [0, 12, 0, 0] }),
    content: [
      { text: title, fontSize: 15, margin: [0, 0, 0, 4] },
      { text: `件数 ${list.acts.length}`, margin: [0, 0, 0, 8] },
      ...(totals.length === 0
        ? [{ text: 'この日の処理はありません。' }]
        : [
            {
              margin: [0, 0, 0, 14] as [number, number, number, number],
              layout: 'lightHorizontalLines',
              table: {
                headerRows: 1,
                body: [['処理', ...list.offices.map(({ name }) => name), '計'], ...totals],
              },
            },
            {
              layout: 'lightHorizontalLines',
              table: {
                headerRows: 1,
                widths: [36, 42, 90, 70, 66, 90, 100, '*'],
                body: [HEADINGS, ...cells(list).map((row) => row.map((cell) => ({ text: fontRuns(cell) })))],
              },
            },
          ]),
    ],
  };
  return await renderPdf(document);
}

import { stringify } from 'csv-stringify/sync';
import { businessDay, businessTime } from '../calendar/local-date.ts';
import type { Database } from '../db/schema.ts';
import { type EventFilter, type ListedEvent, readEvents } from './queries.ts';

const HEADINGS = [
  '通し番号',
  '日付',
  '時刻',
  '場所',
  '利用者ID',
  '職員氏名',
  '端末',
  '操作',
  '種類',
  '住民番号',
  '入浴証の内部番号',
  '内容',
  '要求番号',
  '値の控えのハッシュ',
  '一つ前のハッシュ',
  'ハッシュ',
] as const;

// A spreadsheet takes a cell that begins so for a formula; a quote before it makes it text.
const FORMULA = /^[=+\-@\t\r＝＋－＠]/;

function cells(event: ListedEvent): string[] {
  const at = new Date(event.occurredAt);
  return [
    String(event.sequence),
    businessDay(at),
    businessTime(at),
    event.officeName,
    event.actor,
    event.displayName ?? '',
    event.terminal,
    event.kindName,
    event.kind,
    event.residentNumber ?? '',
    event.passId === null ? '' : String(event.passId),
    event.facts.map(([label, text]) => `${label} ${text}`).join('、'),
    event.requestId,
    event.valuesHash,
    event.previousHash,
    event.hash,
  ].map((cell) => (FORMULA.test(cell) ? `'${cell}` : cell));
}

/** Events as CSV in UTF-8 with a byte order mark, page by page, up to the sequence `upTo`. */
export async function* eventsCsv(db: Database, filter: EventFilter, upTo: number): AsyncGenerator<string> {
  yield stringify([[...HEADINGS]], { bom: true, record_delimiter: 'windows' });
  for await (const events of readEvents(db, filter, upTo)) {
    yield stringify(events.map(cells), { record_delimiter: 'windows' });
  }
}

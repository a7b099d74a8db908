import { ACTS, EVENT_KINDS, type EventKind } from '../audit/event.ts';
import type { LocalDate } from '../calendar/local-date.ts';
import type { Database } from '../db/schema.ts';
import {
  APPLICATION_KIND_NAMES,
  type ApplicationKind,
  DELIVERY_METHOD_NAMES,
  type DeliveryMethod,
} from '../passes/pass.ts';
import { formatPassNumber } from '../passes/pass-number.ts';

/** One act of the day, one line of the list. */
export interface DailyAct {
  sequence: number;
  occurredAt: string;
  officeCode: string;
  officeName: string;
  actorName: string;
  kind: EventKind;
  kindName: string;
  residentNumber: string;
  personName: string;
  personId: number | null;
  what: string;
}

export interface DailyList {
  day: LocalDate;
  acts: DailyAct[];
  /** Numbers of acts by kind and office; their sum is the number of audit events of the day that are acts. */
  totals: { kind: EventKind; kindName: string; byOffice: Record<string, number>; all: number }[];
  offices: { code: string; name: string }[];
}

/** The daily processing list (日別処理状況リスト) of a business day, in the order of the acts; one office's if named. */
export async function getDailyList(db: Database, day: LocalDate, officeCode?: string): Promise<DailyList> {
  let query = db
    .selectFrom('auditEvent')
    .innerJoin('office', 'office.code', 'auditEvent.officeCode')
    .leftJoin('account', 'account.id', 'auditEvent.accountId')
    .leftJoin('person', 'person.id', 'auditEvent.personId')
    .select([
      'auditEvent.sequence',
      'auditEvent.occurredAt',
      'auditEvent.officeCode',
      'office.name as officeName',
    ])
    .select(['auditEvent.actor', 'account.displayName', 'auditEvent.kind', 'auditEvent.details'])
    .select(['auditEvent.personId', 'person.residentNumber', 'person.name as personName'])
    .where('auditEvent.businessOn', '=', day)
    .where('auditEvent.kind', 'in', ACTS);
  if (officeCode !== undefined) query = query.where('auditEvent.officeCode', '=', officeCode);
  const rows = await query.orderBy('auditEvent.sequence').execute();
  const acts = rows.map(({ actor, displayName, kind, details, residentNumber, personName, ...row }) => ({
    ...row,
    actorName: displayName ?? actor,
    kind: kind as EventKind,
    kindName: EVENT_KINDS[kind as EventKind].label,
    residentNumber: residentNumber ?? '',
    personName: personName ?? '',
    what: describe(kind as EventKind, JSON.parse(details) as Record<string, unknown>),
  }));
  return { day, acts, ...totalsOf(acts) };
}

function totalsOf(acts: readonly DailyAct[]): Pick<DailyList, 'totals' | 'offices'> {
  const offices = [...new Map(acts.map(({ officeCode, officeName }) => [officeCode, officeName]))]
    .map(([code, name]) => ({ code, name }))
    .sort((a, b) => (a.code < b.code ? -1 : 1));
  const totals = ACTS.map((kind) => {
    const ofKind = acts.filter((act) => act.kind === kind);
    const byOffice = Object.fromEntries(
      offices.map(({ code }) => [code, ofKind.filter(({ officeCode }) => officeCode === code).length]),
    );
    return { kind, kindName: EVENT_KINDS[kind].label, byOffice, all: ofKind.length };
  });
  return { totals: totals.filter(({ all }) => all > 0), offices };
}

function describe(kind: EventKind, details: Record<string, unknown>): string {
  if (kind === 'pass.issued') {
    const { applicationKind, deliveryMethod, fiscalYear, passNumber } = details as {
      applicationKind: ApplicationKind;
      deliveryMethod: DeliveryMethod;
      fiscalYear: number;
      passNumber: number;
    };
    const number = formatPassNumber(fiscalYear, passNumber);
    return `${number} ${APPLICATION_KIND_NAMES[applicationKind]} ${DELIVERY_METHOD_NAMES[deliveryMethod]}`;
  }
  if (kind === 'letter.printed') return `発行番号 ${String(details.serial)}`;
  if (kind === 'import.applied') {
    return `取込番号${details.importRunId} 基準日${details.baseOn} 読込${details.read} 新規${details.new} 変更${details.changed} 復活${details.returned} 消滅${details.gone} 資格喪失${details.ended}`;
  }
  if (kind === 'import.refused') return `取込番号${details.importRunId}`;
  if (kind === 'person.contact-changed') return '電話番号';
  return '';
}

import { sql } from 'kysely';
import { isClosedDay } from '../calendar/closed-day.ts';
import type { LocalDate } from '../calendar/local-date.ts';
import { hourInJapan } from '../db/dialect.ts';
import type { Database } from '../db/schema.ts';
import { EVENT_KINDS, type EventKind } from './event.ts';
import { kindLabel } from './field-labels.ts';

// Ready analyses of the record: what a supervisor or auditor looks at regularly.

/** Hours (in Japan) outside of which working at the system is worth a look. */
export const USUAL_HOURS = { from: 7, until: 20 } as const;

export const ANALYSES = {
  'after-hours': {
    label: '夜間・閉庁日の操作',
    about: `${USUAL_HOURS.until}時から翌朝${USUAL_HOURS.from}時までと、土曜日・日曜日・祝日・年末年始の操作です。`,
    least: 1,
  },
  'mass-views': {
    label: '大量の検索・照会',
    about: '一日の検索と個人の照会を合わせた件数が多い職員です。',
    least: 100,
  },
  failures: {
    label: '続いた失敗',
    about: 'サインインの失敗（端末ごと）と、権限のない操作（職員ごと）が一日に続いたものです。',
    least: 5,
  },
  unmasking: { label: '保護された項目の表示', about: '伏せてある項目を表示させた操作です。', least: 1 },
  exports: { label: '出力', about: '個人情報をファイルや帳票に取り出した操作です。', least: 1 },
} as const satisfies Readonly<Record<string, { label: string; about: string; least: number }>>;
export type Analysis = keyof typeof ANALYSES;

/** What one account, or one terminal, did in a day. */
export interface Finding {
  day: LocalDate;
  isClosed: boolean;
  accountId: number | null;
  who: string;
  terminal: string;
  times: number;
  /** How often of each kind, as words. */
  kinds: string;
  firstSequence: number;
  lastSequence: number;
}

const watchedAs = (watched: 'export' | 'unmasking') =>
  (Object.keys(EVENT_KINDS) as EventKind[]).filter((kind) => {
    const entry = EVENT_KINDS[kind];
    return 'watched' in entry && entry.watched === watched;
  });

const KINDS: Readonly<Record<Analysis, readonly EventKind[] | undefined>> = {
  'after-hours': undefined,
  'mass-views': ['person.searched', 'person.viewed', 'lookup.answered'],
  failures: ['session.refused', 'right.refused'],
  unmasking: watchedAs('unmasking'),
  exports: watchedAs('export'),
};

/** What an analysis finds between two business days, both included; newest day first, then most often. */
export async function analyse(
  db: Database,
  analysis: Analysis,
  { from, to, least }: { from: LocalDate; to: LocalDate; least: number },
): Promise<Finding[]> {
  const groups = await countGroups(db, analysis, from, to);
  const relevant =
    analysis === 'after-hours'
      ? groups.filter(
          ({ businessOn, hour, accountId }) =>
            accountId !== null &&
            (isClosedDay(businessOn) || hour < USUAL_HOURS.from || hour >= USUAL_HOURS.until),
        )
      : groups;
  const byWhom = Map.groupBy(relevant, ({ businessOn, accountId, terminal }) =>
    accountId === null ? `${businessOn} ${terminal}` : `${businessOn} ${accountId}`,
  );
  return [...byWhom.values()]
    .map(findingOf)
    .filter(({ times }) => times >= least)
    .sort((a, b) => (a.day === b.day ? b.times - a.times : a.day < b.day ? 1 : -1));
}

type Group = Awaited<ReturnType<typeof countGroups>>[number];

async function countGroups(db: Database, analysis: Analysis, from: LocalDate, to: LocalDate) {
  const kinds = KINDS[analysis];
  const hour = hourInJapan(sql.ref('audit_event.occurred_at'));
  let query = db
    .selectFrom('auditEvent')
    .leftJoin('account', 'account.id', 'auditEvent.accountId')
    .select(['auditEvent.businessOn', 'auditEvent.accountId', 'auditEvent.actor', 'account.displayName'])
    .select(['auditEvent.terminal', 'auditEvent.kind', hour.as('hour')])
    .select((group) => [
      group.fn.countAll<number>().as('times'),
      group.fn.min<number>('auditEvent.sequence').as('firstSequence'),
      group.fn.max<number>('auditEvent.sequence').as('lastSequence'),
    ])
    .where('auditEvent.businessOn', '>=', from)
    .where('auditEvent.businessOn', '<=', to);
  if (kinds !== undefined) query = query.where('auditEvent.kind', 'in', kinds);
  if (analysis === 'exports') {
    // A list that was only looked at on the screen was not taken out.
    query = query.where('auditEvent.details', 'not like', '%"form":"screen"%');
  }
  return await query
    .groupBy(['auditEvent.businessOn', 'auditEvent.accountId', 'auditEvent.actor', 'account.displayName'])
    .groupBy(['auditEvent.terminal', 'auditEvent.kind', hour])
    .execute();
}

function findingOf(groups: readonly Group[]): Finding {
  const { businessOn: day, accountId, actor, displayName } = groups[0]!;
  const perKind = Map.groupBy(groups, ({ kind }) => kind);
  const times = (some: readonly Group[]) => some.reduce((sum, group) => sum + Number(group.times), 0);
  return {
    day,
    isClosed: isClosedDay(day),
    accountId,
    who: displayName ?? actor,
    terminal: [...new Set(groups.map(({ terminal }) => terminal))].join('、'),
    times: times(groups),
    kinds: [...perKind].map(([kind, some]) => `${kindLabel(kind)} ${times(some)}`).join('、'),
    firstSequence: Math.min(...groups.map(({ firstSequence }) => firstSequence)),
    lastSequence: Math.max(...groups.map(({ lastSequence }) => lastSequence)),
  };
}

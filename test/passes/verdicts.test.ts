import { describe, expect, test } from 'vitest';
import {
  ALERT_CODES,
  type AlertCode,
  type AlertFacts,
  findAlerts,
  isAsked,
} from '../../server/passes/alerts.ts';
import type { ApplicationKind, DeliveryMethod, PassStatus } from '../../server/passes/pass.ts';
import type { ReturnStage } from '../../server/passes/return-stages.ts';
import { judge, VERDICTS } from '../../server/passes/verdict.ts';
import { readRules } from '../calendar/read-rules.ts';

describe('判定', () => {
  type Column = '除外' | '消滅' | 'この年度の入浴証' | '返戻' | '上限' | '判定' | '紛失' | '汚損';
  const rows = readRules<Column>('passes/verdicts.csv');
  const verdictOf = (row: Record<Column, string>) => {
    const statuses = row.この年度の入浴証.split(' ').filter((one) => one !== '') as PassStatus[];
    const passes = statuses.map((status, at) => ({
      id: at + 1,
      status,
      issuedOn: '2026-04-01',
      officeName: '榎町特別出張所',
      deliveryMethod: 'post' as const,
      returnedOn: status === 'valid' && row.返戻 !== '' ? '2026-04-10' : null,
      returnStage: status === 'valid' && row.返戻 !== '' ? (row.返戻 as ReturnStage) : null,
      lossReissues: Number(row.上限),
    }));
    const excludedOn = row.除外 || null;
    const exclusionReason = excludedOn === null ? null : ('moved_out' as const);
    return judge({ excludedOn, exclusionReason, goneOn: row.消滅 || null }, passes, 2026);
  };

  test.each(rows)('%s', (_note, row) => {
    const { heading, reason, mayReissue } = verdictOf(row);
    const may = (holds: boolean) => (holds ? '可' : '不可');
    expect([heading, may(mayReissue.lost), may(mayReissue.damaged)]).toEqual([row.判定, row.紛失, row.汚損]);
    expect(reason).toMatch(/。$/);
  });

  test('どの判定も表にある', () => {
    expect(new Set(rows.map(([, row]) => verdictOf(row).kind))).toEqual(new Set(VERDICTS));
  });
});

const NOTHING: AlertFacts = {
  isProtected: false,
  hasCaution: false,
  isReturned: false,
  hasMailingAddress: false,
  isMailingStopped: false,
  isNextYearOpen: false,
  reissues: 0,
  hasPhone: true,
  hasGaiji: false,
  sharesBirth: false,
};
const FACT: Readonly<Record<AlertCode, Partial<AlertFacts>>> = {
  protected: { isProtected: true },
  caution: { hasCaution: true },
  returned: { isReturned: true },
  'mailing-address': { hasMailingAddress: true },
  'mailing-stopped': { isMailingStopped: true },
  march: { isNextYearOpen: true },
  'second-reissue': { reissues: 1 },
  'hand-back': {},
  'no-phone': { hasPhone: false },
  gaiji: { hasGaiji: true },
  'same-birth': { sharesBirth: true },
};

describe('注意', () => {
  const rows = readRules<'注意' | '種類' | '方法' | '確認'>('passes/alerts.csv');

  test.each(rows)('%s', (_note, row) => {
    const code = row.注意 as AlertCode;
    const without = findAlerts(NOTHING).map((alert) => alert.code);
    const alert = findAlerts({ ...NOTHING, ...FACT[code] }).find((one) => one.code === code)!;
    expect(without.includes(code), '事実がなければ出ない').toBe(code === 'hand-back');
    for (const sentence of [alert.what, alert.why, alert.todo]) expect(sentence).toMatch(/。$/);
    const done = { kind: row.種類 as ApplicationKind, deliveryMethod: row.方法 as DeliveryMethod };
    expect(isAsked(alert, done) ? '要' : '不要').toBe(row.確認);
  });

  test('どの注意も表にある', () => {
    expect([...new Set(rows.map(([, row]) => row.注意))].sort()).toEqual([...ALERT_CODES].sort());
  });
});

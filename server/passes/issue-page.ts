import { randomUUID } from 'node:crypto';
import { mayDo, type RightsHolder } from '../accounts/rights.ts';
import { fiscalYearLabel, fiscalYearOf } from '../calendar/fiscal-year.ts';
import type { LocalDate } from '../calendar/local-date.ts';
import { formatWarekiShort } from '../calendar/wareki.ts';
import type { Database } from '../db/schema.ts';
import { listOffices } from '../offices/queries.ts';
import { getPerson } from '../register/queries.ts';
import { readYearRules, type YearRule } from '../settings/year-rule.ts';
import { readAlertFacts } from './alert-facts.ts';
import { confirmField, findAlerts } from './alerts.ts';
import { DOCUMENTS } from './documents.ts';
import type { TypedIssue } from './forms.ts';
import { APPLICATION_KIND_NAMES, DELIVERY_METHOD_NAMES } from './pass.ts';
import { findApplicationProblem, issuableYears } from './pass-moves.ts';
import { judgeBy, listPasses } from './queries.ts';
import { listStockRanges } from './stock.ts';

/** What a visit of a family keeps from one member to the next (家族連続). */
export type KeptIssue = Partial<
  Pick<
    TypedIssue,
    | 'officeCode'
    | 'deliveryMethod'
    | 'applicant'
    | 'proxyName'
    | 'proxyRelation'
    | 'proxyDocument'
    | 'documentSeen'
    | 'documentNote'
    | 'years'
  >
>;

export const KEPT_FIELDS = [
  'officeCode',
  'deliveryMethod',
  'applicant',
  'proxyName',
  'proxyRelation',
  'proxyDocument',
  'documentSeen',
  'documentNote',
  'years',
] as const satisfies readonly (keyof KeptIssue)[];

/** Everything the page of an application and issue shows. Throws NotFound. */
export async function issuePage(db: Database, account: RightsHolder, personId: number, today: LocalDate) {
  const currentYear = fiscalYearOf(today);
  const person = await getPerson(db, personId);
  const passes = await listPasses(db, [personId]);
  const verdict = judgeBy(passes, [person], currentYear).get(personId)!;
  const [rule, next] = (await readYearRules(db, [currentYear, currentYear + 1])) as [YearRule, YearRule];
  const years = issuableYears(today, next);
  const ofYear = passes.filter(({ fiscalYear }) => fiscalYear === currentYear);
  const isOverLimit = findApplicationProblem('reissue_lost', ofYear, rule.lossReissues)?.isLimit === true;
  const facts = await readAlertFacts(db, personId, ofYear, today, next);
  const stock = await Promise.all(years.map((year) => listStockRanges(db, year)));
  return {
    title: '入浴証の交付',
    person,
    verdict,
    alerts: findAlerts(facts).map((alert) => ({ ...alert, field: confirmField(alert.code) })),
    needsPhone: !facts.hasPhone,
    years,
    yearChoices: yearChoices(currentYear, years),
    stock,
    mayOverride: isOverLimit && mayDo(account, 'pass.override'),
    documents: DOCUMENTS,
    offices: await listOffices(db),
    kindNames: APPLICATION_KIND_NAMES,
    methodNames: DELIVERY_METHOD_NAMES,
    currentYear,
    today,
  };
}

function yearChoices(currentYear: number, years: readonly number[]): [choice: string, text: string][] {
  if (years.length === 1) return [];
  return [
    ['present', `${fiscalYearLabel(currentYear)}（今年度）`],
    ['next', `${fiscalYearLabel(currentYear + 1)}（翌年度）`],
    ['both', '両方'],
  ];
}

/** What stands in the form at first: today, the clerk's office, the kind that fits the verdict. */
export function firstTyped(
  { verdict, today }: Pick<Awaited<ReturnType<typeof issuePage>>, 'verdict' | 'today'>,
  officeCode: string,
  kept: KeptIssue,
): Partial<TypedIssue> {
  const replaces = verdict.kind === 'issued' || verdict.mayReissue.damaged;
  return {
    kind: !replaces ? 'new' : verdict.mayReissue.lost ? 'reissue_lost' : 'reissue_damaged',
    years: 'present',
    appliedOn: formatWarekiShort(today),
    issuedOn: formatWarekiShort(today),
    officeCode,
    deliveryMethod: 'counter',
    applicant: 'self',
    ...kept,
    formKey: randomUUID(),
  };
}

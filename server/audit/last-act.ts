import { businessDay, businessTime } from '../calendar/local-date.ts';
import { formatWareki } from '../calendar/wareki.ts';
import type { Database, Trx } from '../db/schema.ts';
import { ACTS, kindOf } from './event.ts';

/** Who last did what to a person, for a colleague it crossed: 令和8年11月20日10:30の 見本　花子（返戻）. Empty when nobody. */
export async function describeLastAct(db: Database | Trx, personId: number): Promise<string> {
  const act = await db
    .selectFrom('auditEvent')
    .leftJoin('account', 'account.id', 'auditEvent.accountId')
    .select(['auditEvent.occurredAt', 'auditEvent.actor', 'auditEvent.kind', 'account.displayName'])
    .where('auditEvent.personId', '=', personId)
    .where('auditEvent.kind', 'in', ACTS)
    .orderBy('auditEvent.sequence', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (act === undefined) return '';
  const at = new Date(act.occurredAt);
  const when = `${formatWareki(businessDay(at))}${businessTime(at).slice(0, 5)}`;
  return `${when}の${act.displayName ?? act.actor}（${kindOf(act.kind)?.label ?? act.kind}）`;
}

import type { Actor } from '../audit/record-event.ts';
import { Forbidden } from '../errors.ts';

/**
 * Requires the second of two people (別の職員による確認): whoever acts must have an account, and not the one
 * that did the first step. Throws Forbidden; `step` is what the first person did, such as 取込.
 */
export function requireOtherPerson(actor: Actor, firstAccountId: number | null, step = '最初の操作'): void {
  if (actor.accountId === null) {
    throw new Forbidden(
      'この操作は二人目の職員が自分の利用者IDで行います。サインインしてから操作してください。',
    );
  }
  if (actor.accountId === firstAccountId) {
    throw new Forbidden(
      `${step}をした本人は、この操作をできません。二人で確かめる決まりのため、権限のある別の職員に依頼してください。`,
    );
  }
}

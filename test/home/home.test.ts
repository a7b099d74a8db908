import { beforeAll, describe, expect, test } from 'vitest';
import { ROLES, type Role, roleMayDo } from '../../server/accounts/rights.ts';
import { printLetter } from '../../server/letters/print-letter.ts';
import { issuePass } from '../../server/passes/issue.ts';
import { recordReturnedMail } from '../../server/passes/returned-mail.ts';
import { signedIn, testActor, testContext } from '../support/app.ts';
import { databases, useDatabase } from '../support/databases.ts';
import { makePerson } from '../support/people.ts';

describe.each(databases)('ホーム %s', (engine) => {
  const used = useDatabase(engine);

  beforeAll(async () => {
    const context = testContext(used.db);
    const actor = testActor(context);
    await makePerson(context, { goneOn: '2026-10-31' });
    const personId = await makePerson(context, { name: '外字\ue000　花' });
    const { id: passId } = await issuePass(used.db, actor, {
      personId,
      kind: 'new',
      appliedOn: '2026-11-20',
      issuedOn: '2026-11-20',
      officeCode: '00',
      deliveryMethod: 'post',
      applicant: 'self',
      proxyName: '',
      proxyRelation: '',
      documentSeen: '',
      formKey: crypto.randomUUID(),
    });
    const letter = printLetter(used.db, context.config, actor, { passId, reprintReason: '' });
    await expect(letter, '代替文字がない').rejects.toThrow();
    const mail = { passId, version: 1, returnedOn: '2026-11-20', reason: 'moved', note: '' };
    await recordReturnedMail(used.db, actor, mail);
  });

  const tiles = [
    ['消滅・要確認', '1人', '/gone', 'gone.settle'],
    ['返戻', '1件', '/returned-mail', 'pass.move'],
    ['印刷保留', '1件', '/letters/held', 'letter.print'],
    ['支援措置等', '0件', '/protected', 'person.protect'],
  ] as const;

  test.each(ROLES)('%s には、行ける先への数と、ある入口だけを示す', async (role: Role) => {
    const { text } = await (await signedIn(testContext(used.db), role)).get('/');
    const shown = [...text.matchAll(/<li class="tile([\s\S]*?)<\/li>/g)].map(([tile]) => tile);
    for (const [label, figure, href, right] of tiles) {
      const tile = shown.find((one) => one.includes(label));
      const isLink = tile?.includes(`<a href="${href}">`) ?? false;
      expect([label, isLink]).toEqual([label, roleMayDo(role, right)]);
      if (isLink) expect(tile!.replace(/<[^>]*>/g, '')).toContain(figure);
      if (isLink) expect(tile!.includes('waits'), label).toBe(!figure.startsWith('0'));
    }
    expect(text.includes('上の検索欄に')).toBe(roleMayDo(role, 'register.search'));
    expect(text.includes('name="terms"')).toBe(roleMayDo(role, 'register.search'));
    expect(text.includes('上のメニューから')).toBe(role === 'administrator' || role === 'auditor');
  });
});

import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { issuePass } from '../../server/passes/issue.ts';
import { addCircumstance } from '../../server/register/change-circumstance.ts';
import { makeAccount, testActor, testContext } from '../support/app.ts';
import { accessibilityFaults } from '../support/axe.ts';
import { useDatabase } from '../support/databases.ts';
import { keepScreenshot, press, useBrowser } from '../support/pages.ts';
import { makePerson } from '../support/people.ts';

// What becomes of a pass and a person at the desk, as a clerk does it, with what it looks like kept.

describe('the flows of the desk in a browser', () => {
  const used = useDatabase('sqlite');
  let served: ReturnType<typeof testContext>;
  const context = () => (served ??= testContext(used.db));
  const pages = useBrowser(context);

  const signIn = async (role: 'clerk' | 'supervisor') =>
    await pages.signIn((await makeAccount(context(), role)).loginName);
  const keep = async (page: Page, name: string) => {
    expect(await accessibilityFaults(page), name).toEqual([]);
    await keepScreenshot(page, name);
  };
  const issue = async (personId: number, deliveryMethod: 'counter' | 'post' = 'counter') => {
    const application = { kind: 'new', applicant: 'self', officeCode: '00', documentSeen: '' } as const;
    const days = { appliedOn: '2026-11-20', issuedOn: '2026-11-20', formKey: randomUUID() };
    const asked = { personId, deliveryMethod, ...application, ...days, proxyName: '', proxyRelation: '' };
    return (await issuePass(used.db, testActor(context()), asked)).id;
  };
  const answerOn = (page: Page, heading: string) =>
    page.locator('.person-head .answer', { hasText: heading }).waitFor();

  test('a proxy applies: what is missing is said, what was typed stays, the two are on record', async () => {
    const personId = await makePerson(context(), { name: '代理　花', kana: 'だいり はな' });
    const page = await signIn('clerk');
    await page.goto(`${pages.base}/people/${personId}/passes/new`);
    await page.locator('[name="applicant"][value="proxy"]').check();
    await page.fill('#proxyName', '代理　長男');
    await press(page, 'F12');
    await page.getByText('本人との続柄を入力してください。').first().waitFor();
    expect(await page.locator('#proxyName').inputValue()).toBe('代理　長男');
    expect(await page.locator('#proxyRelation:focus').count(), 'the caret is where it is missing').toBe(1);
    await keep(page, 'issue-proxy-error');
    await page.keyboard.type('長男');
    await page.selectOption('#proxyDocument', { index: 1 });
    await press(page, 'F12');
    await page.waitForURL(`**/people/${personId}`);
    await page.locator('table a', { hasText: '26-' }).first().click();
    await page.getByText('代理人 代理　長男（長男）').waitFor();
    await keep(page, 'pass');
  });

  test('a family in a row keeps the office, the proxy and the documents', async () => {
    const home = { address: '中落合四丁目９番８号', addressFold: '中落合4-9-8' };
    const first = await makePerson(context(), { ...home, name: '家族　一郎', kana: 'かぞく いちろう' });
    const birth = { birthEarliestOn: '1962-06-06', birthLatestOn: '1962-06-06', birthCode: '19620606' };
    const second = await makePerson(context(), {
      ...home,
      ...birth,
      name: '家族　花子',
      kana: 'かぞく はなこ',
    });
    const page = await signIn('clerk');
    await page.goto(`${pages.base}/people/${first}/passes/new`);
    await page.selectOption('#officeCode', '07');
    await page.selectOption('#documentSeen', '障害者手帳');
    await press(page, 'F12');
    await page.getByRole('heading', { name: '同じ住所の対象者に続けて交付' }).waitFor();
    await keep(page, 'family');
    await page.getByRole('link', { name: '家族　花子' }).click();
    await page.waitForURL(`**/people/${second}/passes/new?like=before`);
    expect(await page.locator('#officeCode').inputValue()).toBe('07');
    expect(await page.locator('#documentSeen').inputValue()).toBe('障害者手帳');
    await press(page, 'F12');
    await page.waitForURL(`**/people/${second}`);
    await answerOn(page, '交付済');
  });

  test('a lost pass is replaced once; once more only by somebody with the right, with a reason', async () => {
    const personId = await makePerson(context(), { name: '紛失　花', kana: 'ふんしつ はな' });
    await issue(personId);
    const clerk = await signIn('clerk');
    await clerk.goto(`${pages.base}/people/${personId}`);
    await press(clerk, 'F9');
    await clerk.waitForURL('**/passes/new');
    await press(clerk, 'F12');
    await clerk.waitForURL(`**/people/${personId}`);
    await clerk.goto(`${pages.base}/people/${personId}/passes/new`);
    await clerk.locator('[name="kind"][value="reissue_lost"]').check();
    await clerk.locator('#confirm-second-reissue input').check();
    await press(clerk, 'F12');
    await clerk.getByRole('alert').waitFor();
    expect(await clerk.getByRole('alert').first().innerText()).toContain('年度内に1回まで');
    await keep(clerk, 'reissue-limit');
    const supervisor = await signIn('supervisor');
    await supervisor.goto(`${pages.base}/people/${personId}/passes/new`);
    await supervisor.locator('[name="kind"][value="reissue_lost"]').check();
    await supervisor.locator('#confirm-second-reissue input').check();
    await supervisor.fill('#overrideReason', '盗難の届出を確認した');
    await keep(supervisor, 'reissue-override');
    await press(supervisor, 'F12');
    await supervisor.waitForURL(`**/people/${personId}`);
    expect(await supervisor.locator('#passes + .scroll tbody tr').count()).toBe(3);
  });

  test('mail comes back, is followed up and sent again', async () => {
    const personId = await makePerson(context(), { name: '返戻　花', kana: 'へんれい はな' });
    const passId = await issue(personId, 'post');
    const { passNumber } = await used.db
      .selectFrom('pass')
      .select('passNumber')
      .where('id', '=', passId)
      .executeTakeFirstOrThrow();
    const page = await signIn('clerk');
    await page.goto(`${pages.base}/returned-mail`);
    await page.keyboard.type(`26-${passNumber}`);
    await press(page, 'Enter');
    await page.waitForURL(`**/passes/${passId}`);
    await page.selectOption('#reason', { label: '転居先不明' });
    await press(page, 'F9');
    await page.waitForURL(`**/people/${personId}`);
    await answerOn(page, '要確認');
    for (const stage of ['住所調査中', '住所確認済み']) {
      await page.goto(`${pages.base}/passes/${passId}`);
      await page.selectOption('#stage', { label: stage });
      if (stage === '住所調査中') await keep(page, 'returned-stage');
      await press(page, 'F9');
      await page.waitForURL(`**/people/${personId}`);
    }
    await page.goto(`${pages.base}/returned-mail`);
    await page.getByText('1件が本人に届いていません。').waitFor();
    await keep(page, 'returned-list');
    await page.goto(`${pages.base}/`);
    expect(await page.locator('.tile', { hasText: '返戻' }).innerText()).toContain('1件');
    await page.goto(`${pages.base}/passes/${passId}`);
    await page.selectOption('#stage', { label: '再送付済み' });
    await press(page, 'F9');
    await page.waitForURL(`**/people/${personId}`);
    await answerOn(page, '交付済');
  });

  test('a pass is surrendered, and a mistaken reissue revoked: the one before is valid again', async () => {
    const surrenderer = await makePerson(context(), { name: '返還　花', kana: 'へんかん はな' });
    const surrendered = await issue(surrenderer);
    const page = await signIn('clerk');
    await page.goto(`${pages.base}/passes/${surrendered}`);
    await page.getByRole('button', { name: '返還を記録する' }).click();
    await page.waitForURL(`**/people/${surrenderer}`);
    await answerOn(page, '交付可');
    await page.getByText('停止中').waitFor();
    await keep(page, 'surrendered');

    const mistaken = await makePerson(context(), { name: '取消　花', kana: 'とりけし はな' });
    await issue(mistaken);
    await page.goto(`${pages.base}/people/${mistaken}/passes/new`);
    await press(page, 'F12');
    await page.waitForURL(`**/people/${mistaken}`);
    await page.locator('#passes + .scroll tbody tr:first-child a').first().click();
    await page.waitForURL('**/passes/*');
    await page.getByRole('button', { name: '交付を取り消す' }).click();
    await page.getByText('取り消す理由').first().waitFor();
    expect(await page.locator('#revokeReason').getAttribute('aria-invalid'), 'a reason is asked for').toBe(
      'true',
    );
    await keep(page, 'revoke-error');
    await page.fill('#revokeReason', '別の人の申請だった');
    await page.getByRole('button', { name: '交付を取り消す' }).click();
    await page.waitForURL(`**/people/${mistaken}`);
    const rows = await page.locator('#passes + .scroll tbody tr').allInnerTexts();
    expect(rows.map((row) => /取消|有効/.exec(row)?.[0])).toEqual(['取消', '有効']);
    await keep(page, 'revoked');
  });

  test('another address to send to is registered, changed and ended, each in the history', async () => {
    const personId = await makePerson(context(), { name: '送付　花', kana: 'そうふ はな' });
    const page = await signIn('clerk');
    await page.goto(`${pages.base}/people/${personId}/circumstances`);
    await page.locator('[name="kind"][value="mailing_address"]').check();
    await page.fill('#startsOn', 'R8.11.20');
    await page.fill('#ground', '入院中のため');
    await page.fill('#postalCode', '169-0075');
    await page.fill('#address', '高田馬場一丁目１番１号');
    await keep(page, 'circumstance-new');
    await press(page, 'F12');
    await page.waitForURL(`**/people/${personId}/circumstances`);
    await page.locator('a[href^="/circumstances/"]').first().click();
    await page.fill('#address', '高田馬場二丁目２番２号');
    await press(page, 'F12');
    await page.waitForURL(`**/people/${personId}/circumstances`);
    await page.locator('a[href^="/circumstances/"]').first().click();
    await page.fill('#endGround', '退院した');
    await keep(page, 'circumstance-edit');
    await page.getByRole('button', { name: '個別事由を終了する' }).click();
    await page.waitForURL(`**/people/${personId}/circumstances`);
    await page.goto(`${pages.base}/people/${personId}`);
    const history = await page.locator('#history + .scroll').innerText();
    expect(history).toMatch(/高田馬場一丁目１番１号\s+高田馬場二丁目２番２号/);
    expect(await page.locator('#circumstances + p').innerText()).toBe('登録はありません。');
    await keep(page, 'person-history');
  });

  test('a person is excluded and taken back', async () => {
    const personId = await makePerson(context(), { name: '除外　花', kana: 'じょがい はな' });
    const page = await signIn('clerk');
    await page.goto(`${pages.base}/people/${personId}/exclusion`);
    await page.fill('#on', 'R8.11.20');
    await page.selectOption('#reason', { label: '転出' });
    await keep(page, 'exclusion');
    await press(page, 'F12');
    await page.waitForURL(`**/people/${personId}`);
    await answerOn(page, '対象外');
    await keep(page, 'person-excluded');
    await page.goto(`${pages.base}/people/${personId}/exclusion`);
    await page.fill('#note', '転出の取消');
    await press(page, 'F12');
    await page.waitForURL(`**/people/${personId}`);
    await answerOn(page, '交付可');
  });

  test('a protected person: marked in the list, hidden, shown for a time, printed by two, alerted to', async () => {
    const address = '下落合九丁目８番７号';
    const personId = await makePerson(context(), { name: '隠　里', kana: 'かくれ さと', address });
    const passId = await issue(personId);
    const protection = { kind: 'protected', subKind: 'support', ground: '申出', addressee: '' } as const;
    const days = { startsOn: '2025-12-01', endsOn: '2026-12-19', reviewOn: '2026-12-01' };
    const place = { postalCode: '', address: '', building: '' };
    await addCircumstance(used.db, testActor(context()), personId, { ...protection, ...days, ...place });

    const clerk = await signIn('clerk');
    await clerk.fill('#terms', 'かくれ');
    await press(clerk, 'Enter');
    await clerk.getByText('支援措置等').first().waitFor();
    expect(await clerk.content()).not.toContain(address);
    await keep(clerk, 'protected-in-list');

    const supervisor = await signIn('supervisor');
    expect(
      await supervisor.locator('.tile', { hasText: '支援措置等' }).innerText(),
      'a month before its end',
    ).toContain('1件');
    await supervisor.goto(`${pages.base}/protected`);
    await supervisor.getByText('1か月以内に終了').waitFor();
    await supervisor.goto(`${pages.base}/people/${personId}`);
    expect(await supervisor.content()).not.toContain(address);
    await keep(supervisor, 'protected-hidden');
    await supervisor.fill('#releaseReason', '警察署からの照会（文書第5号）');
    await supervisor.getByRole('button', { name: '住所の表示を解く' }).click();
    await supervisor.getByText(address).waitFor();
    await keep(supervisor, 'protected-shown');

    await supervisor.goto(`${pages.base}/passes/${passId}`);
    await supervisor.fill('#releaseReason', '窓口で渡せないため');
    await supervisor.getByRole('button', { name: '印刷を申請する' }).click();
    await supervisor.waitForURL(`**/passes/${passId}`);
    await supervisor.goto(`${pages.base}/protected`);
    await supervisor.getByText('別の職員の承認を待っています').waitFor();
    const second = await signIn('supervisor');
    await second.goto(`${pages.base}/protected`);
    await keep(second, 'protected-approval');
    await second.getByRole('button', { name: '印刷を承認する' }).click();
    await second.getByText('承認済み').waitFor();

    context().clock.set('2026-11-20T02:01:00.000Z');
    const later = await signIn('supervisor');
    await later.goto(`${pages.base}/people/${personId}`);
    expect(await later.content()).not.toContain(address);
    await supervisor.goto(`${pages.base}/people/${personId}`);
    await supervisor.getByRole('button', { name: '住所の表示を解く' }).waitFor();
    expect(await supervisor.content(), 'hidden again by itself').not.toContain(address);
    context().clock.set('2026-11-20T01:30:00.000Z');
  });
});

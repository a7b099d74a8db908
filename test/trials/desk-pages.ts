import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRandom } from '../../jobs/dummy/random.ts';
import { createApp } from '../../server/app.ts';
import type { AppContext } from '../../server/context.ts';
import type { Done } from './desk-acts.ts';

/** A clerk at a screen: opens people's pages over HTTP and changes their telephone numbers. Returns what was done. */
export async function clerkAtPages(
  context: AppContext,
  {
    seed,
    rounds,
    people,
    signIn,
  }: {
    seed: string;
    rounds: number;
    people: readonly number[];
    signIn: { loginName: string; password: string };
  },
): Promise<Done[]> {
  const server = createServer(createApp(context)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const random = createRandom(`desk-pages/${seed}`);
  const done: Done[] = [];
  let cookie = '';
  const ask = async (path: string, fields?: Record<string, string>) => {
    const body = fields && { method: 'POST', body: new URLSearchParams(fields) };
    const answer = await fetch(`${base}${path}`, { ...body, redirect: 'manual', headers: { cookie } });
    cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? cookie;
    return { status: answer.status, text: await answer.text() };
  };
  const field = (html: string, name: string) =>
    new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? '';
  try {
    const page = await ask('/sign-in');
    const entered = await ask('/sign-in', { _csrf: field(page.text, '_csrf'), ...signIn });
    if (entered.status !== 303) throw new Error(`the clerk could not sign in: ${entered.status}`);
    done.push({ kind: 'session.signed-in', personId: 0 });
    for (let round = 0; round < rounds; round += 1) {
      const personId = random.pick(people);
      const shown = await ask(`/people/${personId}`);
      if (shown.status !== 200) throw new Error(`the page of ${personId} answered ${shown.status}`);
      done.push({ kind: 'person.viewed', personId });
      const form =
        /<form method="post" action="\/people\/\d+\/phone"[\s\S]*?<\/form>/.exec(shown.text)?.[0] ?? '';
      const typed = {
        _csrf: field(form, '_csrf'),
        version: field(form, 'version'),
        phone: `03-9999-${1000 + random.int(9000)}`,
      };
      // A double click: the same form twice at once is one act.
      const answers = await Promise.all([
        ask(`/people/${personId}/phone`, typed),
        ask(`/people/${personId}/phone`, typed),
      ]);
      const statuses = answers.map(({ status }) => status).sort();
      if (statuses.some((status) => status !== 303 && status !== 409)) {
        throw new Error(`changing the number answered ${statuses}`);
      }
      if (statuses.includes(303)) done.push({ kind: 'person.contact-changed', personId });
    }
  } finally {
    server.close();
    server.closeAllConnections();
  }
  return done;
}

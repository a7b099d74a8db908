import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

const AXE = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const RUN = `axe.run({ runOnly: { type: 'tag', values: ${JSON.stringify(RULES)} } })`;

/**
 * What on a page breaks WCAG 2.2 AA as far as axe can tell, one line a fault with the element it is in;
 * empty when nothing does. Runs as the developer tools do, under the page's own content security policy.
 */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  const tools = await page.context().newCDPSession(page);
  try {
    await tools.send('Runtime.evaluate', { expression: `${AXE}; undefined` });
    const { result, exceptionDetails } = await tools.send('Runtime.evaluate', {
      expression: RUN,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails !== undefined) throw new Error(`axe did not run: ${exceptionDetails.text}`);
    const { violations, passes } = result.value as AxeResults;
    if (passes.length === 0) throw new Error('axe looked at nothing');
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
    );
  } finally {
    await tools.detach();
  }
}

import { expect, test } from 'vitest';
import { drawBeside } from '../../server/letters/draw-beside.ts';

const thread = (script: string) => new URL(`data:text/javascript,${encodeURIComponent(script)}`);
const DRAWS = thread(`
  import { parentPort, workerData } from 'node:worker_threads';
  parentPort.postMessage(Buffer.from(workerData));`);

test('a thread that ends or fails without a PDF keeps nobody waiting, and the next is drawn', async () => {
  const answers = await Promise.allSettled([
    drawBeside(thread(''), ''),
    drawBeside(thread('throw new RangeError("no glyph")'), ''),
    drawBeside(DRAWS, '%PDF'),
  ]);
  expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
  expect(await drawBeside(DRAWS, '%PDF')).toEqual(Buffer.from('%PDF'));
});

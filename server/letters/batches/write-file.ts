import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { MunicipalityFont } from '../../config.ts';
import type { CoverLetter } from '../cover-letter.ts';
import { drawLetter } from '../draw-letter.ts';
import { beginPdf } from '../pen.ts';

/**
 * Writes letters into one PDF file, streaming, and returns its SHA-256. The file has its name only when it is whole
 * and on the disk. The same letters and moment give the same bytes.
 */
export async function writeLetterFile(
  path: string,
  letters: Iterable<CoverLetter>,
  facts: { title: string; author: string; createdAt: Date; ownFont: MunicipalityFont },
): Promise<string> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const part = `${path}.part`;
  const hash = createHash('sha256');
  const through = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  const written = pipeline(through, createWriteStream(part, { mode: 0o600 }));
  const pen = beginPdf(through, facts);
  for (const letter of letters) drawLetter(pen, letter, facts.ownFont);
  await Promise.all([pen.finish(), written]);
  await syncFile(part);
  await rename(part, path);
  return hash.digest('hex');
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

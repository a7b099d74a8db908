import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Layout } from './layout.ts';

/** A host extract that lies in the inbox (受信フォルダー). */
export interface InboxFile {
  name: string;
  path: string;
  /** In bytes. */
  size: number;
  modifiedMs: number;
}

/** Host extracts in the inbox by name, so oldest base date first; none when there is no such folder. */
export async function listInbox(directory: string, layout: Layout): Promise<InboxFile[]> {
  const pattern = new RegExp(layout.fileName, 'u');
  let names: string[];
  try {
    names = (await readdir(directory)).filter((name) => pattern.test(name)).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  const files: InboxFile[] = [];
  for (const name of names) {
    const path = join(directory, name);
    const { size, mtimeMs, isFile } = await look(path);
    if (isFile) files.push({ name, path, size, modifiedMs: mtimeMs });
  }
  return files;
}

async function look(path: string): Promise<{ size: number; mtimeMs: number; isFile: boolean }> {
  const found = await stat(path);
  return { size: found.size, mtimeMs: found.mtimeMs, isFile: found.isFile() };
}

const QUIET_MS = 2000;

/**
 * The files of which no byte has been added for two seconds, and that are not accompanied by a `.part` of
 * the same name: the others are still being written and are left for the next night.
 */
export async function settledFiles(
  files: readonly InboxFile[],
  quietMs = QUIET_MS,
): Promise<{ settled: InboxFile[]; beingWritten: InboxFile[] }> {
  if (files.length > 0) await sleep(quietMs);
  const settled: InboxFile[] = [];
  const beingWritten: InboxFile[] = [];
  for (const file of files) {
    const now = await look(file.path).catch(() => undefined);
    const part = await look(`${file.path}.part`).catch(() => undefined);
    const isQuiet = now !== undefined && now.size === file.size && now.mtimeMs === file.modifiedMs;
    (isQuiet && part === undefined ? settled : beingWritten).push(file);
  }
  return { settled, beingWritten };
}

/** The SHA-256 of a file, lower-case hexadecimal. */
export async function digestOf(path: string): Promise<string> {
  const digest = createHash('sha256');
  await pipeline(createReadStream(path), digest);
  return digest.digest('hex');
}

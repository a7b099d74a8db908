import { createHash } from 'node:crypto';
import { chmod, copyFile, mkdir, open, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { requireSoundDecoder, watchEncoding } from './encoding.ts';
import type { Layout } from './layout.ts';
import { FileRefused } from './refusal.ts';

const CHUNK_BYTES = 1 << 20;

export interface ReceivedFile {
  path: string;
  name: string;
  /** In bytes. */
  size: number;
  /** Lower-case hexadecimal. */
  sha256: string;
  /** The encoding it is in when that is not Windows-31J. */
  foreignEncoding: string | undefined;
}

/**
 * Takes a file's digest and size and recognises its encoding, in one reading; `name` is what it came as.
 * Throws where it cannot be read.
 */
export async function receiveFile(path: string, name = basename(path)): Promise<ReceivedFile> {
  requireSoundDecoder();
  const { size } = await stat(path);
  const digest = createHash('sha256');
  const encoding = watchEncoding();
  const file = await open(path, 'r');
  try {
    const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
    for (let at = 0; ; ) {
      const { bytesRead } = await file.read(buffer, 0, CHUNK_BYTES, at);
      if (bytesRead === 0) break;
      const bytes = buffer.subarray(0, bytesRead);
      digest.update(bytes);
      encoding.see(bytes);
      at += bytesRead;
    }
  } finally {
    await file.close();
  }
  return {
    path,
    name,
    size,
    sha256: digest.digest('hex'),
    foreignEncoding: encoding.foreign(),
  };
}

/** Throws FileRefused for a file that is not what the host sends, as far as its name and bytes tell. */
export function requireHostFile(file: ReceivedFile, layout: Layout): void {
  const act = '取り込みませんでした。台帳は変わっていません。';
  if (!new RegExp(layout.fileName, 'u').test(file.name)) {
    throw new FileRefused(
      `ファイル名「${file.name}」が決められた形（${layout.fileName}）ではないため、${act}ホストから届いた名前のまま指定してください。`,
    );
  }
  if (file.foreignEncoding !== undefined) {
    throw new FileRefused(
      `ファイルの文字コードが ${file.foreignEncoding} のため（Windows-31J のはず）、${act}` +
        '開いて保存し直した場合は、ホストから届いた元のファイルを指定してください。',
    );
  }
}

/** The folder of the original with this digest. */
export function folderOfOriginal(directory: string, sha256: string): string {
  return join(directory, sha256);
}

/** Keeps the original as received, readable by the service only, in a folder named by its digest. */
export async function keepOriginal(file: ReceivedFile, directory: string): Promise<void> {
  const folder = folderOfOriginal(directory, file.sha256);
  const kept = join(folder, file.name);
  if (resolve(file.path) === resolve(kept)) return;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await copyFile(file.path, kept);
  await chmod(kept, 0o600);
}

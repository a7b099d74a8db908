import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Request, RequestHandler } from 'express';
import multer from 'multer';
import { mayDo, type Right } from '../accounts/rights.ts';
import type { AppContext } from '../context.ts';

declare module 'express-serve-static-core' {
  interface Request {
    upload?: Upload;
  }
}

/** A file a form brought, under a random name in a folder of its own that goes away with the answer. */
export interface Upload {
  folder: string;
  path: string;
  /** As the browser called it; nothing to build a path from. */
  name: string;
  /** In bytes. */
  size: number;
  /** Says that whoever has it now removes the folder. */
  keep(): void;
}

/** Which addresses take a file, and the right without which not a byte of it is read. */
const TAKERS: Readonly<Record<string, Right>> = { '/imports/uploads': 'import.run' };
export const UPLOAD_FOLDER_PREFIX = 'upload-';

/** Ten times the largest municipality's list would still fit. */
const MOST_BYTES = 512 * 1024 * 1024;
const LIMITS = { fileSize: MOST_BYTES, files: 1, fields: 5, fieldSize: 4000, parts: 6, headerPairs: 20 };

/**
 * Takes the file of a multipart form, for the few addresses that have one: straight to disk, bounded, before
 * the token of the form is checked, and removed again unless the route keeps it. Throws 413 for one too large.
 */
export function uploads({ config }: AppContext): RequestHandler {
  const storage = multer.diskStorage({
    destination: (_request, _file, done) => {
      const folder = join(config.receivedDirectory, `${UPLOAD_FOLDER_PREFIX}${randomUUID()}`);
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      done(null, folder);
    },
    filename: (_request, _file, done) => done(null, randomUUID()),
  });
  const take = multer({ storage, limits: LIMITS }).single('file');
  return (request, response, next) => {
    const right = request.method === 'POST' ? TAKERS[request.path] : undefined;
    const { account } = request;
    if (right === undefined || account === undefined || !mayDo(account, right)) return next();
    take(request, response, (error: unknown) => {
      if (error) return next(asClientError(error));
      const upload = uploadOf(request);
      if (upload !== undefined) {
        let isKept = false;
        const keep = () => {
          isKept = true;
        };
        request.upload = { ...upload, keep };
        response.once('close', () => {
          if (!isKept) void rm(upload.folder, { recursive: true, force: true });
        });
      }
      next();
    });
  };
}

function uploadOf({ file }: Request): Omit<Upload, 'keep'> | undefined {
  if (file === undefined) return undefined;
  return { folder: file.destination, path: file.path, name: file.originalname, size: file.size };
}

function asClientError(error: unknown): unknown {
  if (!(error instanceof multer.MulterError)) return error;
  return Object.assign(error, { status: error.code === 'LIMIT_FILE_SIZE' ? 413 : 400 });
}

import type { Request } from 'express';
import { z } from 'zod';

/** The body of a form is not what the page sends (400): a field twice, or one that the page does not have. */
export class BadForm extends Error {
  readonly status = 400;
}

/**
 * The fields of a submitted form as text, each exactly once; one that is missing is the empty text.
 * Throws BadForm for a field given twice or one that the form does not have.
 */
export function readForm<Name extends string>(
  request: Request,
  names: readonly Name[],
): Record<Name, string> {
  const parsed = shapeOf(names).safeParse({ ...(request.body as object) });
  if (!parsed.success)
    throw new BadForm(
      '画面の項目と合わない内容が送られたため、受け付けませんでした。画面を開き直してください。',
    );
  return parsed.data as Record<Name, string>;
}

const field = z.string().max(4000).default('');
const shapes = new Map<string, z.ZodObject>();

function shapeOf(names: readonly string[]): z.ZodObject {
  const key = names.join();
  let shape = shapes.get(key);
  if (shape === undefined) {
    const fields = Object.fromEntries(names.map((name) => [name, field]));
    shape = z.strictObject({ _csrf: z.string().optional(), ...fields });
    shapes.set(key, shape);
  }
  return shape;
}

/** A positive whole number out of the path, such as an id. */
export function readId(text: string | string[] | undefined): number {
  return typeof text === 'string' && /^[1-9]\d{0,8}$/.test(text) ? Number(text) : 0;
}

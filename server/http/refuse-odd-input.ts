import type { RequestHandler } from 'express';
import { BadForm } from './form.ts';

const NAME = /^[A-Za-z_][A-Za-z0-9_-]*$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;
const NOT_NAMES = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Refuses (400) a query or form that no page of ours sends: a field name with brackets or dots or of an object's
 * own, a text with control characters other than tab and line end, which no keyboard types into a field.
 */
export const refuseOddInput: RequestHandler = (request, _response, next) => {
  for (const fields of [request.query, request.body as object | undefined]) {
    for (const [name, value] of Object.entries(fields ?? {})) {
      if (!NAME.test(name) || NOT_NAMES.has(name)) throw new BadForm('a field name that no page has');
      if (Array.isArray(value) ? value.some(hasControls) : hasControls(value))
        throw new BadForm('a text with control characters');
    }
  }
  next();
};

function hasControls(text: unknown): boolean {
  return CONTROLS.test(String(text));
}

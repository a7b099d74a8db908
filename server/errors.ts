// What is refused is refused with a sentence for the clerk: what happened, why, and what to do.

/** The input cannot be taken as it is (422). `fields` says which entry is at fault, by form field name. */
export class Invalid extends Error {
  readonly status = 422;
  readonly fields: Readonly<Record<string, string>>;

  constructor(fields: Readonly<Record<string, string>>) {
    super(Object.values(fields).join(' '));
    this.fields = fields;
  }
}

/** The act is not permitted in the present state (409). */
export class Refused extends Error {
  readonly status = 409;
}

/** The account lacks the right (403). */
export class Forbidden extends Error {
  readonly status = 403;
}

/** There is no such record (404). */
export class NotFound extends Error {
  readonly status = 404;
}

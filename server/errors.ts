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

/** One value of a record: as a colleague left it, beside the field in which this clerk typed another. */
export interface ChangedValue {
  label: string;
  /** The name of the form's field; '' for a value the form does not have. */
  field: string;
  now: string;
  /** What the codes of a list of choices are called. */
  words?: Readonly<Record<string, string>>;
}

interface Change {
  /** What was changed, for the sentence. */
  what: string;
  rows: readonly ChangedValue[];
  version: number;
  /** Who did what, and when. */
  by: string;
  /** The page that shows the record as it stands. */
  back: string;
}

/**
 * A colleague changed the record after it was shown (409). The page puts both versions side by side and keeps
 * what was typed; nothing was written.
 */
export class ChangedMeanwhile extends Refused {
  readonly rows: readonly ChangedValue[];
  /** The version to send with what was typed, once the clerk has seen the other one. */
  readonly version: number;
  readonly by: string;
  readonly back: string;

  constructor({ what, rows, version, by, back }: Change) {
    super(
      `表示してから今までの間に、別の職員または取込が${what}の記録を変えたため、保存しませんでした。今の内容を確かめてから、保存し直すか、やめるかを選んでください。`,
    );
    this.rows = rows;
    this.version = version;
    this.by = by;
    this.back = back;
  }
}

/** The account lacks the right (403). */
export class Forbidden extends Error {
  readonly status = 403;
}

/** There is no such record (404). */
export class NotFound extends Error {
  readonly status = 404;
}

/** Too many requests in a short time (429). */
export class TooMany extends Error {
  readonly status = 429;
}

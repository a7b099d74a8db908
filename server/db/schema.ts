import type { Generated, Kysely, Transaction } from 'kysely';

// One interface a table, names in camelCase, columns in the order of sql/. Dates (`…On`) are
// YYYY-MM-DD, instants (`…At`) ISO 8601 in UTC, flags 0 or 1, on both engines.

type LocalDate = string;
export type Instant = string;
export type Flag = 0 | 1;

export interface OfficeTable {
  code: string;
  name: string;
  kind: 'department' | 'branch';
  phone: Generated<string>;
  isActive: Generated<Flag>;
}

export interface AccountTable {
  id: Generated<number>;
  loginName: string;
  displayName: string;
  officeCode: string;
  role: 'clerk' | 'supervisor' | 'branch' | 'administrator' | 'auditor';
  passwordHash: string | null;
  codeHash: string | null;
  codeExpiresAt: Instant | null;
  validFromOn: LocalDate;
  validUntilOn: LocalDate | null;
  stoppedAt: Instant | null;
  lastSignInAt: Instant | null;
  lastSignInTerminal: Generated<string>;
  passwordChangedAt: Instant | null;
  createdAt: Instant;
  version: Generated<number>;
}

export interface SignInFailureTable {
  loginName: string;
  terminal: string;
  failures: number;
  lastAt: Instant;
}

export interface SessionTable {
  idHash: string;
  accountId: number | null;
  data: string;
  createdAt: Instant;
  seenAt: Instant;
}

export interface AccountRightTable {
  id: Generated<number>;
  accountId: number;
  rightName: string;
  startsOn: LocalDate;
  endsOn: LocalDate;
  ground: string;
  grantedAt: Instant;
  grantedBy: number | null;
  endedAt: Instant | null;
  version: Generated<number>;
}

export interface AuditHeadTable {
  id: number;
  lastSequence: number;
  lastHash: string;
}

export interface AuditEventTable {
  sequence: number;
  occurredAt: Instant;
  businessOn: LocalDate;
  kind: string;
  accountId: number | null;
  actor: string;
  officeCode: string;
  terminal: string;
  requestId: string;
  personId: number | null;
  passId: number | null;
  details: string;
  valuesHash: string;
  previousHash: string;
  hash: string;
}

export interface AuditValueTable {
  eventSequence: number;
  personId: number;
  field: string;
  oldValue: string;
  newValue: string;
}

export interface AuditValueSaltTable {
  eventSequence: number;
  salt: string;
}

/** What the host says of a person: the columns an import writes and no clerk does. */
export interface HostColumns {
  residentNumber: string;
  name: string;
  kana: string;
  birthCode: string;
  birthWareki: string;
  birthNote: string;
  birthEarliestOn: LocalDate;
  birthLatestOn: LocalDate;
  sex: number;
  postalCode: string;
  address: string;
  building: string;
  districtCode: string;
  isElderly: Flag;
  isDisabled: Flag;
  isChild: Flag;
  childEndsOn: LocalDate | null;
  residentStatus: number;
  removalCode: string;
  movedOn: LocalDate | null;
  hostDigest: string;
  kanaFold: string;
  givenKanaFold: string;
  nameFold: string;
}

export interface PersonTable extends HostColumns {
  id: Generated<number>;
  firstRunId: number | null;
  goneOn: LocalDate | null;
  goneRunId: number | null;
  excludedOn: LocalDate | null;
  exclusionReason: 'moved_out' | 'died' | 'not_eligible' | 'other' | null;
  exclusionSource: 'host' | 'gone' | 'clerk' | null;
  exclusionNote: Generated<string>;
  phone: Generated<string>;
  phoneDigits: Generated<string>;
  updatedAt: Instant;
  version: Generated<number>;
}

export interface CircumstanceTable {
  id: Generated<number>;
  personId: number;
  kind: 'mailing_address' | 'caution' | 'other';
  startsOn: LocalDate;
  endsOn: LocalDate | null;
  ground: string;
  addressee: Generated<string>;
  postalCode: Generated<string>;
  address: Generated<string>;
  building: Generated<string>;
  createdAt: Instant;
  createdBy: number;
  endedAt: Instant | null;
  version: Generated<number>;
}

export interface ApplicationTable {
  id: Generated<number>;
  personId: number;
  fiscalYear: number;
  kind: 'new' | 'reissue_lost' | 'reissue_damaged';
  appliedOn: LocalDate;
  officeCode: string;
  applicant: 'self' | 'proxy';
  proxyName: Generated<string>;
  proxyRelation: Generated<string>;
  documentSeen: Generated<string>;
  accountId: number | null;
  formKey: string;
  createdAt: Instant;
}

export interface PassNumberCounterTable {
  fiscalYear: number;
  lastNumber: number;
}

export interface PassTable {
  id: Generated<number>;
  personId: number;
  fiscalYear: number;
  passNumber: number;
  applicationId: number;
  appliedOn: LocalDate;
  issuedOn: LocalDate;
  issuedAtOffice: string;
  deliveryMethod: 'counter' | 'post';
  status: 'valid' | 'lost' | 'damaged' | 'surrendered' | 'revoked';
  statusOn: LocalDate;
  returnedOn: LocalDate | null;
  predecessorId: number | null;
  createdAt: Instant;
  version: Generated<number>;
}

export interface LetterTable {
  id: Generated<number>;
  passId: number;
  personId: number;
  kind: 'new' | 'reissue' | 'resend' | 'annual';
  serial: string;
  printedOn: LocalDate;
  printedAt: Instant;
  printedBy: number | null;
  officeCode: string;
  templateVersion: number;
  content: string;
  reprintReason: Generated<string>;
}

export interface ImportRunTable {
  id: Generated<number>;
  fileName: string;
  fileSha256: string;
  fileSize: number;
  baseOn: LocalDate | null;
  extractedAt: Generated<string>;
  startedAt: Instant;
  finishedAt: Instant | null;
  status: 'running' | 'applied' | 'nothing' | 'refused' | 'failed' | 'dry_run';
  reason: Generated<string>;
  actor: string;
  accountId: number | null;
  readCount: Generated<number>;
  newCount: Generated<number>;
  changedCount: Generated<number>;
  returnedCount: Generated<number>;
  goneCount: Generated<number>;
  endedCount: Generated<number>;
  sameCount: Generated<number>;
  rejectedCount: Generated<number>;
  warningCount: Generated<number>;
  gaijiCount: Generated<number>;
  isDummy: Generated<Flag>;
  report: string;
}

export interface ImportStagedPersonTable extends HostColumns {
  lineNumber: number;
  personId: number | null;
  outcome: Generated<'new' | 'changed' | 'returned' | 'ended' | 'same'>;
}

export interface ImportDifferenceTable {
  personId: number;
  field: string;
  oldValue: string;
  newValue: string;
}

export interface ImportRowFaultTable {
  runId: number;
  lineNumber: number;
  ordinal: number;
  residentNumber: string;
  field: string;
  value: string;
  reason: string;
  severity: 'rejected' | 'warning';
}

export interface SettingTable {
  name: string;
  value: string;
  changedAt: Instant;
  changedBy: number | null;
  version: Generated<number>;
}

export interface SchemaVersionTable {
  number: number;
  name: string;
  digest: string;
  appliedAt: Instant;
}

export interface Tables {
  office: OfficeTable;
  account: AccountTable;
  signInFailure: SignInFailureTable;
  session: SessionTable;
  accountRight: AccountRightTable;
  auditHead: AuditHeadTable;
  auditEvent: AuditEventTable;
  auditValue: AuditValueTable;
  auditValueSalt: AuditValueSaltTable;
  person: PersonTable;
  circumstance: CircumstanceTable;
  application: ApplicationTable;
  passNumberCounter: PassNumberCounterTable;
  pass: PassTable;
  letter: LetterTable;
  importRun: ImportRunTable;
  importStagedPerson: ImportStagedPersonTable;
  importDifference: ImportDifferenceTable;
  importRowFault: ImportRowFaultTable;
  setting: SettingTable;
  schemaVersion: SchemaVersionTable;
}

export type Database = Kysely<Tables>;

declare const inside: unique symbol;

/**
 * A transaction opened by `inTransaction`. The brand keeps a plain connection out: a writer that must
 * not stand alone takes this type, and passing anything else does not compile.
 */
export type Trx = Transaction<Tables> & { readonly [inside]: true };

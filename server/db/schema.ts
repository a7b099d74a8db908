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
  closedOn: LocalDate | null;
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

export interface AuditValueErasureTable {
  eventSequence: number;
  erasedBy: number;
  remainingHash: string;
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
  givenNameFold: string;
  addressFold: string;
}

export interface PersonTable extends HostColumns {
  id: Generated<number>;
  firstRunId: number | null;
  goneOn: LocalDate | null;
  goneRunId: number | null;
  excludedOn: LocalDate | null;
  exclusionReason: 'moved_out' | 'died' | 'not_eligible' | 'own_wish' | 'other' | null;
  exclusionSource: 'host' | 'gone' | 'clerk' | 'undone' | null;
  exclusionNote: Generated<string>;
  isProtected: Generated<Flag>;
  mailingStoppedOn: LocalDate | null;
  phone: Generated<string>;
  phoneDigits: Generated<string>;
  updatedAt: Instant;
  version: Generated<number>;
}

export interface PersonFormerValueTable {
  id: Generated<number>;
  personId: number;
  field: 'name' | 'kana' | 'address';
  value: string;
  valueFold: string;
  replacedOn: LocalDate;
  runId: number;
}

export interface InquiryTable {
  id: Generated<number>;
  personId: number | null;
  officeCode: string;
  caller: string;
  answer: 'issuable' | 'issued' | 'not-eligible' | 'needs-check' | 'not-found';
  answerText: string;
  accountId: number;
  answeredAt: Instant;
}

export interface CircumstanceTable {
  id: Generated<number>;
  personId: number;
  kind: 'mailing_address' | 'protected' | 'caution' | 'other';
  subKind: Generated<'' | 'support' | 'provisional' | 'similar'>;
  startsOn: LocalDate;
  endsOn: LocalDate | null;
  reviewOn: LocalDate | null;
  ground: string;
  addressee: Generated<string>;
  postalCode: Generated<string>;
  address: Generated<string>;
  building: Generated<string>;
  createdAt: Instant;
  createdBy: number | null;
  endedAt: Instant | null;
  endGround: Generated<string>;
  changedAt: Instant | null;
  changedBy: number | null;
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
  documentNote: Generated<string>;
  proxyDocument: Generated<string>;
  overrideReason: Generated<string>;
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
  statusReason: Generated<string>;
  returnedOn: LocalDate | null;
  returnReason: Generated<'' | 'unknown_address' | 'moved' | 'refused' | 'not_collected' | 'other'>;
  returnStage: 'registered' | 'inquiry' | 'address_confirmed' | 'resent' | 'given_up' | null;
  returnStageOn: LocalDate | null;
  returnNote: Generated<string>;
  predecessorId: number | null;
  createdAt: Instant;
  version: Generated<number>;
}

export interface LetterTemplateTable {
  id: Generated<number>;
  kind: 'new' | 'reissue' | 'resend' | 'annual' | 'postcard';
  version: number;
  title: string;
  body: string;
  createdAt: Instant;
  createdBy: number | null;
}

export interface SenderTitleTable {
  id: Generated<number>;
  startsOn: LocalDate;
  endsOn: LocalDate | null;
  lines: string;
  createdAt: Instant;
  createdBy: number | null;
  removedAt: Instant | null;
}

export interface PrinterTable {
  id: Generated<number>;
  name: string;
  officeCode: string | null;
  offsetRight: Generated<number>;
  offsetDown: Generated<number>;
  isActive: Generated<Flag>;
}

export interface LetterSerialCounterTable {
  printedOn: LocalDate;
  officeCode: string;
  lastNumber: number;
}

export interface PrintRunTable {
  id: Generated<number>;
  kind: 'letter' | 'batch' | 'labels' | 'postcards';
  title: string;
  fileName: string;
  pages: number;
  addressees: number;
  templateVersion: number | null;
  sha256: Generated<string>;
  content: Generated<string>;
  reason: Generated<string>;
  printerName: Generated<string>;
  printedOn: LocalDate;
  printedAt: Instant;
  printedBy: number | null;
  actor: string;
  officeCode: string;
  terminal: string;
  batchId: number | null;
  fileNumber: number | null;
}

export interface LetterTable {
  id: Generated<number>;
  passId: number;
  personId: number;
  kind: 'new' | 'reissue' | 'resend' | 'annual';
  occasion: Generated<string>;
  serial: string;
  printRunId: number;
  pageNumber: number;
  printedOn: LocalDate;
  printedAt: Instant;
  printedBy: number | null;
  officeCode: string;
  templateVersion: number;
  content: string;
  reprintReason: Generated<string>;
}

export interface PrintRunPersonTable {
  printRunId: number;
  ordinal: number;
  personId: number;
  passId: number | null;
  problem: Generated<'' | 'character' | 'overflow' | 'address' | 'protected'>;
  sentence: Generated<string>;
}

export interface LetterHeldTable {
  id: Generated<number>;
  paper: 'letter' | 'labels' | 'postcards';
  passId: number | null;
  personId: number;
  problem: 'character' | 'overflow' | 'address';
  sentence: string;
  heldAt: Instant;
  heldBy: number | null;
  settledAt: Instant | null;
}

export interface LetterBatchTable {
  id: Generated<number>;
  listKind: 'posts' | 'annual' | 'resends';
  fromOn: LocalDate;
  untilOn: LocalDate;
  printerName: Generated<string>;
  offsetRight: number;
  offsetDown: number;
  chunkSize: number;
  status: 'made' | 'running' | 'cancelled' | 'finished' | 'failed';
  itemCount: number;
  createdAt: Instant;
  createdBy: number | null;
  officeCode: string;
  startedAt: Instant | null;
  startedBy: number | null;
  finishedAt: Instant | null;
  cancelAskedAt: Instant | null;
  fault: Generated<string>;
  remadeRunId: number | null;
  reason: Generated<string>;
}

export interface LetterBatchItemTable {
  batchId: number;
  ordinal: number;
  passId: number;
  postalCode: string;
  state: Generated<'waiting' | 'printed' | 'held'>;
  problem: Generated<string>;
  letterId: number | null;
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
  status:
    | 'running'
    | 'applied'
    | 'held'
    | 'rejected'
    | 'undone'
    | 'nothing'
    | 'refused'
    | 'failed'
    | 'dry_run';
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
  expectedCount: number | null;
  progress: Generated<number>;
  progressAt: Instant | null;
  comparisonHash: Generated<string>;
  answeredBy: number | null;
  answeredAt: Instant | null;
  answerReason: Generated<string>;
  appliedSequence: number | null;
  undoneBy: number | null;
  undoneAt: Instant | null;
  undoReason: Generated<string>;
  originalErasedAt: Instant | null;
}

export interface ImportStagedPersonTable extends HostColumns {
  lineNumber: number;
  personId: number | null;
  outcome: Generated<'new' | 'changed' | 'returned' | 'ended' | 'same'>;
}

export interface ImportStagedSameTable {
  lineNumber: number;
  residentNumber: string;
  personId: number;
  hostDigest: string;
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

export interface ImportHeldDifferenceTable extends ImportDifferenceTable {
  runId: number;
}

export interface PersonBeforeRunTable extends Omit<HostColumns, 'residentNumber'> {
  runId: number;
  personId: number;
  goneOn: LocalDate | null;
  goneRunId: number | null;
  excludedOn: LocalDate | null;
  exclusionReason: string | null;
  exclusionSource: string | null;
  exclusionNote: string;
  afterDigest: string;
  afterGoneOn: LocalDate | null;
  afterExcludedOn: LocalDate | null;
  afterExclusionReason: string | null;
  afterExclusionSource: string | null;
  leftAlone: Generated<string>;
}

export interface GaijiReplacementTable {
  code: string;
  replacement: string;
  note: Generated<string>;
  changedAt: Instant;
  changedBy: number | null;
  version: Generated<number>;
}

export interface NightlyRunTable {
  id: Generated<number>;
  startedAt: Instant;
  finishedAt: Instant | null;
  exitCode: number | null;
  summary: Generated<string>;
}

export interface FiscalYearRuleTable {
  fiscalYear: number;
  lossReissues: number;
  issueFromOn: LocalDate;
  ageRule: 'legal-previous-day' | 'birthday' | 'month-first' | 'fiscal-year-end' | 'base-date';
  changedAt: Instant;
  changedBy: number | null;
  version: Generated<number>;
}

export interface PassStockRangeTable {
  id: Generated<number>;
  fiscalYear: number;
  firstNumber: number;
  lastNumber: number;
  officeCode: string;
  createdAt: Instant;
  createdBy: number | null;
  removedAt: Instant | null;
  version: Generated<number>;
}

export interface ProtectedReleaseTable {
  id: Generated<number>;
  personId: number;
  purpose: 'address' | 'letter';
  passId: number | null;
  reason: string;
  requestedBy: number;
  requestedAt: Instant;
  answeredBy: number | null;
  answeredAt: Instant | null;
  isApproved: Generated<Flag>;
  expiresAt: Instant;
  usedAt: Instant | null;
  version: Generated<number>;
}

export interface FormReceiptTable {
  formKey: string;
  accountId: number;
  path: string;
  contentHash: string;
  location: Generated<string>;
  createdAt: Instant;
}

export interface SettingTable {
  name: string;
  value: string;
  changedAt: Instant;
  changedBy: number | null;
  version: Generated<number>;
}

export interface DailyListCloseTable {
  businessOn: LocalDate;
  checkedBy: number;
  checkedAt: Instant;
  checkedSequence: number;
  acts: number;
  closedBy: number | null;
  closedAt: Instant | null;
  headSequence: number | null;
  headHash: string | null;
  sha256: string | null;
  content: Uint8Array | null;
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
  auditValueErasure: AuditValueErasureTable;
  person: PersonTable;
  personFormerValue: PersonFormerValueTable;
  inquiry: InquiryTable;
  circumstance: CircumstanceTable;
  application: ApplicationTable;
  passNumberCounter: PassNumberCounterTable;
  pass: PassTable;
  letterTemplate: LetterTemplateTable;
  senderTitle: SenderTitleTable;
  printer: PrinterTable;
  letterSerialCounter: LetterSerialCounterTable;
  printRun: PrintRunTable;
  letter: LetterTable;
  printRunPerson: PrintRunPersonTable;
  letterHeld: LetterHeldTable;
  letterBatch: LetterBatchTable;
  letterBatchItem: LetterBatchItemTable;
  importRun: ImportRunTable;
  importStagedPerson: ImportStagedPersonTable;
  importStagedSame: ImportStagedSameTable;
  importDifference: ImportDifferenceTable;
  importRowFault: ImportRowFaultTable;
  importHeldDifference: ImportHeldDifferenceTable;
  personBeforeRun: PersonBeforeRunTable;
  gaijiReplacement: GaijiReplacementTable;
  nightlyRun: NightlyRunTable;
  fiscalYearRule: FiscalYearRuleTable;
  passStockRange: PassStockRangeTable;
  protectedRelease: ProtectedReleaseTable;
  formReceipt: FormReceiptTable;
  setting: SettingTable;
  dailyListClose: DailyListCloseTable;
  schemaVersion: SchemaVersionTable;
}

export type Database = Kysely<Tables>;

declare const inside: unique symbol;

/**
 * A transaction opened by `inTransaction`. The brand keeps a plain connection out: a writer that must
 * not stand alone takes this type, and passing anything else does not compile.
 */
export type Trx = Transaction<Tables> & { readonly [inside]: true };

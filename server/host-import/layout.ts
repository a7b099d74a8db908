// The host extract, edition 01: which column holds what. Host names stop here.
// CSV in Windows-31J, every field quoted, records H (header), D (one person each), T (trailer).

export interface DataColumn {
  /** As the host and the clerks call it, in messages. */
  label: string;
  /** Most bytes in CP932. */
  bytes: number;
  pattern?: RegExp;
  required?: true;
}

const DATE = /^\d{8}$/;
const FLAG = /^[01]$/;

/** Columns of a D record in their order, the record type first. */
export const DATA_COLUMNS: readonly DataColumn[] = [
  { label: 'レコード区分', bytes: 1, pattern: /^D$/, required: true },
  { label: '住民番号', bytes: 15, pattern: /^\d+$/, required: true },
  { label: '氏名', bytes: 100, required: true },
  { label: '氏名カナ', bytes: 100, pattern: /^[ -~｡-ﾟ]+$/, required: true },
  { label: '生年月日（西暦）', bytes: 8, pattern: DATE },
  { label: '生年月日（和暦）', bytes: 7, pattern: /^\d{7}$/ },
  { label: '生年月日不詳表記', bytes: 72 },
  { label: '性別', bytes: 1, pattern: /^[0129]$/, required: true },
  { label: '郵便番号', bytes: 7, pattern: /^\d{7}$/ },
  { label: '住所', bytes: 170, required: true },
  { label: '方書', bytes: 300 },
  { label: '地区コード', bytes: 2, pattern: /^\d{2}$/ },
  { label: '高齢該当', bytes: 1, pattern: FLAG, required: true },
  { label: '障害該当', bytes: 1, pattern: FLAG, required: true },
  { label: '児童該当', bytes: 1, pattern: FLAG, required: true },
  { label: '児童該当終了予定日', bytes: 8, pattern: DATE },
  { label: '住民状態', bytes: 1, pattern: /^[1239]$/, required: true },
  { label: '異動事由', bytes: 2, pattern: /^\d{2}$/ },
  { label: '異動日', bytes: 8, pattern: DATE },
];

/** Where each D column stands. */
export const AT = {
  residentNumber: 1,
  name: 2,
  kana: 3,
  birthWestern: 4,
  birthWareki: 5,
  birthNote: 6,
  sex: 7,
  postalCode: 8,
  address: 9,
  building: 10,
  districtCode: 11,
  isElderly: 12,
  isDisabled: 13,
  isChild: 14,
  childEndsOn: 15,
  residentStatus: 16,
  removalCode: 17,
  movedOn: 18,
} as const;

export const HEADER_COLUMNS = 8;
export const TRAILER_COLUMNS = 6;
export const BUSINESS_ID = 'FNT';
export const EDITION = '01';
export const MUNICIPALITY_CODE = '131041';
/** 全件: the whole list, not the differences. */
export const FULL_LIST = '1';
/** The sum of resident numbers in the trailer is kept to this many digits. */
export const CHECKSUM_MODULUS = 10n ** 12n;
/** 住民状態 1: still registered. 2, 3 and 9 moved out, died or were removed otherwise. */
export const STILL_RESIDENT = '1';

export const FILE_NAME = /^FNT_(\d{8})_(\d{2})\.csv$/;

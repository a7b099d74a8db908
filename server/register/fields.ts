import { formatWareki } from '../calendar/wareki.ts';
import { SEX_NAMES } from './person.ts';

// The fields of a person as they stand beside the record of acts, and how they are written on screens.

/** How each recorded field is called. */
export const FIELD_NAMES: Readonly<Record<string, string>> = {
  outcome: '取込の区分',
  resident_number: '住民番号',
  name: '氏名',
  kana: 'ふりがな',
  birth_code: '生年月日（西暦）',
  birth_wareki: '生年月日（和暦コード）',
  birth_note: '生年月日不詳表記',
  sex: '性別',
  postal_code: '郵便番号',
  address: '住所',
  building: '方書',
  district_code: '地区コード',
  is_elderly: '高齢該当',
  is_disabled: '障害該当',
  is_child: '児童該当',
  child_ends_on: '児童該当終了予定日',
  resident_status: '住民状態',
  removal_code: '異動事由',
  moved_on: '異動日',
  gone_on: '消滅（要確認）',
  excluded_on: '除外日',
  exclusion_reason: '除外事由',
  exclusion_note: '除外の補足',
  phone: '電話番号',
  revoke_reason: '交付取消の理由',
  override_reason: '上限を超えた再交付の理由',
  return_note: '返戻の補足',
  release_reason: '一時解除の理由',
  circumstance_sub_kind: '支援措置等の区分',
  circumstance_starts_on: '個別事由の開始日',
  circumstance_ends_on: '個別事由の終了日',
  circumstance_review_on: '個別事由の見直しの日',
  circumstance_ground: '個別事由の内容',
  circumstance_end_ground: '個別事由の終了の理由',
  circumstance_addressee: '送付先の宛名',
  circumstance_postal_code: '送付先の郵便番号',
  circumstance_address: '送付先の住所',
  circumstance_building: '送付先の方書',
  printed_file: '印刷したファイル',
};

export { PLACE_FIELDS } from '../audit/place-fields.ts';

const CODES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  outcome: { new: '新規', changed: '変更', returned: '復活', gone: '消滅', ended: '資格喪失' },
  sex: SEX_NAMES as Readonly<Record<string, string>>,
  is_elderly: { 0: '非該当', 1: '該当' },
  is_disabled: { 0: '非該当', 1: '該当' },
  is_child: { 0: '非該当', 1: '該当' },
  resident_status: { 1: '住登者', 2: '転出者', 3: '死亡者', 9: 'その他消除者' },
  exclusion_reason: {
    moved_out: '転出',
    died: '死亡',
    not_eligible: '非該当',
    own_wish: '本人申出',
    other: 'その他',
  },
  circumstance_sub_kind: { support: '支援措置', provisional: '仮支援措置', similar: 'これに準ずるもの' },
};

/** A recorded value as it is shown: codes in words, days in 和暦; anything else as it stands. */
export function showValue(field: string, value: string): string {
  const inWords = CODES[field]?.[value];
  if (inWords !== undefined) return inWords;
  if (/_on$|On$/.test(field) && /^\d{4}-\d{2}-\d{2}$/.test(value)) return formatWareki(value);
  if (field === 'postal_code' && /^\d{7}$/.test(value)) return `〒${value.slice(0, 3)}-${value.slice(3)}`;
  return value;
}

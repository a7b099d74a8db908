-- The register (台帳): everyone who is or was eligible. Columns of the host come first, those of the clerks after.
-- SQLite makes a table of a list of three values and more at every row it checks, a third of the time of a first
-- load: where a person is checked, the values stand one by one.

create table person (
  id integer primary key autoincrement,
  resident_number text not null unique, -- 住民番号
  name text not null, -- 氏名
  kana text not null, -- ふりがな
  birth_code text not null, -- 生年月日（西暦、不詳の部分は00）
  birth_wareki text not null, -- 生年月日（和暦コード）
  birth_note text not null, -- 生年月日不詳表記
  birth_earliest_on text not null check (birth_earliest_on = date(birth_earliest_on)), -- 生年月日 ありうる最も早い日
  birth_latest_on text not null check (birth_latest_on = date(birth_latest_on)), -- 生年月日 ありうる最も遅い日
  sex integer not null check (sex = 0 or sex = 1 or sex = 2 or sex = 9), -- 性別
  postal_code text not null, -- 郵便番号
  address text not null, -- 住所
  building text not null, -- 方書
  district_code text not null, -- 地区コード（管轄の特別出張所、空あり）
  is_elderly integer not null check (is_elderly in (0, 1)), -- 区分 高齢
  is_disabled integer not null check (is_disabled in (0, 1)), -- 区分 障害
  is_child integer not null check (is_child in (0, 1)), -- 区分 児童
  child_ends_on text check (child_ends_on = date(child_ends_on)), -- 児童該当終了予定日
  resident_status integer not null check (resident_status = 1 or resident_status = 2 or resident_status = 3 or resident_status = 9), -- 住民状態
  removal_code text not null, -- 異動事由
  moved_on text check (moved_on = date(moved_on)), -- 異動日
  host_digest text not null, -- ホスト項目全体の要約（変更の判定用）
  kana_fold text not null, -- 検索用 ふりがな
  given_kana_fold text not null, -- 検索用 名のふりがな
  name_fold text not null, -- 検索用 氏名
  given_name_fold text not null, -- 検索用 名
  address_fold text not null, -- 検索用 住所
  first_run_id integer, -- 初めて載った取込
  gone_on text check (gone_on = date(gone_on)), -- 消滅（要確認）となった抽出基準日
  gone_run_id integer, -- 同 取込
  excluded_on text check (excluded_on = date(excluded_on)), -- 除外日
  exclusion_reason text check (exclusion_reason = 'moved_out' or exclusion_reason = 'died' or exclusion_reason = 'not_eligible' or exclusion_reason = 'own_wish' or exclusion_reason = 'other'), -- 除外事由
  exclusion_source text check (exclusion_source = 'host' or exclusion_source = 'gone' or exclusion_source = 'clerk' or exclusion_source = 'undone'), -- 除外の根拠（ホスト／消滅の確認／職員／取込の取消）
  exclusion_note text not null default '', -- 除外の補足
  is_protected integer not null default 0 check (is_protected in (0, 1)), -- 支援措置等（終了の登録がない個別事由がある）
  mailing_stopped_on text check (mailing_stopped_on = date(mailing_stopped_on)), -- 翌年度からの一斉発送の停止（返還・利用中止）
  phone text not null default '', -- 電話番号
  phone_digits text not null default '', -- 検索用 電話番号
  updated_at text not null check (updated_at like '____-__-__T__:__:__.___Z'), -- 最終更新
  version integer not null default 1, -- 版
  check ((excluded_on is null and exclusion_reason is null and exclusion_source is null)
      or (excluded_on is not null and exclusion_reason is not null and exclusion_source is not null))
) strict;

create index person_kana on person (kana_fold);
create index person_given_kana on person (given_kana_fold);
create index person_name on person (name_fold);
create index person_given_name on person (given_name_fold);
create index person_address on person (address_fold);
create index person_birth on person (birth_earliest_on, kana_fold);
create index person_phone on person (phone_digits) where phone_digits <> '';
create index person_gone on person (gone_on) where gone_on is not null;
create index person_protected on person (is_protected) where is_protected = 1;

create table circumstance (
  id integer primary key autoincrement,
  person_id integer not null references person (id), -- 対象者
  kind text not null check (kind in ('mailing_address', 'protected', 'caution', 'other')), -- 個別事由の種類
  sub_kind text not null default '' check (sub_kind in ('', 'support', 'provisional', 'similar')), -- 支援措置等の区分（支援措置・仮支援措置・これに準ずるもの）
  starts_on text not null check (starts_on = date(starts_on)), -- 開始日
  ends_on text check (ends_on = date(ends_on)), -- 終了日
  review_on text check (review_on = date(review_on)), -- 見直しの日（過ぎても自動では終わらない）
  ground text not null, -- 事由・申出の内容
  addressee text not null default '', -- 送付先 宛名
  postal_code text not null default '', -- 送付先 郵便番号
  address text not null default '', -- 送付先 住所
  building text not null default '', -- 送付先 方書
  created_at text not null check (created_at like '____-__-__T__:__:__.___Z'), -- 登録
  created_by integer references account (id), -- 登録者
  ended_at text check (ended_at like '____-__-__T__:__:__.___Z'), -- 終了の登録
  end_ground text not null default '', -- 終了の理由
  changed_at text check (changed_at like '____-__-__T__:__:__.___Z'), -- 最終更新
  changed_by integer references account (id), -- 最終更新者
  version integer not null default 1, -- 版
  check (ends_on is null or ends_on >= starts_on)
) strict;

create index circumstance_person on circumstance (person_id);

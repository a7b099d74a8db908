-- The register (台帳): everyone who is or was eligible. Columns of the host come first, those of the clerks after.

create table person (
  id int identity(1, 1) not null primary key,
  resident_number nvarchar(15) collate Japanese_XJIS_140_BIN2 not null unique, -- 住民番号
  name nvarchar(200) collate Japanese_XJIS_140_BIN2 not null, -- 氏名
  kana nvarchar(200) collate Japanese_XJIS_140_BIN2 not null, -- ふりがな
  birth_code nvarchar(8) collate Japanese_XJIS_140_BIN2 not null, -- 生年月日（西暦、不詳の部分は00）
  birth_wareki nvarchar(7) collate Japanese_XJIS_140_BIN2 not null, -- 生年月日（和暦コード）
  birth_note nvarchar(100) collate Japanese_XJIS_140_BIN2 not null, -- 生年月日不詳表記
  birth_earliest_on date not null, -- 生年月日 ありうる最も早い日
  birth_latest_on date not null, -- 生年月日 ありうる最も遅い日
  sex int not null check (sex in (0, 1, 2, 9)), -- 性別
  postal_code nvarchar(7) collate Japanese_XJIS_140_BIN2 not null, -- 郵便番号
  address nvarchar(400) collate Japanese_XJIS_140_BIN2 not null, -- 住所
  building nvarchar(600) collate Japanese_XJIS_140_BIN2 not null, -- 方書
  district_code nvarchar(2) collate Japanese_XJIS_140_BIN2 not null, -- 地区コード（管轄の特別出張所、空あり）
  is_elderly tinyint not null check (is_elderly in (0, 1)), -- 区分 高齢
  is_disabled tinyint not null check (is_disabled in (0, 1)), -- 区分 障害
  is_child tinyint not null check (is_child in (0, 1)), -- 区分 児童
  child_ends_on date, -- 児童該当終了予定日
  resident_status int not null check (resident_status in (1, 2, 3, 9)), -- 住民状態
  removal_code nvarchar(2) collate Japanese_XJIS_140_BIN2 not null, -- 異動事由
  moved_on date, -- 異動日
  host_digest nvarchar(24) collate Japanese_XJIS_140_BIN2 not null, -- ホスト項目全体の要約（変更の判定用）
  kana_fold nvarchar(200) collate Japanese_XJIS_140_BIN2 not null, -- 検索用 ふりがな
  given_kana_fold nvarchar(200) collate Japanese_XJIS_140_BIN2 not null, -- 検索用 名のふりがな
  name_fold nvarchar(200) collate Japanese_XJIS_140_BIN2 not null, -- 検索用 氏名
  given_name_fold nvarchar(200) collate Japanese_XJIS_140_BIN2 not null, -- 検索用 名
  address_fold nvarchar(400) collate Japanese_XJIS_140_BIN2 not null, -- 検索用 住所
  first_run_id int, -- 初めて載った取込
  gone_on date, -- 消滅（要確認）となった抽出基準日
  gone_run_id int, -- 同 取込
  excluded_on date, -- 除外日
  exclusion_reason nvarchar(20) collate Japanese_XJIS_140_BIN2 check (exclusion_reason in (N'moved_out', N'died', N'not_eligible', N'own_wish', N'other')), -- 除外事由
  exclusion_source nvarchar(10) collate Japanese_XJIS_140_BIN2 check (exclusion_source in (N'host', N'gone', N'clerk', N'undone')), -- 除外の根拠（ホスト／消滅の確認／職員／取込の取消）
  exclusion_note nvarchar(400) collate Japanese_XJIS_140_BIN2 not null default N'', -- 除外の補足
  is_protected tinyint not null default 0 check (is_protected in (0, 1)), -- 支援措置等（終了の登録がない個別事由がある）
  mailing_stopped_on date, -- 翌年度からの一斉発送の停止（返還・利用中止）
  phone nvarchar(30) collate Japanese_XJIS_140_BIN2 not null default N'', -- 電話番号
  phone_digits nvarchar(20) collate Japanese_XJIS_140_BIN2 not null default N'', -- 検索用 電話番号
  updated_at datetime2(3) not null, -- 最終更新
  version int not null default 1, -- 版
  check ((excluded_on is null and exclusion_reason is null and exclusion_source is null)
      or (excluded_on is not null and exclusion_reason is not null and exclusion_source is not null))
);

create index person_kana on person (kana_fold);
create index person_given_kana on person (given_kana_fold);
create index person_name on person (name_fold);
create index person_given_name on person (given_name_fold);
create index person_address on person (address_fold);
create index person_birth on person (birth_earliest_on, kana_fold);
create index person_phone on person (phone_digits) where phone_digits <> N'';
create index person_gone on person (gone_on) where gone_on is not null;
create index person_protected on person (is_protected) where is_protected = 1;

create table circumstance (
  id int identity(1, 1) not null primary key,
  person_id int not null references person (id), -- 対象者
  kind nvarchar(20) collate Japanese_XJIS_140_BIN2 not null check (kind in (N'mailing_address', N'protected', N'caution', N'other')), -- 個別事由の種類
  sub_kind nvarchar(20) collate Japanese_XJIS_140_BIN2 not null default N'' check (sub_kind in (N'', N'support', N'provisional', N'similar')), -- 支援措置等の区分（支援措置・仮支援措置・これに準ずるもの）
  starts_on date not null, -- 開始日
  ends_on date, -- 終了日
  review_on date, -- 見直しの日（過ぎても自動では終わらない）
  ground nvarchar(400) collate Japanese_XJIS_140_BIN2 not null, -- 事由・申出の内容
  addressee nvarchar(200) collate Japanese_XJIS_140_BIN2 not null default N'', -- 送付先 宛名
  postal_code nvarchar(7) collate Japanese_XJIS_140_BIN2 not null default N'', -- 送付先 郵便番号
  address nvarchar(400) collate Japanese_XJIS_140_BIN2 not null default N'', -- 送付先 住所
  building nvarchar(600) collate Japanese_XJIS_140_BIN2 not null default N'', -- 送付先 方書
  created_at datetime2(3) not null, -- 登録
  created_by int references account (id), -- 登録者
  ended_at datetime2(3), -- 終了の登録
  end_ground nvarchar(400) collate Japanese_XJIS_140_BIN2 not null default N'', -- 終了の理由
  changed_at datetime2(3), -- 最終更新
  changed_by int references account (id), -- 最終更新者
  version int not null default 1, -- 版
  check (ends_on is null or ends_on >= starts_on)
);

create index circumstance_person on circumstance (person_id);

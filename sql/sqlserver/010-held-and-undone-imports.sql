-- What a wrong file is answered with: held runs, undoing a run, and the night's own record.

-- What a held run (承認待ち) would change; a person the register does not have yet is minus the line number.
create table import_held_difference (
  run_id int not null references import_run (id), -- 取込
  person_id int not null, -- 対象者（台帳にない人は行番号の負数）
  field nvarchar(40) collate Japanese_XJIS_140_BIN2 not null, -- 項目
  old_value nvarchar(max) collate Japanese_XJIS_140_BIN2 not null, -- 変更前
  new_value nvarchar(max) collate Japanese_XJIS_140_BIN2 not null, -- 変更後
  primary key (run_id, person_id, field)
);

create index import_held_difference_field on import_held_difference (run_id, field, person_id);

-- The people the newest applied run changed, as they were before it and as it left them.
create table person_before_run (
  run_id int not null references import_run (id), -- 取込
  person_id int not null references person (id), -- 対象者
  name nvarchar(200) collate Japanese_XJIS_140_BIN2 not null, -- 氏名
  kana nvarchar(200) collate Japanese_XJIS_140_BIN2 not null, -- ふりがな
  birth_code nvarchar(8) collate Japanese_XJIS_140_BIN2 not null, -- 生年月日（西暦）
  birth_wareki nvarchar(7) collate Japanese_XJIS_140_BIN2 not null, -- 生年月日（和暦コード）
  birth_note nvarchar(100) collate Japanese_XJIS_140_BIN2 not null, -- 生年月日不詳表記
  birth_earliest_on date not null, -- ありうる最も早い日
  birth_latest_on date not null, -- ありうる最も遅い日
  sex int not null, -- 性別
  postal_code nvarchar(7) collate Japanese_XJIS_140_BIN2 not null, -- 郵便番号
  address nvarchar(400) collate Japanese_XJIS_140_BIN2 not null, -- 住所
  building nvarchar(600) collate Japanese_XJIS_140_BIN2 not null, -- 方書
  district_code nvarchar(2) collate Japanese_XJIS_140_BIN2 not null, -- 地区コード
  is_elderly tinyint not null, -- 区分 高齢
  is_disabled tinyint not null, -- 区分 障害
  is_child tinyint not null, -- 区分 児童
  child_ends_on date, -- 児童該当終了予定日
  resident_status int not null, -- 住民状態
  removal_code nvarchar(2) collate Japanese_XJIS_140_BIN2 not null, -- 異動事由
  moved_on date, -- 異動日
  host_digest nvarchar(24) collate Japanese_XJIS_140_BIN2 not null, -- ホスト項目全体の要約
  kana_fold nvarchar(200) collate Japanese_XJIS_140_BIN2 not null, -- 検索用 ふりがな
  given_kana_fold nvarchar(200) collate Japanese_XJIS_140_BIN2 not null, -- 検索用 名のふりがな
  name_fold nvarchar(200) collate Japanese_XJIS_140_BIN2 not null, -- 検索用 氏名
  given_name_fold nvarchar(200) collate Japanese_XJIS_140_BIN2 not null, -- 検索用 名
  address_fold nvarchar(400) collate Japanese_XJIS_140_BIN2 not null, -- 検索用 住所
  gone_on date, -- 消滅となった抽出基準日
  gone_run_id int, -- 同 取込
  excluded_on date, -- 除外日
  exclusion_reason nvarchar(20) collate Japanese_XJIS_140_BIN2, -- 除外事由
  exclusion_source nvarchar(10) collate Japanese_XJIS_140_BIN2, -- 除外の根拠
  exclusion_note nvarchar(400) collate Japanese_XJIS_140_BIN2 not null, -- 除外の補足
  after_digest nvarchar(24) collate Japanese_XJIS_140_BIN2 not null, -- 取込後のホスト項目の要約
  after_gone_on date, -- 取込後の消滅
  after_excluded_on date, -- 取込後の除外日
  after_exclusion_reason nvarchar(20) collate Japanese_XJIS_140_BIN2, -- 取込後の除外事由
  after_exclusion_source nvarchar(10) collate Japanese_XJIS_140_BIN2, -- 取込後の除外の根拠
  left_alone nvarchar(20) collate Japanese_XJIS_140_BIN2 not null default N'', -- 取消のときに戻さなかった部分
  primary key (run_id, person_id)
);

-- How a 外字 that no font has is written instead (外字の置き換え).
create table gaiji_replacement (
  code nvarchar(4) collate Japanese_XJIS_140_BIN2 not null primary key, -- ホストの外字コード（F040〜F9FC）
  replacement nvarchar(20) collate Japanese_XJIS_140_BIN2 not null, -- 置き換える文字
  note nvarchar(200) collate Japanese_XJIS_140_BIN2 not null default N'', -- 備考
  changed_at datetime2(3) not null, -- 変更日時
  changed_by int references account (id), -- 変更者
  version int not null default 1 -- 版
);

-- Each night's run (夜間処理), so that the home page can say how the last one went.
create table nightly_run (
  id int identity(1, 1) not null primary key, -- 番号
  started_at datetime2(3) not null, -- 開始
  finished_at datetime2(3), -- 終了
  exit_code int, -- 終了コード
  summary nvarchar(400) collate Japanese_XJIS_140_BIN2 not null default N'' -- 結果
);

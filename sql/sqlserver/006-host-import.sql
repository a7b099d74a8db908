-- Import of the host extract (ホスト取込): the runs, what is being compared, and the rows refused.

create table import_run (
  id int identity(1, 1) not null primary key,
  file_name nvarchar(200) collate Japanese_XJIS_140_BIN2 not null, -- ファイル名
  file_sha256 nvarchar(64) collate Japanese_XJIS_140_BIN2 not null, -- ファイルのSHA-256
  file_size int not null, -- 大きさ（バイト）
  base_on date, -- 抽出基準日
  extracted_at nvarchar(14) collate Japanese_XJIS_140_BIN2 not null default N'', -- 作成日時（ホストの時刻 YYYYMMDDHHMMSS）
  started_at datetime2(3) not null, -- 開始
  finished_at datetime2(3), -- 終了
  status nvarchar(20) collate Japanese_XJIS_140_BIN2 not null check (status in (N'running', N'applied', N'held', N'rejected', N'undone', N'nothing', N'refused', N'failed', N'dry_run')), -- 結果
  reason nvarchar(max) collate Japanese_XJIS_140_BIN2 not null default N'', -- 理由
  actor nvarchar(100) collate Japanese_XJIS_140_BIN2 not null, -- 実行者
  account_id int references account (id), -- 実行した職員
  read_count int not null default 0, -- 読込
  new_count int not null default 0, -- 新規
  changed_count int not null default 0, -- 変更
  returned_count int not null default 0, -- 復活
  gone_count int not null default 0, -- 消滅
  ended_count int not null default 0, -- 資格喪失（転出・死亡等）
  same_count int not null default 0, -- 同一
  rejected_count int not null default 0, -- 不備行
  warning_count int not null default 0, -- 注意
  gaiji_count int not null default 0, -- 外字を含む人
  is_dummy tinyint not null default 0 check (is_dummy in (0, 1)), -- ダミーデータ
  report nvarchar(max) collate Japanese_XJIS_140_BIN2 not null, -- 報告（JSON）
  expected_count int, -- 処理票の件数（入力したとき）
  progress int not null default 0 check (progress between 0 and 100), -- 進み具合（％）
  progress_at datetime2(3), -- 進み具合の時点
  comparison_hash nvarchar(64) collate Japanese_XJIS_140_BIN2 not null default N'', -- 承認待ちの差分のハッシュ
  answered_by int references account (id), -- 承認・却下した職員
  answered_at datetime2(3), -- 承認・却下の日時
  answer_reason nvarchar(400) collate Japanese_XJIS_140_BIN2 not null default N'', -- 承認・却下の理由
  applied_sequence int, -- 反映の操作記録の通し番号
  undone_by int references account (id), -- 取り消した職員
  undone_at datetime2(3), -- 取消の日時
  undo_reason nvarchar(400) collate Japanese_XJIS_140_BIN2 not null default N'', -- 取消の理由
  original_erased_at datetime2(3) -- 元のファイルの消去
);

create index import_run_file on import_run (file_sha256);
create index import_run_base on import_run (base_on);

-- Rows of the file now being compared that say something else than the register; empty between runs.
create table import_staged_person (
  line_number int not null primary key, -- 行番号
  resident_number nvarchar(15) collate Japanese_XJIS_140_BIN2 not null, -- 住民番号
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
  person_id int, -- 台帳の対象者（新規は空）
  outcome nvarchar(10) collate Japanese_XJIS_140_BIN2 not null default N'new' -- 差分の区分
);

create index import_staged_person_id on import_staged_person (person_id) where person_id is not null;

-- Rows that say just what the register has (同一); empty between runs.
create table import_staged_same (
  line_number int not null primary key, -- 行番号
  resident_number nvarchar(15) collate Japanese_XJIS_140_BIN2 not null, -- 住民番号
  person_id int not null, -- 台帳の対象者
  host_digest nvarchar(24) collate Japanese_XJIS_140_BIN2 not null -- ホスト項目全体の要約
);

-- What a run changes, by person and column, written before the change is made; empty between runs.
create table import_difference (
  person_id int not null, -- 対象者
  field nvarchar(40) collate Japanese_XJIS_140_BIN2 not null, -- 項目
  old_value nvarchar(max) collate Japanese_XJIS_140_BIN2 not null, -- 変更前
  new_value nvarchar(max) collate Japanese_XJIS_140_BIN2 not null, -- 変更後
  primary key (person_id, field)
);

create table import_row_fault (
  run_id int not null references import_run (id), -- 取込
  line_number int not null, -- 行番号
  ordinal int not null, -- 行の中の順
  resident_number nvarchar(15) collate Japanese_XJIS_140_BIN2 not null, -- 住民番号（読めたとき）
  field nvarchar(100) collate Japanese_XJIS_140_BIN2 not null, -- 項目
  value nvarchar(max) collate Japanese_XJIS_140_BIN2 not null, -- 値
  reason nvarchar(400) collate Japanese_XJIS_140_BIN2 not null, -- 理由
  severity nvarchar(10) collate Japanese_XJIS_140_BIN2 not null check (severity in (N'rejected', N'warning')), -- 不備／注意
  primary key (run_id, line_number, ordinal)
);

create index import_row_fault_resident on import_row_fault (run_id, resident_number) where severity = N'rejected';

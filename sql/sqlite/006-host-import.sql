-- Import of the host extract (ホスト取込): the runs, what is being compared, and the rows refused.

create table import_run (
  id integer primary key autoincrement,
  file_name text not null, -- ファイル名
  file_sha256 text not null, -- ファイルのSHA-256
  file_size integer not null, -- 大きさ（バイト）
  base_on text check (base_on = date(base_on)), -- 抽出基準日
  extracted_at text not null default '', -- 作成日時（ホストの時刻 YYYYMMDDHHMMSS）
  started_at text not null check (started_at like '____-__-__T__:__:__.___Z'), -- 開始
  finished_at text check (finished_at like '____-__-__T__:__:__.___Z'), -- 終了
  status text not null check (status in ('running', 'applied', 'held', 'rejected', 'undone', 'nothing', 'refused', 'failed', 'dry_run')), -- 結果
  reason text not null default '', -- 理由
  actor text not null, -- 実行者
  account_id integer references account (id), -- 実行した職員
  read_count integer not null default 0, -- 読込
  new_count integer not null default 0, -- 新規
  changed_count integer not null default 0, -- 変更
  returned_count integer not null default 0, -- 復活
  gone_count integer not null default 0, -- 消滅
  ended_count integer not null default 0, -- 資格喪失（転出・死亡等）
  same_count integer not null default 0, -- 同一
  rejected_count integer not null default 0, -- 不備行
  warning_count integer not null default 0, -- 注意
  gaiji_count integer not null default 0, -- 外字を含む人
  is_dummy integer not null default 0 check (is_dummy in (0, 1)), -- ダミーデータ
  report text not null, -- 報告（JSON）
  expected_count integer, -- 処理票の件数（入力したとき）
  progress integer not null default 0 check (progress between 0 and 100), -- 進み具合（％）
  progress_at text check (progress_at like '____-__-__T__:__:__.___Z'), -- 進み具合の時点
  comparison_hash text not null default '', -- 承認待ちの差分のハッシュ
  answered_by integer references account (id), -- 承認・却下した職員
  answered_at text check (answered_at like '____-__-__T__:__:__.___Z'), -- 承認・却下の日時
  answer_reason text not null default '', -- 承認・却下の理由
  applied_sequence integer, -- 反映の操作記録の通し番号
  undone_by integer references account (id), -- 取り消した職員
  undone_at text check (undone_at like '____-__-__T__:__:__.___Z'), -- 取消の日時
  undo_reason text not null default '', -- 取消の理由
  original_erased_at text check (original_erased_at like '____-__-__T__:__:__.___Z') -- 元のファイルの消去
) strict;

create index import_run_file on import_run (file_sha256);
create index import_run_base on import_run (base_on);

-- Rows of the file now being compared that say something else than the register; empty between runs.
create table import_staged_person (
  line_number integer not null primary key, -- 行番号
  resident_number text not null, -- 住民番号
  name text not null, -- 氏名
  kana text not null, -- ふりがな
  birth_code text not null, -- 生年月日（西暦）
  birth_wareki text not null, -- 生年月日（和暦コード）
  birth_note text not null, -- 生年月日不詳表記
  birth_earliest_on text not null, -- ありうる最も早い日
  birth_latest_on text not null, -- ありうる最も遅い日
  sex integer not null, -- 性別
  postal_code text not null, -- 郵便番号
  address text not null, -- 住所
  building text not null, -- 方書
  district_code text not null, -- 地区コード
  is_elderly integer not null, -- 区分 高齢
  is_disabled integer not null, -- 区分 障害
  is_child integer not null, -- 区分 児童
  child_ends_on text, -- 児童該当終了予定日
  resident_status integer not null, -- 住民状態
  removal_code text not null, -- 異動事由
  moved_on text, -- 異動日
  host_digest text not null, -- ホスト項目全体の要約
  kana_fold text not null, -- 検索用 ふりがな
  given_kana_fold text not null, -- 検索用 名のふりがな
  name_fold text not null, -- 検索用 氏名
  given_name_fold text not null, -- 検索用 名
  address_fold text not null, -- 検索用 住所
  person_id integer, -- 台帳の対象者（新規は空）
  outcome text not null default 'new' -- 差分の区分
) strict;

create index import_staged_person_id on import_staged_person (person_id) where person_id is not null;

-- Rows that say just what the register has (同一); empty between runs.
create table import_staged_same (
  line_number integer not null primary key, -- 行番号
  resident_number text not null, -- 住民番号
  person_id integer not null, -- 台帳の対象者
  host_digest text not null -- ホスト項目全体の要約
) strict;

-- What a run changes, by person and column, written before the change is made; empty between runs.
create table import_difference (
  person_id integer not null, -- 対象者
  field text not null, -- 項目
  old_value text not null, -- 変更前
  new_value text not null, -- 変更後
  primary key (person_id, field)
) strict;

create table import_row_fault (
  run_id integer not null references import_run (id), -- 取込
  line_number integer not null, -- 行番号
  ordinal integer not null, -- 行の中の順
  resident_number text not null, -- 住民番号（読めたとき）
  field text not null, -- 項目
  value text not null, -- 値
  reason text not null, -- 理由
  severity text not null check (severity in ('rejected', 'warning')), -- 不備／注意
  primary key (run_id, line_number, ordinal)
) strict;

create index import_row_fault_resident on import_row_fault (run_id, resident_number) where severity = 'rejected';

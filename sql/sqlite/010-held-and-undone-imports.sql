-- What a wrong file is answered with: held runs, undoing a run, and the night's own record.

-- What a held run (承認待ち) would change; a person the register does not have yet is minus the line number.
create table import_held_difference (
  run_id integer not null references import_run (id), -- 取込
  person_id integer not null, -- 対象者（台帳にない人は行番号の負数）
  field text not null, -- 項目
  old_value text not null, -- 変更前
  new_value text not null, -- 変更後
  primary key (run_id, person_id, field)
) strict;

create index import_held_difference_field on import_held_difference (run_id, field, person_id);

-- The people the newest applied run changed, as they were before it and as it left them.
create table person_before_run (
  run_id integer not null references import_run (id), -- 取込
  person_id integer not null references person (id), -- 対象者
  name text not null, -- 氏名
  kana text not null, -- ふりがな
  birth_code text not null, -- 生年月日（西暦）
  birth_wareki text not null, -- 生年月日（和暦コード）
  birth_note text not null, -- 生年月日不詳表記
  birth_earliest_on text not null check (birth_earliest_on = date(birth_earliest_on)), -- ありうる最も早い日
  birth_latest_on text not null check (birth_latest_on = date(birth_latest_on)), -- ありうる最も遅い日
  sex integer not null, -- 性別
  postal_code text not null, -- 郵便番号
  address text not null, -- 住所
  building text not null, -- 方書
  district_code text not null, -- 地区コード
  is_elderly integer not null, -- 区分 高齢
  is_disabled integer not null, -- 区分 障害
  is_child integer not null, -- 区分 児童
  child_ends_on text check (child_ends_on = date(child_ends_on)), -- 児童該当終了予定日
  resident_status integer not null, -- 住民状態
  removal_code text not null, -- 異動事由
  moved_on text check (moved_on = date(moved_on)), -- 異動日
  host_digest text not null, -- ホスト項目全体の要約
  kana_fold text not null, -- 検索用 ふりがな
  given_kana_fold text not null, -- 検索用 名のふりがな
  name_fold text not null, -- 検索用 氏名
  given_name_fold text not null, -- 検索用 名
  address_fold text not null, -- 検索用 住所
  gone_on text check (gone_on = date(gone_on)), -- 消滅となった抽出基準日
  gone_run_id integer, -- 同 取込
  excluded_on text check (excluded_on = date(excluded_on)), -- 除外日
  exclusion_reason text, -- 除外事由
  exclusion_source text, -- 除外の根拠
  exclusion_note text not null, -- 除外の補足
  after_digest text not null, -- 取込後のホスト項目の要約
  after_gone_on text check (after_gone_on = date(after_gone_on)), -- 取込後の消滅
  after_excluded_on text check (after_excluded_on = date(after_excluded_on)), -- 取込後の除外日
  after_exclusion_reason text, -- 取込後の除外事由
  after_exclusion_source text, -- 取込後の除外の根拠
  left_alone text not null default '', -- 取消のときに戻さなかった部分
  primary key (run_id, person_id)
) strict;

-- How a 外字 that no font has is written instead (外字の置き換え).
create table gaiji_replacement (
  code text not null primary key, -- ホストの外字コード（F040〜F9FC）
  replacement text not null, -- 置き換える文字
  note text not null default '', -- 備考
  changed_at text not null check (changed_at like '____-__-__T__:__:__.___Z'), -- 変更日時
  changed_by integer references account (id), -- 変更者
  version integer not null default 1 -- 版
) strict;

-- Each night's run (夜間処理), so that the home page can say how the last one went.
create table nightly_run (
  id integer primary key autoincrement, -- 番号
  started_at text not null check (started_at like '____-__-__T__:__:__.___Z'), -- 開始
  finished_at text check (finished_at like '____-__-__T__:__:__.___Z'), -- 終了
  exit_code integer, -- 終了コード
  summary text not null default '' -- 結果
) strict;

-- Batches of cover letters (送付状の一括印刷): who is on the list, in which order, and how far printing has come.

create table letter_batch (
  id integer primary key autoincrement, -- 番号
  list_kind text not null check (list_kind in ('posts', 'annual', 'resends')), -- 一覧の種類
  from_on text not null check (from_on = date(from_on)), -- 対象の最初の日
  until_on text not null check (until_on = date(until_on)), -- 対象の最後の日
  printer_name text not null default '', -- プリンター
  offset_right integer not null, -- 右へずらす量（0.1mm）
  offset_down integer not null, -- 下へずらす量（0.1mm）
  chunk_size integer not null check (chunk_size between 1 and 2000), -- 1ファイルの通数
  status text not null check (status in ('made', 'running', 'cancelled', 'finished', 'failed')), -- 状態
  item_count integer not null, -- 通数
  created_at text not null check (created_at like '____-__-__T__:__:__.___Z'), -- 作成
  created_by integer references account (id), -- 作成者
  office_code text not null references office (code), -- 作成場所
  started_at text check (started_at like '____-__-__T__:__:__.___Z'), -- 印刷の開始
  started_by integer references account (id), -- 印刷を始めた職員
  finished_at text check (finished_at like '____-__-__T__:__:__.___Z'), -- 印刷の終了
  cancel_asked_at text check (cancel_asked_at like '____-__-__T__:__:__.___Z'), -- 中止の指示
  fault text not null default '', -- 失敗の内容
  remade_run_id integer references print_run (id), -- 作り直したもとのファイル
  reason text not null default '', -- 作り直した理由
  check (until_on >= from_on)
) strict;

-- A file is made anew once; two clerks at the same moment do not both make it.
create unique index letter_batch_remade on letter_batch (remade_run_id) where remade_run_id is not null;

create table letter_batch_item (
  batch_id integer not null references letter_batch (id), -- 一括印刷
  ordinal integer not null, -- 順番（郵便番号順）
  pass_id integer not null references pass (id), -- 入浴証
  postal_code text not null, -- 作成したときの郵便番号
  state text not null default 'waiting' check (state in ('waiting', 'printed', 'held')), -- 状態
  problem text not null default '', -- 保留の理由
  letter_id integer references letter (id), -- 送付状
  primary key (batch_id, ordinal)
) strict;

create index letter_batch_item_state on letter_batch_item (batch_id, state, ordinal);
create index letter_batch_item_pass on letter_batch_item (pass_id);

-- Batches of cover letters (送付状の一括印刷): who is on the list, in which order, and how far printing has come.

create table letter_batch (
  id int identity(1, 1) not null primary key, -- 番号
  list_kind nvarchar(20) collate Japanese_XJIS_140_BIN2 not null check (list_kind in (N'posts', N'annual', N'resends')), -- 一覧の種類
  from_on date not null, -- 対象の最初の日
  until_on date not null, -- 対象の最後の日
  printer_name nvarchar(60) collate Japanese_XJIS_140_BIN2 not null default N'', -- プリンター
  offset_right int not null, -- 右へずらす量（0.1mm）
  offset_down int not null, -- 下へずらす量（0.1mm）
  chunk_size int not null check (chunk_size between 1 and 2000), -- 1ファイルの通数
  status nvarchar(20) collate Japanese_XJIS_140_BIN2 not null check (status in (N'made', N'running', N'cancelled', N'finished', N'failed')), -- 状態
  item_count int not null, -- 通数
  created_at datetime2(3) not null, -- 作成
  created_by int references account (id), -- 作成者
  office_code nvarchar(2) collate Japanese_XJIS_140_BIN2 not null references office (code), -- 作成場所
  started_at datetime2(3), -- 印刷の開始
  started_by int references account (id), -- 印刷を始めた職員
  finished_at datetime2(3), -- 印刷の終了
  cancel_asked_at datetime2(3), -- 中止の指示
  fault nvarchar(200) collate Japanese_XJIS_140_BIN2 not null default N'', -- 失敗の内容
  remade_run_id int references print_run (id), -- 作り直したもとのファイル
  reason nvarchar(200) collate Japanese_XJIS_140_BIN2 not null default N'', -- 作り直した理由
  check (until_on >= from_on)
);

-- A file is made anew once; two clerks at the same moment do not both make it.
create unique index letter_batch_remade on letter_batch (remade_run_id) where remade_run_id is not null;

create table letter_batch_item (
  batch_id int not null references letter_batch (id), -- 一括印刷
  ordinal int not null, -- 順番（郵便番号順）
  pass_id int not null references pass (id), -- 入浴証
  postal_code nvarchar(7) collate Japanese_XJIS_140_BIN2 not null, -- 作成したときの郵便番号
  state nvarchar(20) collate Japanese_XJIS_140_BIN2 not null default N'waiting' check (state in (N'waiting', N'printed', N'held')), -- 状態
  problem nvarchar(400) collate Japanese_XJIS_140_BIN2 not null default N'', -- 保留の理由
  letter_id int references letter (id), -- 送付状
  primary key (batch_id, ordinal)
);

create index letter_batch_item_state on letter_batch_item (batch_id, state, ordinal);
create index letter_batch_item_pass on letter_batch_item (pass_id);

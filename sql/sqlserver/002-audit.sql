-- The record of every act (操作記録). Rows are only ever added; each carries the hash of the one before.

create table audit_head (
  id int not null primary key check (id = 1),
  last_sequence int not null, -- 最終の通し番号
  last_hash nvarchar(64) collate Japanese_XJIS_140_BIN2 not null, -- 最終のハッシュ
  closed_on date -- 締めた最後の業務日（この日までの処理は記録できない）
);

insert into audit_head (id, last_sequence, last_hash)
values (1, 0, N'0000000000000000000000000000000000000000000000000000000000000000');

create table audit_event (
  sequence int not null primary key, -- 通し番号
  occurred_at datetime2(3) not null, -- 日時（UTC）
  business_on date not null, -- 業務日（日本の暦日）
  kind nvarchar(40) collate Japanese_XJIS_140_BIN2 not null, -- 操作の種類
  account_id int references account (id), -- 操作者
  actor nvarchar(100) collate Japanese_XJIS_140_BIN2 not null, -- 操作者の利用者ID、またはジョブ名
  office_code nvarchar(2) collate Japanese_XJIS_140_BIN2 not null references office (code), -- 処理した課・特別出張所
  terminal nvarchar(64) collate Japanese_XJIS_140_BIN2 not null, -- 端末のアドレス
  request_id nvarchar(64) collate Japanese_XJIS_140_BIN2 not null, -- 要求番号
  person_id int, -- 対象者
  pass_id int, -- 入浴証
  details nvarchar(4000) collate Japanese_XJIS_140_BIN2 not null, -- 内容（JSON、住民の値を含まない）
  values_hash nvarchar(64) collate Japanese_XJIS_140_BIN2 not null, -- 値の控えのハッシュ（控えのない操作は空）
  previous_hash nvarchar(64) collate Japanese_XJIS_140_BIN2 not null, -- 一つ前のハッシュ
  hash nvarchar(64) collate Japanese_XJIS_140_BIN2 not null -- この行のハッシュ
);

create index audit_event_day on audit_event (business_on, kind);
create index audit_event_person on audit_event (person_id, sequence) where person_id is not null;
create index audit_event_account on audit_event (account_id, sequence) where account_id is not null;

-- What residents' values were and became: kept beside the chain, so that erasing them leaves the chain whole.
create table audit_value (
  event_sequence int not null references audit_event (sequence), -- 通し番号
  person_id int not null, -- 対象者 (0 = 人によらない)
  field nvarchar(40) collate Japanese_XJIS_140_BIN2 not null, -- 項目
  old_value nvarchar(max) collate Japanese_XJIS_140_BIN2 not null, -- 変更前
  new_value nvarchar(max) collate Japanese_XJIS_140_BIN2 not null, -- 変更後
  primary key (event_sequence, person_id, field)
);

create index audit_value_person on audit_value (person_id, event_sequence);

create table audit_value_salt (
  event_sequence int not null primary key references audit_event (sequence), -- 通し番号
  salt nvarchar(64) collate Japanese_XJIS_140_BIN2 not null -- 値の控えのハッシュに加えた乱数
);

-- Values that were lawfully erased: by which event, and the hash of what remained of the event's values.
create table audit_value_erasure (
  event_sequence int not null references audit_event (sequence), -- 控えを消去した操作の通し番号
  erased_by int not null references audit_event (sequence), -- 消去を記録した操作の通し番号
  remaining_hash nvarchar(64) collate Japanese_XJIS_140_BIN2 not null, -- 残った控えのハッシュ（残りがなければ空）
  primary key (event_sequence, erased_by)
);

create index audit_value_erasure_by on audit_value_erasure (erased_by, event_sequence);

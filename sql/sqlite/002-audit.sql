-- The record of every act (操作記録). Rows are only ever added; each carries the hash of the one before.

create table audit_head (
  id integer not null primary key check (id = 1),
  last_sequence integer not null, -- 最終の通し番号
  last_hash text not null, -- 最終のハッシュ
  closed_on text check (closed_on = date(closed_on)) -- 締めた最後の業務日（この日までの処理は記録できない）
) strict;

insert into audit_head (id, last_sequence, last_hash)
values (1, 0, '0000000000000000000000000000000000000000000000000000000000000000');

create table audit_event (
  sequence integer not null primary key, -- 通し番号
  occurred_at text not null check (occurred_at like '____-__-__T__:__:__.___Z'), -- 日時（UTC）
  business_on text not null check (business_on = date(business_on)), -- 業務日（日本の暦日）
  kind text not null, -- 操作の種類
  account_id integer references account (id), -- 操作者
  actor text not null, -- 操作者の利用者ID、またはジョブ名
  office_code text not null references office (code), -- 処理した課・特別出張所
  terminal text not null, -- 端末のアドレス
  request_id text not null, -- 要求番号
  person_id integer, -- 対象者
  pass_id integer, -- 入浴証
  details text not null, -- 内容（JSON、住民の値を含まない）
  values_hash text not null, -- 値の控えのハッシュ（控えのない操作は空）
  previous_hash text not null, -- 一つ前のハッシュ
  hash text not null -- この行のハッシュ
) strict;

create index audit_event_day on audit_event (business_on, kind);
create index audit_event_person on audit_event (person_id, sequence) where person_id is not null;
create index audit_event_account on audit_event (account_id, sequence) where account_id is not null;

-- What residents' values were and became: kept beside the chain, so that erasing them leaves the chain whole.
create table audit_value (
  event_sequence integer not null references audit_event (sequence), -- 通し番号
  person_id integer not null, -- 対象者 (0 = 人によらない)
  field text not null, -- 項目
  old_value text not null, -- 変更前
  new_value text not null, -- 変更後
  primary key (event_sequence, person_id, field)
) strict;

create index audit_value_person on audit_value (person_id, event_sequence);

create table audit_value_salt (
  event_sequence integer not null primary key references audit_event (sequence), -- 通し番号
  salt text not null -- 値の控えのハッシュに加えた乱数
) strict;

-- Values that were lawfully erased: by which event, and the hash of what remained of the event's values.
create table audit_value_erasure (
  event_sequence integer not null references audit_event (sequence), -- 控えを消去した操作の通し番号
  erased_by integer not null references audit_event (sequence), -- 消去を記録した操作の通し番号
  remaining_hash text not null, -- 残った控えのハッシュ（残りがなければ空）
  primary key (event_sequence, erased_by)
) strict;

create index audit_value_erasure_by on audit_value_erasure (erased_by, event_sequence);

-- Rows are only ever added. "insert or replace" would delete without a delete trigger, so it is refused as well.
create trigger audit_event_no_update before update on audit_event
begin
  select raise(abort, 'audit_event is append-only');
end;

create trigger audit_event_no_delete before delete on audit_event
begin
  select raise(abort, 'audit_event is append-only');
end;

create trigger audit_event_no_replace before insert on audit_event
when exists (select 1 from audit_event where sequence = new.sequence)
begin
  select raise(abort, 'audit_event is append-only');
end;

create trigger audit_head_only_forward before update on audit_head
when new.last_sequence < old.last_sequence
  or (old.closed_on is not null and (new.closed_on is null or new.closed_on < old.closed_on))
begin
  select raise(abort, 'audit_head only moves forward');
end;

create trigger audit_head_no_delete before delete on audit_head
begin
  select raise(abort, 'audit_head is never deleted');
end;

create trigger audit_value_no_update before update on audit_value
begin
  select raise(abort, 'audit_value is append-only');
end;

-- Values go only in the transaction that records their erasure: its event is the head of the chain then.
create trigger audit_value_no_delete before delete on audit_value
when not exists (
  select 1 from audit_value_erasure e join audit_head h on h.last_sequence = e.erased_by
  where e.event_sequence = old.event_sequence)
begin
  select raise(abort, 'audit_value is erased only with a record of it');
end;

create trigger audit_value_salt_no_update before update on audit_value_salt
begin
  select raise(abort, 'audit_value_salt is append-only');
end;

create trigger audit_value_salt_no_delete before delete on audit_value_salt
when not exists (
  select 1 from audit_value_erasure e join audit_head h on h.last_sequence = e.erased_by
  where e.event_sequence = old.event_sequence)
begin
  select raise(abort, 'audit_value_salt is erased only with a record of it');
end;

create trigger audit_value_erasure_no_update before update on audit_value_erasure
begin
  select raise(abort, 'audit_value_erasure is append-only');
end;

create trigger audit_value_erasure_no_delete before delete on audit_value_erasure
begin
  select raise(abort, 'audit_value_erasure is append-only');
end;

-- The daily processing list (日別処理状況リスト) of a business day, checked by one person and closed by another.

create table daily_list_close (
  business_on text not null primary key check (business_on = date(business_on)), -- 業務日
  checked_by integer not null references account (id), -- 照合した職員
  checked_at text not null check (checked_at like '____-__-__T__:__:__.___Z'), -- 照合した日時
  checked_sequence integer not null, -- 照合したときの操作記録の末尾
  acts integer not null, -- 処理の件数
  closed_by integer references account (id), -- 締めた職員
  closed_at text check (closed_at like '____-__-__T__:__:__.___Z'), -- 締めた日時
  head_sequence integer, -- 紙に載せた操作記録の末尾の通し番号
  head_hash text, -- 同 ハッシュ
  sha256 text, -- 締めたリストのSHA-256
  content blob, -- 締めたリスト（PDF）
  check ((closed_at is null and closed_by is null and content is null)
      or (closed_at is not null and closed_by is not null and content is not null)),
  check (closed_by is null or closed_by <> checked_by)
) strict;

create trigger daily_list_close_no_update before update on daily_list_close
when old.closed_at is not null
begin
  select raise(abort, 'a closed daily list is never changed');
end;

create trigger daily_list_close_no_delete before delete on daily_list_close
when old.closed_at is not null
begin
  select raise(abort, 'a closed daily list is never deleted');
end;

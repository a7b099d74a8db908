-- Rights granted to one account beside those of its role (権限の追加), for a period and on a ground.
-- One that is withdrawn (取消) keeps its row.

create table account_right (
  id integer primary key autoincrement, -- 権限追加番号
  account_id integer not null references account (id), -- 職員
  right_name text not null, -- 権限
  starts_on text not null check (starts_on = date(starts_on)), -- 開始日
  ends_on text not null check (ends_on = date(ends_on)), -- 終了日
  ground text not null, -- 理由
  granted_at text not null check (granted_at like '____-__-__T__:__:__.___Z'), -- 付与日時
  granted_by integer references account (id), -- 付与者
  ended_at text check (ended_at like '____-__-__T__:__:__.___Z'), -- 取消日時
  version integer not null default 1 -- 版
) strict;

create index account_right_account on account_right (account_id);

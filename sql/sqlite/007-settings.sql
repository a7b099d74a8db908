-- Settings an administrator may change within bounds (設定). A name that is not here has its default.

create table setting (
  name text not null primary key, -- 設定の名前
  value text not null, -- 値
  changed_at text not null check (changed_at like '____-__-__T__:__:__.___Z'), -- 変更日時
  changed_by integer references account (id), -- 変更者
  version integer not null default 1 -- 版
) strict;

-- Settings an administrator may change within bounds (設定). A name that is not here has its default.

create table setting (
  name nvarchar(60) collate Japanese_XJIS_140_BIN2 not null primary key, -- 設定の名前
  value nvarchar(400) collate Japanese_XJIS_140_BIN2 not null, -- 値
  changed_at datetime2(3) not null, -- 変更日時
  changed_by int references account (id), -- 変更者
  version int not null default 1 -- 版
);

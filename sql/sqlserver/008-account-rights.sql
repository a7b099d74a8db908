-- Rights granted to one account beside those of its role (権限の追加), for a period and on a ground.
-- One that is withdrawn (取消) keeps its row.

create table account_right (
  id int identity(1, 1) not null primary key, -- 権限追加番号
  account_id int not null references account (id), -- 職員
  right_name nvarchar(60) collate Japanese_XJIS_140_BIN2 not null, -- 権限
  starts_on date not null, -- 開始日
  ends_on date not null, -- 終了日
  ground nvarchar(200) collate Japanese_XJIS_140_BIN2 not null, -- 理由
  granted_at datetime2(3) not null, -- 付与日時
  granted_by int references account (id), -- 付与者
  ended_at datetime2(3), -- 取消日時
  version int not null default 1 -- 版
);

create index account_right_account on account_right (account_id);

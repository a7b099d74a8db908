-- Applications (申請) and the passes (入浴証) issued on them.

create table application (
  id int identity(1, 1) not null primary key,
  person_id int not null references person (id), -- 対象者
  fiscal_year int not null check (fiscal_year between 2000 and 2199), -- 年度
  kind nvarchar(20) collate Japanese_XJIS_140_BIN2 not null check (kind in (N'new', N'reissue_lost', N'reissue_damaged')), -- 新規／再交付（紛失・汚損）
  applied_on date not null, -- 申請日
  office_code nvarchar(2) collate Japanese_XJIS_140_BIN2 not null references office (code), -- 受付場所
  applicant nvarchar(10) collate Japanese_XJIS_140_BIN2 not null check (applicant in (N'self', N'proxy')), -- 本人／代理人
  proxy_name nvarchar(200) collate Japanese_XJIS_140_BIN2 not null default N'', -- 代理人氏名
  proxy_relation nvarchar(50) collate Japanese_XJIS_140_BIN2 not null default N'', -- 続柄
  document_seen nvarchar(100) collate Japanese_XJIS_140_BIN2 not null default N'', -- 確認書類
  document_note nvarchar(200) collate Japanese_XJIS_140_BIN2 not null default N'', -- 確認書類の補足
  proxy_document nvarchar(100) collate Japanese_XJIS_140_BIN2 not null default N'', -- 代理人の確認書類
  override_reason nvarchar(400) collate Japanese_XJIS_140_BIN2 not null default N'', -- 再交付の回数を超えて認めた理由
  account_id int references account (id), -- 受付者
  form_key nvarchar(64) collate Japanese_XJIS_140_BIN2 not null, -- 二重送信を防ぐ鍵
  created_at datetime2(3) not null -- 登録
);

create unique index application_form on application (form_key, fiscal_year);
create index application_person on application (person_id);

create table pass_number_counter (
  fiscal_year int not null primary key, -- 年度
  last_number int not null -- 最後に使った整理番号
);

create table pass (
  id int identity(1, 1) not null primary key,
  person_id int not null references person (id), -- 対象者
  fiscal_year int not null check (fiscal_year between 2000 and 2199), -- 年度
  pass_number int not null check (pass_number > 0), -- 整理番号（年度ごとの通し）
  application_id int not null references application (id), -- 申請
  applied_on date not null, -- 申請日
  issued_on date not null, -- 交付日
  issued_at_office nvarchar(2) collate Japanese_XJIS_140_BIN2 not null references office (code), -- 交付場所
  delivery_method nvarchar(10) collate Japanese_XJIS_140_BIN2 not null check (delivery_method in (N'counter', N'post')), -- 交付方法（窓口・郵送）
  status nvarchar(20) collate Japanese_XJIS_140_BIN2 not null check (status in (N'valid', N'lost', N'damaged', N'surrendered', N'revoked')), -- 状態
  status_on date not null, -- 状態の日
  status_reason nvarchar(400) collate Japanese_XJIS_140_BIN2 not null default N'', -- 返還・交付取消の理由
  returned_on date, -- 返戻日
  return_reason nvarchar(20) collate Japanese_XJIS_140_BIN2 not null default N'' check (return_reason in (N'', N'unknown_address', N'moved', N'refused', N'not_collected', N'other')), -- 返戻の事由
  return_stage nvarchar(20) collate Japanese_XJIS_140_BIN2 check (return_stage in (N'registered', N'inquiry', N'address_confirmed', N'resent', N'given_up')), -- 返戻の段階
  return_stage_on date, -- 返戻の段階の日
  return_note nvarchar(400) collate Japanese_XJIS_140_BIN2 not null default N'', -- 返戻の補足
  predecessor_id int references pass (id), -- 前の入浴証
  created_at datetime2(3) not null, -- 登録
  version int not null default 1, -- 版
  check (issued_on >= applied_on),
  check (returned_on is null or returned_on >= issued_on)
);

create unique index pass_number on pass (fiscal_year, pass_number);
create unique index pass_one_valid on pass (person_id, fiscal_year) where status = N'valid';
create index pass_person on pass (person_id, fiscal_year);
create index pass_issued on pass (issued_on);
create index pass_return on pass (return_stage) where return_stage is not null;

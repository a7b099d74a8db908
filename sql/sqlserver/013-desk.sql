-- What the desk needs: rules of a fiscal year, pre-printed passes, releases of protected people, forms already taken.

create table fiscal_year_rule (
  fiscal_year int not null primary key check (fiscal_year between 2000 and 2199), -- 年度
  loss_reissues int not null check (loss_reissues between 0 and 12), -- 紛失による再交付の上限（回）
  issue_from_on date not null, -- この年度の入浴証を交付できる最初の日
  age_rule nvarchar(30) collate Japanese_XJIS_140_BIN2 not null check (age_rule in (N'legal-previous-day', N'birthday', N'month-first', N'fiscal-year-end', N'base-date')), -- 年齢の到達日の決め方
  changed_at datetime2(3) not null, -- 変更
  changed_by int references account (id), -- 変更者
  version int not null default 1 -- 版
);

-- Numbers printed on the passes beforehand. Numbers are never drawn out of these.
create table pass_stock_range (
  id int identity(1, 1) not null primary key, -- 番号
  fiscal_year int not null check (fiscal_year between 2000 and 2199), -- 年度
  first_number int not null check (first_number > 0), -- 最初の整理番号
  last_number int not null, -- 最後の整理番号
  office_code nvarchar(2) collate Japanese_XJIS_140_BIN2 not null references office (code), -- 配った課・特別出張所
  created_at datetime2(3) not null, -- 登録
  created_by int references account (id), -- 登録者
  removed_at datetime2(3), -- 取消
  version int not null default 1, -- 版
  check (last_number >= first_number)
);

create index pass_stock_range_year on pass_stock_range (fiscal_year, first_number);

-- A release (一時解除) ends by itself at expires_at. An address is shown to whoever gave the reason; a letter needs a second person.
create table protected_release (
  id int identity(1, 1) not null primary key, -- 番号
  person_id int not null references person (id), -- 対象者
  purpose nvarchar(10) collate Japanese_XJIS_140_BIN2 not null check (purpose in (N'address', N'letter')), -- 住所の表示／送付状の印刷
  pass_id int references pass (id), -- 送付状の入浴証
  reason nvarchar(200) collate Japanese_XJIS_140_BIN2 not null, -- 理由
  requested_by int not null references account (id), -- 申請した職員
  requested_at datetime2(3) not null, -- 申請
  answered_by int references account (id), -- 承認・却下した職員
  answered_at datetime2(3), -- 承認・却下
  is_approved tinyint not null default 0 check (is_approved in (0, 1)), -- 承認
  expires_at datetime2(3) not null, -- この時刻に元に戻る
  used_at datetime2(3), -- 印刷に使った日時
  version int not null default 1, -- 版
  check ((purpose = N'letter' and pass_id is not null) or (purpose = N'address' and pass_id is null))
);

create index protected_release_person on protected_release (person_id, purpose, expires_at);

-- A form that was taken, so that sending it twice gives the first result. What was sent is kept as a keyed hash only.
create table form_receipt (
  form_key nvarchar(64) collate Japanese_XJIS_140_BIN2 not null primary key, -- 一度限りの鍵
  account_id int not null references account (id), -- 職員
  path nvarchar(200) collate Japanese_XJIS_140_BIN2 not null, -- 送り先
  content_hash nvarchar(64) collate Japanese_XJIS_140_BIN2 not null, -- 内容の鍵付きハッシュ
  location nvarchar(200) collate Japanese_XJIS_140_BIN2 not null default N'', -- 結果の画面（処理中は空）
  created_at datetime2(3) not null -- 受付
);

create index form_receipt_created on form_receipt (created_at);

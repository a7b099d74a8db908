-- Offices, staff accounts and their sessions.

create table office (
  code nvarchar(2) collate Japanese_XJIS_140_BIN2 not null primary key, -- 課・特別出張所コード (00 = 課)
  name nvarchar(100) collate Japanese_XJIS_140_BIN2 not null, -- 名称
  kind nvarchar(20) collate Japanese_XJIS_140_BIN2 not null check (kind in (N'department', N'branch')), -- 課／特別出張所
  phone nvarchar(30) collate Japanese_XJIS_140_BIN2 not null default N'', -- 電話番号
  is_active tinyint not null default 1 check (is_active in (0, 1)) -- 使用中
);

insert into office (code, name, kind) values
  (N'00', N'地域包括ケア推進課', N'department'),
  (N'01', N'四谷特別出張所', N'branch'),
  (N'02', N'箪笥町特別出張所', N'branch'),
  (N'03', N'榎町特別出張所', N'branch'),
  (N'04', N'若松町特別出張所', N'branch'),
  (N'05', N'大久保特別出張所', N'branch'),
  (N'06', N'戸塚特別出張所', N'branch'),
  (N'07', N'落合第一特別出張所', N'branch'),
  (N'08', N'落合第二特別出張所', N'branch'),
  (N'09', N'柏木特別出張所', N'branch'),
  (N'10', N'角筈特別出張所', N'branch');

create table account (
  id int identity(1, 1) not null primary key, -- 職員アカウント番号
  login_name nvarchar(50) collate Japanese_XJIS_140_BIN2 not null unique, -- 利用者ID
  display_name nvarchar(100) collate Japanese_XJIS_140_BIN2 not null, -- 職員氏名
  office_code nvarchar(2) collate Japanese_XJIS_140_BIN2 not null references office (code), -- 所属
  role nvarchar(20) collate Japanese_XJIS_140_BIN2 not null check (role in (N'clerk', N'supervisor', N'branch', N'administrator', N'auditor')), -- 役割
  password_hash nvarchar(200) collate Japanese_XJIS_140_BIN2, -- パスワード（argon2id）
  code_hash nvarchar(200) collate Japanese_XJIS_140_BIN2, -- 初回・再設定コード（一回限り）
  code_expires_at datetime2(3), -- 同 期限
  valid_from_on date not null, -- 有効期間 開始日
  valid_until_on date, -- 有効期間 終了日
  stopped_at datetime2(3), -- 使用停止
  last_sign_in_at datetime2(3), -- 最後のサインイン
  last_sign_in_terminal nvarchar(64) collate Japanese_XJIS_140_BIN2 not null default N'', -- 同 端末のアドレス
  password_changed_at datetime2(3), -- パスワード変更
  created_at datetime2(3) not null, -- 登録
  version int not null default 1 -- 版
);

-- Failures are counted for an ID at one terminal, so that nobody can lock a colleague out from elsewhere.
create table sign_in_failure (
  login_name nvarchar(50) collate Japanese_XJIS_140_BIN2 not null, -- 入力された利用者ID
  terminal nvarchar(64) collate Japanese_XJIS_140_BIN2 not null, -- 端末のアドレス
  failures int not null, -- 続けて失敗した回数（確認中を含む）
  last_at datetime2(3) not null, -- 最後の失敗
  primary key (login_name, terminal)
);

create table session (
  id_hash nvarchar(64) collate Japanese_XJIS_140_BIN2 not null primary key, -- セッションIDのSHA-256
  account_id int references account (id), -- 職員
  data nvarchar(4000) collate Japanese_XJIS_140_BIN2 not null, -- セッションの内容（JSON）
  created_at datetime2(3) not null, -- 開始
  seen_at datetime2(3) not null -- 最終操作
);

create index session_account on session (account_id);
create index session_created on session (created_at);

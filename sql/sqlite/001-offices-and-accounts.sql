-- Offices, staff accounts and their sessions.

create table office (
  code text not null primary key, -- 課・特別出張所コード (00 = 課)
  name text not null, -- 名称
  kind text not null check (kind in ('department', 'branch')), -- 課／特別出張所
  phone text not null default '', -- 電話番号
  is_active integer not null default 1 check (is_active in (0, 1)) -- 使用中
) strict;

insert into office (code, name, kind) values
  ('00', '地域包括ケア推進課', 'department'),
  ('01', '四谷特別出張所', 'branch'),
  ('02', '箪笥町特別出張所', 'branch'),
  ('03', '榎町特別出張所', 'branch'),
  ('04', '若松町特別出張所', 'branch'),
  ('05', '大久保特別出張所', 'branch'),
  ('06', '戸塚特別出張所', 'branch'),
  ('07', '落合第一特別出張所', 'branch'),
  ('08', '落合第二特別出張所', 'branch'),
  ('09', '柏木特別出張所', 'branch'),
  ('10', '角筈特別出張所', 'branch');

create table account (
  id integer primary key autoincrement, -- 職員アカウント番号
  login_name text not null unique, -- 利用者ID
  display_name text not null, -- 職員氏名
  office_code text not null references office (code), -- 所属
  role text not null check (role in ('clerk', 'supervisor', 'branch', 'administrator', 'auditor')), -- 役割
  password_hash text, -- パスワード（argon2id）
  code_hash text, -- 初回・再設定コード（一回限り）
  code_expires_at text check (code_expires_at like '____-__-__T__:__:__.___Z'), -- 同 期限
  valid_from_on text not null check (valid_from_on = date(valid_from_on)), -- 有効期間 開始日
  valid_until_on text check (valid_until_on = date(valid_until_on)), -- 有効期間 終了日
  stopped_at text check (stopped_at like '____-__-__T__:__:__.___Z'), -- 使用停止
  last_sign_in_at text check (last_sign_in_at like '____-__-__T__:__:__.___Z'), -- 最後のサインイン
  last_sign_in_terminal text not null default '', -- 同 端末のアドレス
  password_changed_at text check (password_changed_at like '____-__-__T__:__:__.___Z'), -- パスワード変更
  created_at text not null check (created_at like '____-__-__T__:__:__.___Z'), -- 登録
  version integer not null default 1 -- 版
) strict;

-- Failures are counted for an ID at one terminal, so that nobody can lock a colleague out from elsewhere.
create table sign_in_failure (
  login_name text not null, -- 入力された利用者ID
  terminal text not null, -- 端末のアドレス
  failures integer not null, -- 続けて失敗した回数（確認中を含む）
  last_at text not null check (last_at like '____-__-__T__:__:__.___Z'), -- 最後の失敗
  primary key (login_name, terminal)
) strict;

create table session (
  id_hash text not null primary key, -- セッションIDのSHA-256
  account_id integer references account (id), -- 職員
  data text not null, -- セッションの内容（JSON）
  created_at text not null check (created_at like '____-__-__T__:__:__.___Z'), -- 開始
  seen_at text not null check (seen_at like '____-__-__T__:__:__.___Z') -- 最終操作
) strict;

create index session_account on session (account_id);
create index session_created on session (created_at);

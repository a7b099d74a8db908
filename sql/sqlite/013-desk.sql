-- What the desk needs: rules of a fiscal year, pre-printed passes, releases of protected people, forms already taken.

create table fiscal_year_rule (
  fiscal_year integer not null primary key check (fiscal_year between 2000 and 2199), -- 年度
  loss_reissues integer not null check (loss_reissues between 0 and 12), -- 紛失による再交付の上限（回）
  issue_from_on text not null check (issue_from_on = date(issue_from_on)), -- この年度の入浴証を交付できる最初の日
  age_rule text not null check (age_rule in ('legal-previous-day', 'birthday', 'month-first', 'fiscal-year-end', 'base-date')), -- 年齢の到達日の決め方
  changed_at text not null check (changed_at like '____-__-__T__:__:__.___Z'), -- 変更
  changed_by integer references account (id), -- 変更者
  version integer not null default 1 -- 版
) strict;

-- Numbers printed on the passes beforehand. Numbers are never drawn out of these.
create table pass_stock_range (
  id integer primary key autoincrement, -- 番号
  fiscal_year integer not null check (fiscal_year between 2000 and 2199), -- 年度
  first_number integer not null check (first_number > 0), -- 最初の整理番号
  last_number integer not null, -- 最後の整理番号
  office_code text not null references office (code), -- 配った課・特別出張所
  created_at text not null check (created_at like '____-__-__T__:__:__.___Z'), -- 登録
  created_by integer references account (id), -- 登録者
  removed_at text check (removed_at like '____-__-__T__:__:__.___Z'), -- 取消
  version integer not null default 1, -- 版
  check (last_number >= first_number)
) strict;

create index pass_stock_range_year on pass_stock_range (fiscal_year, first_number);

-- A release (一時解除) ends by itself at expires_at. An address is shown to whoever gave the reason; a letter needs a second person.
create table protected_release (
  id integer primary key autoincrement, -- 番号
  person_id integer not null references person (id), -- 対象者
  purpose text not null check (purpose in ('address', 'letter')), -- 住所の表示／送付状の印刷
  pass_id integer references pass (id), -- 送付状の入浴証
  reason text not null, -- 理由
  requested_by integer not null references account (id), -- 申請した職員
  requested_at text not null check (requested_at like '____-__-__T__:__:__.___Z'), -- 申請
  answered_by integer references account (id), -- 承認・却下した職員
  answered_at text check (answered_at like '____-__-__T__:__:__.___Z'), -- 承認・却下
  is_approved integer not null default 0 check (is_approved in (0, 1)), -- 承認
  expires_at text not null check (expires_at like '____-__-__T__:__:__.___Z'), -- この時刻に元に戻る
  used_at text check (used_at like '____-__-__T__:__:__.___Z'), -- 印刷に使った日時
  version integer not null default 1, -- 版
  check ((purpose = 'letter' and pass_id is not null) or (purpose = 'address' and pass_id is null))
) strict;

create index protected_release_person on protected_release (person_id, purpose, expires_at);

-- A form that was taken, so that sending it twice gives the first result. What was sent is kept as a keyed hash only.
create table form_receipt (
  form_key text not null primary key, -- 一度限りの鍵
  account_id integer not null references account (id), -- 職員
  path text not null, -- 送り先
  content_hash text not null, -- 内容の鍵付きハッシュ
  location text not null default '', -- 結果の画面（処理中は空）
  created_at text not null check (created_at like '____-__-__T__:__:__.___Z') -- 受付
) strict;

create index form_receipt_created on form_receipt (created_at);

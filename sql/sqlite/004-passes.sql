-- Applications (申請) and the passes (入浴証) issued on them.

create table application (
  id integer primary key autoincrement,
  person_id integer not null references person (id), -- 対象者
  fiscal_year integer not null check (fiscal_year between 2000 and 2199), -- 年度
  kind text not null check (kind in ('new', 'reissue_lost', 'reissue_damaged')), -- 新規／再交付（紛失・汚損）
  applied_on text not null check (applied_on = date(applied_on)), -- 申請日
  office_code text not null references office (code), -- 受付場所
  applicant text not null check (applicant in ('self', 'proxy')), -- 本人／代理人
  proxy_name text not null default '', -- 代理人氏名
  proxy_relation text not null default '', -- 続柄
  document_seen text not null default '', -- 確認書類
  document_note text not null default '', -- 確認書類の補足
  proxy_document text not null default '', -- 代理人の確認書類
  override_reason text not null default '', -- 再交付の回数を超えて認めた理由
  account_id integer references account (id), -- 受付者
  form_key text not null, -- 二重送信を防ぐ鍵
  created_at text not null check (created_at like '____-__-__T__:__:__.___Z') -- 登録
) strict;

create unique index application_form on application (form_key, fiscal_year);
create index application_person on application (person_id);

create table pass_number_counter (
  fiscal_year integer not null primary key, -- 年度
  last_number integer not null -- 最後に使った整理番号
) strict;

create table pass (
  id integer primary key autoincrement,
  person_id integer not null references person (id), -- 対象者
  fiscal_year integer not null check (fiscal_year between 2000 and 2199), -- 年度
  pass_number integer not null check (pass_number > 0), -- 整理番号（年度ごとの通し）
  application_id integer not null references application (id), -- 申請
  applied_on text not null check (applied_on = date(applied_on)), -- 申請日
  issued_on text not null check (issued_on = date(issued_on)), -- 交付日
  issued_at_office text not null references office (code), -- 交付場所
  delivery_method text not null check (delivery_method in ('counter', 'post')), -- 交付方法（窓口・郵送）
  status text not null check (status in ('valid', 'lost', 'damaged', 'surrendered', 'revoked')), -- 状態
  status_on text not null check (status_on = date(status_on)), -- 状態の日
  status_reason text not null default '', -- 返還・交付取消の理由
  returned_on text check (returned_on = date(returned_on)), -- 返戻日
  return_reason text not null default '' check (return_reason in ('', 'unknown_address', 'moved', 'refused', 'not_collected', 'other')), -- 返戻の事由
  return_stage text check (return_stage in ('registered', 'inquiry', 'address_confirmed', 'resent', 'given_up')), -- 返戻の段階
  return_stage_on text check (return_stage_on = date(return_stage_on)), -- 返戻の段階の日
  return_note text not null default '', -- 返戻の補足
  predecessor_id integer references pass (id), -- 前の入浴証
  created_at text not null check (created_at like '____-__-__T__:__:__.___Z'), -- 登録
  version integer not null default 1, -- 版
  check (issued_on >= applied_on),
  check (returned_on is null or returned_on >= issued_on)
) strict;

create unique index pass_number on pass (fiscal_year, pass_number);
create unique index pass_one_valid on pass (person_id, fiscal_year) where status = 'valid';
create index pass_person on pass (person_id, fiscal_year);
create index pass_issued on pass (issued_on);
create index pass_return on pass (return_stage) where return_stage is not null;

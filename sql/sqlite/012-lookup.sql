-- What a person was called and where they lived before (旧氏名・旧住所), for searches; and answers on the telephone.

create table person_former_value (
  id integer primary key autoincrement,
  person_id integer not null references person (id), -- 対象者
  field text not null check (field in ('name', 'kana', 'address')), -- 氏名／ふりがな／住所
  value text not null, -- 前の値
  value_fold text not null, -- 検索用
  replaced_on text not null check (replaced_on = date(replaced_on)), -- 変わった抽出基準日
  run_id integer not null references import_run (id) -- 変えた取込
) strict;

create index person_former_value_fold on person_former_value (field, value_fold);
create index person_former_value_person on person_former_value (person_id);

create table inquiry (
  id integer primary key autoincrement,
  person_id integer references person (id), -- 対象者（該当なしは空）
  office_code text not null references office (code), -- 照会元の課・特別出張所
  caller text not null, -- 照会元の担当者
  answer text not null check (answer in ('issuable', 'issued', 'not-eligible', 'needs-check', 'not-found')), -- 回答
  answer_text text not null, -- 回答の文
  account_id integer not null references account (id), -- 回答した職員
  answered_at text not null check (answered_at like '____-__-__T__:__:__.___Z') -- 回答日時
) strict;

create index inquiry_person on inquiry (person_id, id) where person_id is not null;

-- What a person was called and where they lived before (旧氏名・旧住所), for searches; and answers on the telephone.

create table person_former_value (
  id int identity(1, 1) not null primary key,
  person_id int not null references person (id), -- 対象者
  field nvarchar(10) collate Japanese_XJIS_140_BIN2 not null check (field in (N'name', N'kana', N'address')), -- 氏名／ふりがな／住所
  value nvarchar(400) collate Japanese_XJIS_140_BIN2 not null, -- 前の値
  value_fold nvarchar(400) collate Japanese_XJIS_140_BIN2 not null, -- 検索用
  replaced_on date not null, -- 変わった抽出基準日
  run_id int not null references import_run (id) -- 変えた取込
);

create index person_former_value_fold on person_former_value (field, value_fold);
create index person_former_value_person on person_former_value (person_id);

create table inquiry (
  id int identity(1, 1) not null primary key,
  person_id int references person (id), -- 対象者（該当なしは空）
  office_code nvarchar(2) collate Japanese_XJIS_140_BIN2 not null references office (code), -- 照会元の課・特別出張所
  caller nvarchar(50) collate Japanese_XJIS_140_BIN2 not null, -- 照会元の担当者
  answer nvarchar(20) collate Japanese_XJIS_140_BIN2 not null check (answer in (N'issuable', N'issued', N'not-eligible', N'needs-check', N'not-found')), -- 回答
  answer_text nvarchar(400) collate Japanese_XJIS_140_BIN2 not null, -- 回答の文
  account_id int not null references account (id), -- 回答した職員
  answered_at datetime2(3) not null -- 回答日時
);

create index inquiry_person on inquiry (person_id, id) where person_id is not null;

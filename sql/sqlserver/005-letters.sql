-- Cover letters (送付状) as printed: what was sent, in which words, by whom.

create table letter (
  id int identity(1, 1) not null primary key,
  pass_id int not null references pass (id), -- 入浴証
  person_id int not null references person (id), -- 対象者
  kind nvarchar(20) collate Japanese_XJIS_140_BIN2 not null check (kind in (N'new', N'reissue', N'resend', N'annual')), -- 送付状の種類
  serial nvarchar(20) collate Japanese_XJIS_140_BIN2 not null unique, -- 発行番号
  printed_on date not null, -- 印刷日
  printed_at datetime2(3) not null, -- 印刷日時
  printed_by int references account (id), -- 印刷者
  office_code nvarchar(2) collate Japanese_XJIS_140_BIN2 not null references office (code), -- 印刷場所
  template_version int not null, -- 文面の版
  content nvarchar(max) collate Japanese_XJIS_140_BIN2 not null, -- 印字した内容（JSON）
  reprint_reason nvarchar(200) collate Japanese_XJIS_140_BIN2 not null default N'' -- 再発行の理由
);

create index letter_pass on letter (pass_id);
create index letter_person on letter (person_id);
create index letter_day on letter (printed_on);

-- Cover letters (送付状) as printed: what was sent, in which words, by whom; and what printing needs.

create table letter_template (
  id int identity(1, 1) not null primary key, -- 番号
  kind nvarchar(20) collate Japanese_XJIS_140_BIN2 not null check (kind in (N'new', N'reissue', N'resend', N'annual', N'postcard')), -- 文面の種類
  version int not null check (version > 0), -- 版
  title nvarchar(100) collate Japanese_XJIS_140_BIN2 not null, -- 表題
  body nvarchar(4000) collate Japanese_XJIS_140_BIN2 not null, -- 本文（差し込み項目は波かっこ）
  created_at datetime2(3) not null, -- 登録
  created_by int references account (id), -- 登録者
  unique (kind, version)
);

insert into letter_template (kind, version, title, body, created_at) values (N'new', 1, N'{年度} ふれあい入浴証の送付について', N'日ごろから区の事業にご理解とご協力をいただき、ありがとうございます。{年度}のふれあい入浴証をお送りします。
ご利用の前に、入浴証の裏面の氏名欄にご本人のお名前をご記入ください。
整理番号｜{整理番号}
有効期間｜{有効期間}
ご利用回数｜1か月に4回まで
ご利用できる方｜ご本人に限ります。ほかの方に貸したり譲ったりすることはできません。
紛失したとき｜再交付は年度内に1回までです。ご本人を確認できるものをお持ちのうえ、担当課または特別出張所へお越しください。
転出などのとき｜区外に転出されるなど対象でなくなったときは、入浴証をお返しください。
【お問い合わせ】
新宿区福祉部 地域包括ケア推進課
〒160-8484 新宿区歌舞伎町1-4-1', '2026-04-01T00:00:00.000');
insert into letter_template (kind, version, title, body, created_at) values (N'reissue', 1, N'{年度} ふれあい入浴証の再交付について', N'日ごろから区の事業にご理解とご協力をいただき、ありがとうございます。再交付の申請をいただいた{年度}のふれあい入浴証をお送りします。
これまでの入浴証は使えなくなりました。見つかったときは、担当課または特別出張所へお返しください。
ご利用の前に、入浴証の裏面の氏名欄にご本人のお名前をご記入ください。
整理番号｜{整理番号}
有効期間｜{有効期間}
ご利用回数｜1か月に4回まで
ご利用できる方｜ご本人に限ります。ほかの方に貸したり譲ったりすることはできません。
紛失したとき｜再交付は年度内に1回までです。ご本人を確認できるものをお持ちのうえ、担当課または特別出張所へお越しください。
転出などのとき｜区外に転出されるなど対象でなくなったときは、入浴証をお返しください。
【お問い合わせ】
新宿区福祉部 地域包括ケア推進課
〒160-8484 新宿区歌舞伎町1-4-1', '2026-04-01T00:00:00.000');
insert into letter_template (kind, version, title, body, created_at) values (N'resend', 1, N'{年度} ふれあい入浴証の再送付について', N'日ごろから区の事業にご理解とご協力をいただき、ありがとうございます。{交付日}に交付した{年度}のふれあい入浴証は、お届けできずに{返戻日}に区へ戻りましたので、あらためてお送りします。
ご利用の前に、入浴証の裏面の氏名欄にご本人のお名前をご記入ください。
整理番号｜{整理番号}
有効期間｜{有効期間}
ご利用回数｜1か月に4回まで
ご利用できる方｜ご本人に限ります。ほかの方に貸したり譲ったりすることはできません。
紛失したとき｜再交付は年度内に1回までです。ご本人を確認できるものをお持ちのうえ、担当課または特別出張所へお越しください。
転出などのとき｜区外に転出されるなど対象でなくなったときは、入浴証をお返しください。
【お問い合わせ】
新宿区福祉部 地域包括ケア推進課
〒160-8484 新宿区歌舞伎町1-4-1', '2026-04-01T00:00:00.000');
insert into letter_template (kind, version, title, body, created_at) values (N'annual', 1, N'{年度} ふれあい入浴証の送付について', N'日ごろから区の事業にご理解とご協力をいただき、ありがとうございます。これまでに申請をいただいた方に、{年度}のふれあい入浴証をお送りします。あらためての申請はいりません。
前の年度の入浴証は、有効期間が過ぎましたらご自分で処分してください。
ご利用の前に、入浴証の裏面の氏名欄にご本人のお名前をご記入ください。
整理番号｜{整理番号}
有効期間｜{有効期間}
ご利用回数｜1か月に4回まで
ご利用できる方｜ご本人に限ります。ほかの方に貸したり譲ったりすることはできません。
紛失したとき｜再交付は年度内に1回までです。ご本人を確認できるものをお持ちのうえ、担当課または特別出張所へお越しください。
転出などのとき｜区外に転出されるなど対象でなくなったときは、入浴証をお返しください。
【お問い合わせ】
新宿区福祉部 地域包括ケア推進課
〒160-8484 新宿区歌舞伎町1-4-1', '2026-04-01T00:00:00.000');
insert into letter_template (kind, version, title, body, created_at) values (N'postcard', 1, N'ふれあい入浴事業のお知らせ', N'60歳になられる方へ、区内の公衆浴場を月4回まで無料でご利用いただける「ふれあい入浴証」をご案内します。
ご希望の方は、ご本人を確認できるものをお持ちのうえ、担当課または特別出張所へお越しください。60歳になる日（誕生日の前日）から申請できます。
【お問い合わせ】
新宿区福祉部 地域包括ケア推進課
〒160-8484 新宿区歌舞伎町1-4-1', '2026-04-01T00:00:00.000');

-- Who signs (差出人). Of several in force on a day the one that began last counts, so that a deputy (職務代理者)
-- stands in for a term and the office holder returns by himself.
create table sender_title (
  id int identity(1, 1) not null primary key, -- 番号
  starts_on date not null, -- 開始日
  ends_on date, -- 終了日
  lines nvarchar(400) collate Japanese_XJIS_140_BIN2 not null, -- 差出人の行
  created_at datetime2(3) not null, -- 登録
  created_by int references account (id), -- 登録者
  removed_at datetime2(3), -- 取消
  check (ends_on is null or ends_on >= starts_on)
);

insert into sender_title (starts_on, lines, created_at) values ('2000-01-01', N'新宿区福祉部
地域包括ケア推進課長', '2026-04-01T00:00:00.000');

-- Printers whose output lies a little off (位置調整).
create table printer (
  id int identity(1, 1) not null primary key, -- 番号
  name nvarchar(60) collate Japanese_XJIS_140_BIN2 not null unique, -- プリンターの名前
  office_code nvarchar(2) collate Japanese_XJIS_140_BIN2 references office (code), -- 既定で使う場所
  offset_right int not null default 0 check (offset_right between -200 and 200), -- 右へずらす量（0.1mm）
  offset_down int not null default 0 check (offset_down between -200 and 200), -- 下へずらす量（0.1mm）
  is_active tinyint not null default 1 check (is_active in (0, 1)) -- 使用中
);

create table letter_serial_counter (
  printed_on date not null, -- 印刷日
  office_code nvarchar(2) collate Japanese_XJIS_140_BIN2 not null references office (code), -- 印刷場所
  last_number int not null, -- 最後に使った発行番号
  primary key (printed_on, office_code)
);

-- Every act of printing (印刷記録). A file of a batch has its hash once it lies on the disk.
create table print_run (
  id int identity(1, 1) not null primary key, -- 番号
  kind nvarchar(20) collate Japanese_XJIS_140_BIN2 not null check (kind in (N'letter', N'batch', N'labels', N'postcards')), -- 帳票
  title nvarchar(200) collate Japanese_XJIS_140_BIN2 not null, -- 表題
  file_name nvarchar(100) collate Japanese_XJIS_140_BIN2 not null, -- ファイル名
  pages int not null, -- ページ数
  addressees int not null, -- 宛名の数
  template_version int, -- 文面の版
  sha256 nvarchar(64) collate Japanese_XJIS_140_BIN2 not null default N'', -- PDFのSHA-256
  content nvarchar(max) collate Japanese_XJIS_140_BIN2 not null default N'', -- 印字した内容（JSON、宛名ラベルとはがき）
  reason nvarchar(200) collate Japanese_XJIS_140_BIN2 not null default N'', -- 印刷・再発行の理由
  printer_name nvarchar(60) collate Japanese_XJIS_140_BIN2 not null default N'', -- プリンター
  printed_on date not null, -- 印刷日
  printed_at datetime2(3) not null, -- 印刷日時
  printed_by int references account (id), -- 印刷者
  actor nvarchar(100) collate Japanese_XJIS_140_BIN2 not null, -- 利用者ID
  office_code nvarchar(2) collate Japanese_XJIS_140_BIN2 not null references office (code), -- 印刷場所
  terminal nvarchar(100) collate Japanese_XJIS_140_BIN2 not null, -- 端末
  batch_id int, -- 一括印刷
  file_number int -- 一括印刷のファイルの番号
);

create index print_run_day on print_run (printed_on);
create index print_run_batch on print_run (batch_id, file_number);

create table letter (
  id int identity(1, 1) not null primary key, -- 番号
  pass_id int not null references pass (id), -- 入浴証
  person_id int not null references person (id), -- 対象者
  kind nvarchar(20) collate Japanese_XJIS_140_BIN2 not null check (kind in (N'new', N'reissue', N'resend', N'annual')), -- 送付状の種類
  occasion nvarchar(10) collate Japanese_XJIS_140_BIN2 not null default N'', -- 再発送のもとになった返戻日
  serial nvarchar(20) collate Japanese_XJIS_140_BIN2 not null unique, -- 発行番号
  print_run_id int not null references print_run (id), -- 印刷記録
  page_number int not null, -- ファイルの中のページ
  printed_on date not null, -- 印刷日
  printed_at datetime2(3) not null, -- 印刷日時
  printed_by int references account (id), -- 印刷者
  office_code nvarchar(2) collate Japanese_XJIS_140_BIN2 not null references office (code), -- 印刷場所
  template_version int not null, -- 文面の版
  content nvarchar(max) collate Japanese_XJIS_140_BIN2 not null, -- 印字した内容（JSON）
  reprint_reason nvarchar(200) collate Japanese_XJIS_140_BIN2 not null default N'' -- 再発行の理由
);

-- One first print for each purpose; another print has its reason.
create unique index letter_first on letter (pass_id, kind, occasion) where reprint_reason = N'';
create index letter_pass on letter (pass_id);
create index letter_person on letter (person_id);
create index letter_day on letter (printed_on);
create index letter_run on letter (print_run_id, page_number);

-- Labels and postcards name nobody but in the text they were drawn from: here is who is on them, and who was left out.
create table print_run_person (
  print_run_id int not null references print_run (id), -- 印刷記録
  ordinal int not null, -- 順番
  person_id int not null references person (id), -- 対象者
  pass_id int references pass (id), -- 入浴証（はがきにはない）
  problem nvarchar(20) collate Japanese_XJIS_140_BIN2 not null default N'' check (problem in (N'', N'character', N'overflow', N'address', N'protected')), -- 除いた理由の種類（印字した人は空）
  sentence nvarchar(400) collate Japanese_XJIS_140_BIN2 not null default N'', -- 除いた理由
  primary key (print_run_id, ordinal)
);

create index print_run_person_person on print_run_person (person_id);

-- What could not be printed (印刷保留): characters, length (文字超過), no address.
create table letter_held (
  id int identity(1, 1) not null primary key, -- 番号
  paper nvarchar(20) collate Japanese_XJIS_140_BIN2 not null check (paper in (N'letter', N'labels', N'postcards')), -- 帳票
  pass_id int references pass (id), -- 入浴証（はがきにはない）
  person_id int not null references person (id), -- 対象者
  problem nvarchar(20) collate Japanese_XJIS_140_BIN2 not null check (problem in (N'character', N'overflow', N'address')), -- 理由の種類
  sentence nvarchar(400) collate Japanese_XJIS_140_BIN2 not null, -- 理由
  held_at datetime2(3) not null, -- 保留した日時
  held_by int references account (id), -- 印刷しようとした職員
  settled_at datetime2(3) -- 印刷できた日時
);

create index letter_held_pass on letter_held (pass_id);
create index letter_held_person on letter_held (person_id);
create index letter_held_open on letter_held (problem, settled_at);

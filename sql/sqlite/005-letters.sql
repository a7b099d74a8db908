-- Cover letters (送付状) as printed: what was sent, in which words, by whom; and what printing needs.

create table letter_template (
  id integer primary key autoincrement, -- 番号
  kind text not null check (kind in ('new', 'reissue', 'resend', 'annual', 'postcard')), -- 文面の種類
  version integer not null check (version > 0), -- 版
  title text not null, -- 表題
  body text not null, -- 本文（差し込み項目は波かっこ）
  created_at text not null check (created_at like '____-__-__T__:__:__.___Z'), -- 登録
  created_by integer references account (id), -- 登録者
  unique (kind, version)
) strict;

insert into letter_template (kind, version, title, body, created_at) values ('new', 1, '{年度} ふれあい入浴証の送付について', '日ごろから区の事業にご理解とご協力をいただき、ありがとうございます。{年度}のふれあい入浴証をお送りします。
ご利用の前に、入浴証の裏面の氏名欄にご本人のお名前をご記入ください。
整理番号｜{整理番号}
有効期間｜{有効期間}
ご利用回数｜1か月に4回まで
ご利用できる方｜ご本人に限ります。ほかの方に貸したり譲ったりすることはできません。
紛失したとき｜再交付は年度内に1回までです。ご本人を確認できるものをお持ちのうえ、担当課または特別出張所へお越しください。
転出などのとき｜区外に転出されるなど対象でなくなったときは、入浴証をお返しください。
【お問い合わせ】
新宿区福祉部 地域包括ケア推進課
〒160-8484 新宿区歌舞伎町1-4-1', '2026-04-01T00:00:00.000Z');
insert into letter_template (kind, version, title, body, created_at) values ('reissue', 1, '{年度} ふれあい入浴証の再交付について', '日ごろから区の事業にご理解とご協力をいただき、ありがとうございます。再交付の申請をいただいた{年度}のふれあい入浴証をお送りします。
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
〒160-8484 新宿区歌舞伎町1-4-1', '2026-04-01T00:00:00.000Z');
insert into letter_template (kind, version, title, body, created_at) values ('resend', 1, '{年度} ふれあい入浴証の再送付について', '日ごろから区の事業にご理解とご協力をいただき、ありがとうございます。{交付日}に交付した{年度}のふれあい入浴証は、お届けできずに{返戻日}に区へ戻りましたので、あらためてお送りします。
ご利用の前に、入浴証の裏面の氏名欄にご本人のお名前をご記入ください。
整理番号｜{整理番号}
有効期間｜{有効期間}
ご利用回数｜1か月に4回まで
ご利用できる方｜ご本人に限ります。ほかの方に貸したり譲ったりすることはできません。
紛失したとき｜再交付は年度内に1回までです。ご本人を確認できるものをお持ちのうえ、担当課または特別出張所へお越しください。
転出などのとき｜区外に転出されるなど対象でなくなったときは、入浴証をお返しください。
【お問い合わせ】
新宿区福祉部 地域包括ケア推進課
〒160-8484 新宿区歌舞伎町1-4-1', '2026-04-01T00:00:00.000Z');
insert into letter_template (kind, version, title, body, created_at) values ('annual', 1, '{年度} ふれあい入浴証の送付について', '日ごろから区の事業にご理解とご協力をいただき、ありがとうございます。これまでに申請をいただいた方に、{年度}のふれあい入浴証をお送りします。あらためての申請はいりません。
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
〒160-8484 新宿区歌舞伎町1-4-1', '2026-04-01T00:00:00.000Z');
insert into letter_template (kind, version, title, body, created_at) values ('postcard', 1, 'ふれあい入浴事業のお知らせ', '60歳になられる方へ、区内の公衆浴場を月4回まで無料でご利用いただける「ふれあい入浴証」をご案内します。
ご希望の方は、ご本人を確認できるものをお持ちのうえ、担当課または特別出張所へお越しください。60歳になる日（誕生日の前日）から申請できます。
【お問い合わせ】
新宿区福祉部 地域包括ケア推進課
〒160-8484 新宿区歌舞伎町1-4-1', '2026-04-01T00:00:00.000Z');

-- Who signs (差出人). Of several in force on a day the one that began last counts, so that a deputy (職務代理者)
-- stands in for a term and the office holder returns by himself.
create table sender_title (
  id integer primary key autoincrement, -- 番号
  starts_on text not null check (starts_on = date(starts_on)), -- 開始日
  ends_on text check (ends_on = date(ends_on)), -- 終了日
  lines text not null, -- 差出人の行
  created_at text not null check (created_at like '____-__-__T__:__:__.___Z'), -- 登録
  created_by integer references account (id), -- 登録者
  removed_at text check (removed_at like '____-__-__T__:__:__.___Z'), -- 取消
  check (ends_on is null or ends_on >= starts_on)
) strict;

insert into sender_title (starts_on, lines, created_at) values ('2000-01-01', '新宿区福祉部
地域包括ケア推進課長', '2026-04-01T00:00:00.000Z');

-- Printers whose output lies a little off (位置調整).
create table printer (
  id integer primary key autoincrement, -- 番号
  name text not null unique, -- プリンターの名前
  office_code text references office (code), -- 既定で使う場所
  offset_right integer not null default 0 check (offset_right between -200 and 200), -- 右へずらす量（0.1mm）
  offset_down integer not null default 0 check (offset_down between -200 and 200), -- 下へずらす量（0.1mm）
  is_active integer not null default 1 check (is_active in (0, 1)) -- 使用中
) strict;

create table letter_serial_counter (
  printed_on text not null check (printed_on = date(printed_on)), -- 印刷日
  office_code text not null references office (code), -- 印刷場所
  last_number integer not null, -- 最後に使った発行番号
  primary key (printed_on, office_code)
) strict;

-- Every act of printing (印刷記録). A file of a batch has its hash once it lies on the disk.
create table print_run (
  id integer primary key autoincrement, -- 番号
  kind text not null check (kind in ('letter', 'batch', 'labels', 'postcards')), -- 帳票
  title text not null, -- 表題
  file_name text not null, -- ファイル名
  pages integer not null, -- ページ数
  addressees integer not null, -- 宛名の数
  template_version integer, -- 文面の版
  sha256 text not null default '', -- PDFのSHA-256
  content text not null default '', -- 印字した内容（JSON、宛名ラベルとはがき）
  reason text not null default '', -- 印刷・再発行の理由
  printer_name text not null default '', -- プリンター
  printed_on text not null check (printed_on = date(printed_on)), -- 印刷日
  printed_at text not null check (printed_at like '____-__-__T__:__:__.___Z'), -- 印刷日時
  printed_by integer references account (id), -- 印刷者
  actor text not null, -- 利用者ID
  office_code text not null references office (code), -- 印刷場所
  terminal text not null, -- 端末
  batch_id integer, -- 一括印刷
  file_number integer -- 一括印刷のファイルの番号
) strict;

create index print_run_day on print_run (printed_on);
create index print_run_batch on print_run (batch_id, file_number);

create table letter (
  id integer primary key autoincrement, -- 番号
  pass_id integer not null references pass (id), -- 入浴証
  person_id integer not null references person (id), -- 対象者
  kind text not null check (kind in ('new', 'reissue', 'resend', 'annual')), -- 送付状の種類
  occasion text not null default '', -- 再発送のもとになった返戻日
  serial text not null unique, -- 発行番号
  print_run_id integer not null references print_run (id), -- 印刷記録
  page_number integer not null, -- ファイルの中のページ
  printed_on text not null check (printed_on = date(printed_on)), -- 印刷日
  printed_at text not null check (printed_at like '____-__-__T__:__:__.___Z'), -- 印刷日時
  printed_by integer references account (id), -- 印刷者
  office_code text not null references office (code), -- 印刷場所
  template_version integer not null, -- 文面の版
  content text not null, -- 印字した内容（JSON）
  reprint_reason text not null default '' -- 再発行の理由
) strict;

-- One first print for each purpose; another print has its reason.
create unique index letter_first on letter (pass_id, kind, occasion) where reprint_reason = '';
create index letter_pass on letter (pass_id);
create index letter_person on letter (person_id);
create index letter_day on letter (printed_on);
create index letter_run on letter (print_run_id, page_number);

-- Labels and postcards name nobody but in the text they were drawn from: here is who is on them, and who was left out.
create table print_run_person (
  print_run_id integer not null references print_run (id), -- 印刷記録
  ordinal integer not null, -- 順番
  person_id integer not null references person (id), -- 対象者
  pass_id integer references pass (id), -- 入浴証（はがきにはない）
  problem text not null default '' check (problem in ('', 'character', 'overflow', 'address', 'protected')), -- 除いた理由の種類（印字した人は空）
  sentence text not null default '', -- 除いた理由
  primary key (print_run_id, ordinal)
) strict;

create index print_run_person_person on print_run_person (person_id);

-- What could not be printed (印刷保留): characters, length (文字超過), no address.
create table letter_held (
  id integer primary key autoincrement, -- 番号
  paper text not null check (paper in ('letter', 'labels', 'postcards')), -- 帳票
  pass_id integer references pass (id), -- 入浴証（はがきにはない）
  person_id integer not null references person (id), -- 対象者
  problem text not null check (problem in ('character', 'overflow', 'address')), -- 理由の種類
  sentence text not null, -- 理由
  held_at text not null check (held_at like '____-__-__T__:__:__.___Z'), -- 保留した日時
  held_by integer references account (id), -- 印刷しようとした職員
  settled_at text check (settled_at like '____-__-__T__:__:__.___Z') -- 印刷できた日時
) strict;

create index letter_held_pass on letter_held (pass_id);
create index letter_held_person on letter_held (person_id);
create index letter_held_open on letter_held (problem, settled_at);

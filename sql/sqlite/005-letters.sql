-- Cover letters (送付状) as printed: what was sent, in which words, by whom.

create table letter (
  id integer primary key autoincrement,
  pass_id integer not null references pass (id), -- 入浴証
  person_id integer not null references person (id), -- 対象者
  kind text not null check (kind in ('new', 'reissue', 'resend', 'annual')), -- 送付状の種類
  serial text not null unique, -- 発行番号
  printed_on text not null check (printed_on = date(printed_on)), -- 印刷日
  printed_at text not null check (printed_at like '____-__-__T__:__:__.___Z'), -- 印刷日時
  printed_by integer references account (id), -- 印刷者
  office_code text not null references office (code), -- 印刷場所
  template_version integer not null, -- 文面の版
  content text not null, -- 印字した内容（JSON）
  reprint_reason text not null default '' -- 再発行の理由
) strict;

create index letter_pass on letter (pass_id);
create index letter_person on letter (person_id);
create index letter_day on letter (printed_on);

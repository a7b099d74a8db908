-- The daily processing list (日別処理状況リスト) of a business day, checked by one person and closed by another.

create table daily_list_close (
  business_on date not null primary key, -- 業務日
  checked_by int not null references account (id), -- 照合した職員
  checked_at datetime2(3) not null, -- 照合した日時
  checked_sequence int not null, -- 照合したときの操作記録の末尾
  acts int not null, -- 処理の件数
  closed_by int references account (id), -- 締めた職員
  closed_at datetime2(3), -- 締めた日時
  head_sequence int, -- 紙に載せた操作記録の末尾の通し番号
  head_hash nvarchar(64) collate Japanese_XJIS_140_BIN2, -- 同 ハッシュ
  sha256 nvarchar(64) collate Japanese_XJIS_140_BIN2, -- 締めたリストのSHA-256
  content varbinary(max), -- 締めたリスト（PDF）
  check ((closed_at is null and closed_by is null and content is null)
      or (closed_at is not null and closed_by is not null and content is not null)),
  check (closed_by is null or closed_by <> checked_by)
);

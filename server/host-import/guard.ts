import type { ControlTotals, ExtractSummary } from './read-extract.ts';
import { FileRefused } from './refusal.ts';

// When a file is not taken at all, whoever asks for it. What is sound but beyond the ordinary is held for
// a second person instead (plausibility.ts).

const MALFORMED_SHARE = 0.001;

const UNCHANGED = '取り込みませんでした。台帳は変わっていません。';
const ASK_HOST = '情報システム課に、抽出条件と転送の確認、ファイルの再作成を依頼してください。';

/** Throws FileRefused unless what was read is what the trailer states, and rows are sound. */
export function requireTotals({ counted, stated, malformed }: ExtractSummary): void {
  if (counted.rows === 0)
    throw new FileRefused(`ファイルに対象者が1人も載っていないため、${UNCHANGED}${ASK_HOST}`);
  if (malformed > counted.rows * MALFORMED_SHARE) {
    throw new FileRefused(
      `項目数の合わない行が${malformed}行（${counted.rows}行中）あるため、${UNCHANGED}` +
        `不備の一覧を添えて、${ASK_HOST}`,
    );
  }
  const labels: Record<keyof ControlTotals, string> = {
    rows: '件数',
    elderly: '高齢の件数',
    disabled: '障害の件数',
    child: '児童の件数',
    checksum: '住民番号の合計',
  };
  const differing = (Object.keys(labels) as (keyof ControlTotals)[]).filter(
    (key) => stated?.[key] !== undefined && counted[key] !== stated[key],
  );
  if (differing.length > 0) {
    const what = differing
      .map((key) => `${labels[key]}は トレーラー ${stated?.[key]}、読込 ${counted[key]}`)
      .join('。');
    throw new FileRefused(
      `トレーラーの合計と読み込んだ内容が合わないため（${what}）、${UNCHANGED}${ASK_HOST}`,
    );
  }
}

/** Throws FileRefused when somebody stands on more than one row. */
export function requireNoDuplicates(duplicates: readonly { residentNumber: string; rows: number }[]): void {
  if (duplicates.length === 0) return;
  throw new FileRefused(
    `同じ住民番号が2行以上にあるため（少なくとも${duplicates.length}人）、${UNCHANGED}${ASK_HOST}`,
  );
}

import type { Comparison } from './compare.ts';
import type { ControlTotals, ExtractSummary } from './read-extract.ts';
import { FileRefused } from './refusal.ts';

// When a file is not taken. The limits stand between a wrong extract and the register: a list that lost
// people would send 要確認 to clerks by the thousand, and later letters to nobody.

const MALFORMED_SHARE = 0.001;
const REJECTED_SHARE = 0.001;
const LOSS_PEOPLE = 500;
const LOSS_SHARE = 0.01;
const TOTAL_SHARE = 0.03;

const UNCHANGED = '取り込みませんでした。台帳は変わっていません。';
const ASK_HOST = '情報システム課に、抽出条件と転送の確認、ファイルの再作成を依頼してください。';

/** Throws FileRefused unless what was read is what the trailer states, and rows are sound. */
export function requireTotals({ counted, stated, malformed, rejected }: ExtractSummary): void {
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
    (key) => counted[key] !== stated[key],
  );
  if (differing.length > 0) {
    const what = differing
      .map((key) => `${labels[key]}は トレーラー ${stated[key]}、読込 ${counted[key]}`)
      .join('。');
    throw new FileRefused(
      `トレーラーの合計と読み込んだ内容が合わないため（${what}）、${UNCHANGED}${ASK_HOST}`,
    );
  }
  if (rejected > counted.rows * REJECTED_SHARE) {
    throw new FileRefused(
      `不備のある行が${rejected}行（${counted.rows}行中）あり、0.1%の限度を超えるため、${UNCHANGED}` +
        `不備の一覧を添えて、${ASK_HOST}`,
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

/** Throws FileRefused when the comparison would take more people off the register than a half-month does. */
export function requirePlausible(comparison: Comparison): void {
  const { activeBefore, gone, endedActive, returned } = comparison;
  if (activeBefore === 0) return;
  const lost = gone + endedActive;
  const limit = Math.max(LOSS_PEOPLE, Math.floor(activeBefore * LOSS_SHARE));
  if (lost > limit) {
    throw new FileRefused(
      `対象から外れる人が${lost}人（消滅${gone}人、転出・死亡等${endedActive}人）で、限度の${limit}人を超えるため、` +
        `${UNCHANGED}${ASK_HOST}`,
    );
  }
  const after = activeBefore - lost + comparison.new + returned;
  if (Math.abs(after - activeBefore) > activeBefore * TOTAL_SHARE) {
    throw new FileRefused(
      `対象者の総数が${activeBefore}人から${after}人に変わり、3%の限度を超えるため、${UNCHANGED}${ASK_HOST}`,
    );
  }
}

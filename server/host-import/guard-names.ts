import type { Guard, GuardFigure } from './plausibility.ts';

/** How each limit is called, and which differences show what went over it. */
export const GUARD_NAMES: Readonly<
  Record<Guard, { label: string; unit: string; fields: readonly string[] }>
> = {
  lost: { label: '対象から外れる人', unit: '人', fields: ['outcome'] },
  elderly: { label: '高齢の人の減少', unit: '人', fields: ['is_elderly', 'outcome'] },
  disabled: { label: '障害の人の減少', unit: '人', fields: ['is_disabled', 'outcome'] },
  child: { label: '児童の人の減少', unit: '人', fields: ['is_child', 'outcome'] },
  total: { label: '対象者の総数の増減', unit: '人', fields: ['outcome'] },
  names: { label: '氏名の変わる人', unit: '人', fields: ['name'] },
  addresses: { label: '住所の変わる人', unit: '人', fields: ['address', 'building', 'postal_code'] },
  births: { label: '生年月日の変わる人', unit: '人', fields: ['birth_code', 'birth_wareki'] },
  sexes: { label: '性別の変わる人', unit: '人', fields: ['sex'] },
  rejected: { label: '不備のある行', unit: '行', fields: [] },
  ages: { label: '年齢構成の動き', unit: '人', fields: ['birth_code', 'outcome'] },
};

/** A figure over its limit in words: 氏名の変わる人 612人（限度445人）. */
export function describeOver({ guard, figure, limit, note }: GuardFigure): string {
  const { label, unit } = GUARD_NAMES[guard];
  const more = note === '' ? '' : `、${note}`;
  return `${label} ${figure.toLocaleString('ja-JP')}${unit}（限度${limit.toLocaleString('ja-JP')}${unit}${more}）`;
}

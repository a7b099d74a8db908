import type { LetterSubject } from './subject.ts';

/**
 * Why no letter may be printed for a pass as it stands, as a sentence; undefined when it may. The one place that
 * says so: for a letter on its own, for one among many (`bulk`: batches, labels, postcards) and for the preview.
 */
export function findPrintProblem(
  { status, excludedOn, goneOn, isProtected }: PrintState,
  manner: 'single' | 'bulk' = 'single',
): string | undefined {
  if (status !== 'valid') {
    return 'この入浴証は有効でないため、送付状を印刷しませんでした。有効な入浴証の行から印刷してください。';
  }
  if (excludedOn !== null || goneOn !== null) {
    return 'この人は除外または要確認のため、送付状を印刷しませんでした。資格を確かめてから印刷してください。';
  }
  if (isProtected === 1 && manner === 'bulk') {
    return '支援措置等の注意のある人のため、一括では印刷しませんでした。個人票で送付先を確かめ、1通ずつ印刷してください。';
  }
  return undefined;
}

export type PrintState = Pick<LetterSubject, 'status' | 'excludedOn' | 'goneOn' | 'isProtected'>;

/**
 * Digits, letters and marks as typed with the input method left on, made half width: ２６ー１２３ → 26-123. Every dash
 * becomes a hyphen, the long vowel mark ー as well unless it stands behind kana: a telephone number may say whose it is,
 * 03-1234-5678（ヘルパー）. Without spaces at the ends.
 */
export function halfWidth(typed: string): string {
  return typed
    .normalize('NFKC')
    .replace(/[‐‑‒–—―−]|(?<![ぁ-ヺー])ー/g, '-')
    .trim();
}

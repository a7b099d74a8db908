/**
 * Digits, letters and marks as typed with the input method left on, made half width: ２６ー１２３ → 26-123. Every dash
 * becomes a hyphen, the long vowel mark ー as well, so it is for numbers only. Without spaces at the ends.
 */
export function halfWidth(typed: string): string {
  return typed
    .normalize('NFKC')
    .replace(/[‐‑‒–—―−ー]/g, '-')
    .trim();
}

const HIDDEN = '＊＊＊';

/**
 * An address as it is shown until it is needed: the town with its 丁目, the rest hidden (西新宿三丁目＊＊＊). Of people
 * under protection (支援措置等) nothing is shown.
 */
export function maskAddress({ address, isProtected }: { address: string; isProtected: 0 | 1 }): string {
  if (isProtected === 1) return HIDDEN;
  const town = /^[^0-9０-９]*/u.exec(address)?.[0] ?? '';
  return `${town}${HIDDEN}`;
}

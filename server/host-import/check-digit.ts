/**
 * Whether the last digit of a resident number is its check digit: modulus 11 over the digits before it,
 * weights 2 to 7 from the lowest digit and round again; remainders 0 and 1 give 0. Numbers older than the
 * rule have none, so a wrong one is worth a warning only.
 */
export function hasRightCheckDigit(residentNumber: string): boolean {
  let sum = 0;
  let weight = 2;
  for (let at = residentNumber.length - 2; at >= 0; at -= 1) {
    sum += (residentNumber.charCodeAt(at) - 48) * weight;
    weight = weight === 7 ? 2 : weight + 1;
  }
  const remainder = sum % 11;
  const expected = remainder < 2 ? 0 : 11 - remainder;
  return residentNumber.charCodeAt(residentNumber.length - 1) - 48 === expected;
}

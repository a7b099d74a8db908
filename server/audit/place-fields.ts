/** The recorded fields that say where somebody lives or gets letters: not shown of people under protection (支援措置等). */
export const PLACE_FIELDS = [
  'postal_code',
  'address',
  'building',
  'district_code',
  'moved_on',
  'circumstance_addressee',
  'circumstance_postal_code',
  'circumstance_address',
  'circumstance_building',
];

export const HIDDEN_PLACE = '＊＊＊';

/** A recorded value as it may be shown: of a protected person nothing that tells the place. */
export function hidePlace<Value extends { field: string; oldValue: string; newValue: string }>(
  value: Value,
  isProtected: 0 | 1 | null,
): Value {
  if (isProtected !== 1 || !PLACE_FIELDS.includes(value.field)) return value;
  const hide = (text: string) => (text === '' ? '' : HIDDEN_PLACE);
  return { ...value, oldValue: hide(value.oldValue), newValue: hide(value.newValue) };
}

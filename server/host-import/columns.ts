import { sql } from 'kysely';

// The columns of a person that the host writes, as SQL names them. Clerks write none of them.

/** As they are shown and recorded. */
export const SHOWN = [
  'name',
  'kana',
  'birth_code',
  'birth_wareki',
  'birth_note',
  'sex',
  'postal_code',
  'address',
  'building',
  'district_code',
  'is_elderly',
  'is_disabled',
  'is_child',
  'child_ends_on',
  'resident_status',
  'removal_code',
  'moved_on',
] as const;

/** What follows from the others. */
export const DERIVED = [
  'birth_earliest_on',
  'birth_latest_on',
  'host_digest',
  'kana_fold',
  'given_kana_fold',
  'name_fold',
  'given_name_fold',
  'address_fold',
] as const;

/** What an import writes of a person it knows; the resident number is the key. */
export const HOST_COLUMNS = [...SHOWN, ...DERIVED] as const;

/** How each field of a difference is called on screens. */
export { FIELD_NAMES } from '../register/fields.ts';

/** The condition under which a person of the register counts as eligible: neither gone nor excluded. */
export const ACTIVE = sql<boolean>`gone_on is null and excluded_on is null`;

import { isDummyResidentNumber } from './dummy-mark.ts';
import type { ControlTotals } from './frame.ts';
import { CHECKSUM_MODULUS } from './layout.ts';
import { FIELD, type RowReading } from './read-row.ts';

/** Counts what goes by while a file is read. */
export function newTally() {
  const counts = { rejected: 0, warnings: 0, withGaiji: 0, dummies: 0, malformed: 0 };
  let rows = 0;
  let elderly = 0;
  let disabled = 0;
  let child = 0;
  // Numbers of up to 15 digits are exact in a double; what would overflow is carried into a BigInt.
  let sum = 0;
  let carried = 0n;
  return {
    counts,
    countMalformed() {
      rows += 1;
      counts.malformed += 1;
      counts.rejected += 1;
    },
    countPerson({ person, row, faults, hasGaiji }: RowReading) {
      rows += 1;
      if (person[FIELD.isElderly] === '1') elderly += 1;
      if (person[FIELD.isDisabled] === '1') disabled += 1;
      if (person[FIELD.isChild] === '1') child += 1;
      const number = person[FIELD.residentNumber]!;
      if (row === undefined) counts.rejected += 1;
      else if (isDummyResidentNumber(number)) counts.dummies += 1;
      if (hasGaiji) counts.withGaiji += 1;
      for (const { severity } of faults) if (severity === 'warning') counts.warnings += 1;
      if (!/^\d{1,15}$/.test(number)) return;
      sum += Number(number);
      if (sum > 4e15) {
        carried += BigInt(sum);
        sum = 0;
      }
    },
    totals: (): ControlTotals => ({
      rows,
      elderly,
      disabled,
      child,
      checksum: String((carried + BigInt(sum)) % CHECKSUM_MODULUS),
    }),
  };
}

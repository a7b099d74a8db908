import { expect, test } from 'vitest';
import { birthLimit, isElderly } from '../../jobs/dummy/birth.ts';
import { compact, lastExtractDate, nextExtractDate } from '../../jobs/dummy/days.ts';
import { checkDigit } from '../../jobs/dummy/resident-number.ts';
import { ageOn } from '../../server/calendar/age.ts';
import { addDays } from '../../server/calendar/local-date.ts';

test.each([
  ['000001', 9],
  ['0012345', 5],
])('the check digit of %s is %i', (body, digit) => expect(checkDigit(body)).toBe(digit));

test.each(['2024-02-28', '2024-02-29', '2025-02-27', '2025-02-28', '2026-03-31', '2026-12-31'])(
  'on %s 60 is completed by the people the law says',
  (baseOn) => {
    const limit = birthLimit(Date.parse(baseOn) / 86_400_000, 60);
    const middle = `${Number(baseOn.slice(0, 4)) - 60}-03-01`;
    for (let day = -400; day <= 400; day += 1) {
      const birthOn = addDays(middle, day);
      expect([birthOn, isElderly(compact(birthOn), limit)]).toEqual([birthOn, ageOn(birthOn, baseOn) >= 60]);
    }
  },
);

test.each([
  ['2026-10-31', '2026-11-15', '2026-10-15'],
  ['2027-02-15', '2027-02-28', '2027-01-31'],
  ['2028-02-16', '2028-02-29', '2028-02-15'],
  ['2027-12-31', '2028-01-15', '2027-12-15'],
  ['2027-01-03', '2027-01-15', '2026-12-31'],
])('after %s the host writes on %s, and wrote before it on %s', (date, next, last) => {
  expect([nextExtractDate(date), lastExtractDate(date)]).toEqual([next, last]);
});

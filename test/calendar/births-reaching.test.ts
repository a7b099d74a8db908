import { describe, expect, test } from 'vitest';
import { AGE_RULES, birthsReaching, latestBirthAged, reachesAgeOn } from '../../server/calendar/age.ts';
import { addDays } from '../../server/calendar/local-date.ts';
import { readRules } from './read-rules.ts';

describe('the birth dates with which an age is reached in a period', () => {
  test.each(readRules<string>('calendar/births-reaching.csv'))('%s', (_note, rule) => {
    expect(birthsReaching(Number(rule.年齢), rule.初日!, rule.末日!)).toEqual({
      firstOn: rule.最初の生年月日,
      lastOn: rule.最後の生年月日,
    });
  });

  test.each(AGE_RULES)('are the last and the first of those who have reached it, by the rule %s', (rule) => {
    for (const on of ['2024-02-28', '2024-02-29', '2025-02-28', '2026-03-31', '2026-04-01', '2026-12-31']) {
      for (const age of [5, 60, 65, 100]) {
        const latest = latestBirthAged(age, on, rule);
        expect(reachesAgeOn(latest, age, rule) <= on, `${age} on ${on}: ${latest}`).toBe(true);
        expect(reachesAgeOn(addDays(latest, 1), age, rule) > on, `${age} on ${on}: ${latest}`).toBe(true);
      }
    }
  });
});

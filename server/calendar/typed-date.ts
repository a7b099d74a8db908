import { ERAS } from './eras.ts';

const NAMES = ERAS.flatMap((era) => [era.name, era.short, era.letter]).join('|');
const CODES = ERAS.map((era) => era.code).join('');
const ERA_SHAPES = [
  new RegExp(`^(${NAMES})\\.?(\\d{1,2})\\.(\\d{1,2})\\.(\\d{1,2})$`),
  new RegExp(`^(${NAMES})\\.?(\\d{2})(\\d{2})(\\d{2})$`),
  new RegExp(`^([${CODES}])(\\d{2})(\\d{2})(\\d{2})$`),
];
const WESTERN_SHAPES = [/^(\d{4})\.(\d{1,2})\.(\d{1,2})$/, /^(\d{4})(\d{2})(\d{2})$/];
const ERA_PERIOD_SHAPES = [
  new RegExp(`^(${NAMES})\\.?(\\d{1,2})(?:\\.(\\d{1,2}))?$`),
  new RegExp(`^(${NAMES})(\\d{2})(\\d{2})$`),
];
const WESTERN_PERIOD_SHAPES = [/^(\d{4})(?:\.(\d{1,2}))?$/];
const SHAPES_WITHOUT_ERA = [/^(\d{1,2})\.(\d{1,2})\.(\d{1,2})$/, /^(\d{2})(\d{2})(\d{2})$/];

/**
 * What was typed with width, case and marks made one: '昭和３３年４月１日生' → '昭和33.4.1', 's330401' → 'S330401'.
 */
export function tidyTyped(text: string): string {
  return text
    .normalize('NFKC')
    .toUpperCase()
    .replace(/^\s*西暦/, '')
    .replace('元', '1')
    .replace(/日?(生まれ|生)?\s*$/, '')
    .replace(/[年月/.,、。・\s\-‐‑‒–—―−ー]+/g, '.')
    .replace(/^\.|\.$/g, '');
}

/** [whole, era mark, year, month, day] of a tidied text with an era: S33.4.1, 昭和33.4.1, S330401, 3330401. */
export function matchEraShape(tidied: string): RegExpExecArray | undefined {
  return matchFirst(tidied, ERA_SHAPES);
}

/** [whole, year, month, day] of a tidied 西暦 date: 1958.4.1, 19580401. */
export function matchWesternShape(tidied: string): RegExpExecArray | undefined {
  return matchFirst(tidied, WESTERN_SHAPES);
}

/** [whole, era year, month, day] of a tidied date whose era is left out: 33.4.1, 330401. */
export function matchShapeWithoutEra(tidied: string): RegExpExecArray | undefined {
  return matchFirst(tidied, SHAPES_WITHOUT_ERA);
}

/** [whole, era mark, year, month] of a tidied year or month with an era, the month perhaps undefined: S33, S33.4, S3304. */
export function matchEraPeriod(tidied: string): RegExpExecArray | undefined {
  return matchFirst(tidied, ERA_PERIOD_SHAPES);
}

/** [whole, year, month] of a tidied 西暦 year or month, the month perhaps undefined: 1958, 1958.4. */
export function matchWesternPeriod(tidied: string): RegExpExecArray | undefined {
  return matchFirst(tidied, WESTERN_PERIOD_SHAPES);
}

function matchFirst(text: string, shapes: readonly RegExp[]): RegExpExecArray | undefined {
  for (const shape of shapes) {
    const match = shape.exec(text);
    if (match) return match;
  }
  return undefined;
}

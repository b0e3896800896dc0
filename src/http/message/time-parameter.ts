import { Failure, shorten } from '../../errors.ts';

const units: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** What such a parameter looks like; not every text of this shape is a time. */
export const timePattern = /^(?:\d{1,6}[smhd]|\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:\d\d))?)$/;

/** An ISO 8601 time, or how long ago: `7d`. Milliseconds since 1970; throws `bad-request` naming the word. */
export function readTime(word: string, text: string): number {
  const [, count, unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  if (count !== undefined) return Date.now() - Number(count) * (units[unit] ?? 0);
  const time = /^\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:\d\d))?$/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(time) && isDay(text.slice(0, 10))) return time;
  throw new Failure(
    'bad-request',
    `Expected ${word} as a time (2026-01-31T12:00:00Z) or an age (7d) but received "${shorten(text)}"`,
  );
}

/** No thirty-first of February, which would be read as a day of March. */
function isDay(text: string): boolean {
  return new Date(`${text}T00:00:00Z`).toISOString().startsWith(text);
}

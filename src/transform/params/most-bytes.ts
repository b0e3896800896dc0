import { type Parameter, readInteger } from './param.ts';

/** Renard's series R20: twenty steps a decade, so that a client cannot have a search made and remembered for every thousand. */
const steps = [
  100, 112, 125, 140, 160, 180, 200, 224, 250, 280, 315, 355, 400, 450, 500, 560, 630, 710, 800, 900,
] as const;

/** The largest step that is no larger, in whole thousands: below 10 thousand these are the steps. */
function stepBelow(thousands: number): number {
  const decade = 10 ** (String(thousands).length - 3);
  const step = steps.findLast((candidate) => Math.floor(candidate * decade) <= thousands) ?? steps[0];
  return Math.floor(step * decade);
}

const units: Readonly<Record<string, number>> = { k: 1000, m: 1_000_000 };

export const maxBytes: Parameter<number> = {
  key: 'mb',
  name: 'most bytes',
  meaning:
    'The most bytes the answer may have: jpg, webp and avif come in the highest quality that fits, or the lowest there is; a long animation in one of a few, so that it comes in time.',
  values:
    'an integer with k or m (thousands or millions of bytes) from 1k to 50m, rounded down to one of 20 steps a decade',
  fallback: 'as many as the quality takes',
  samples: ['50k', '1k', '50m', '1400k', '1000k'],
  wrong: ['0k', '51m', '50001k', '50', '1.5m', '50K', 'k', '50kb', ''],
  place: 'once',
  control: { kind: 'text', choices: ['20k', '50k', '100k', '200k', '500k', '1m'] },
  parse(text) {
    const unit = units[text.slice(-1)];
    const count = unit === undefined ? null : readInteger(text.slice(0, -1), 1, 50_000);
    const bytes = unit === undefined || count === null ? null : count * unit;
    return bytes !== null && bytes <= 50_000_000 ? 1000 * stepBelow(bytes / 1000) : null;
  },
  print: (value) => (value % 1_000_000 === 0 ? `${value / 1_000_000}m` : `${value / 1000}k`),
};

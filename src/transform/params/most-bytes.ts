import { type Parameter, readInteger } from './param.ts';

const units: Readonly<Record<string, number>> = { k: 1000, m: 1_000_000 };

export const maxBytes: Parameter<number> = {
  key: 'mb',
  name: 'most bytes',
  meaning:
    'The most bytes the answer may have: jpg, webp and avif come in the highest quality that fits, or the lowest there is; a long animation in one of a few, so that it comes in time.',
  values: 'an integer with k or m (thousands or millions of bytes) from 1k to 50m',
  fallback: 'as many as the quality takes',
  samples: ['50k', '1k', '50m', '1500k', '1000k'],
  wrong: ['0k', '51m', '50001k', '50', '1.5m', '50K', 'k', '50kb', ''],
  place: 'once',
  control: { kind: 'text', choices: ['20k', '50k', '100k', '200k', '500k', '1m'] },
  parse(text) {
    const unit = units[text.slice(-1)];
    const count = unit === undefined ? null : readInteger(text.slice(0, -1), 1, 50_000);
    const bytes = unit === undefined || count === null ? null : count * unit;
    return bytes !== null && bytes <= 50_000_000 ? bytes : null;
  },
  print: (value) => (value % 1_000_000 === 0 ? `${value / 1_000_000}m` : `${value / 1000}k`),
};
